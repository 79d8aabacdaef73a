"""The pinned jars: Maven coordinates, file names, sizes and SHA-256 sums, as `jars.lock` in this package has them."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).with_name("jars.lock")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Jar:
    coordinate: str
    """group:artifact:version, or group:artifact:version:classifier."""
    file: str
    sha256: str
    size: int
    """Bytes."""


Servers = dict[str, tuple[Jar, ...]]
"""The jars of each part: `kafka`, `elasticsearch`, `transport-netty4`."""


def read_lock(path: Path = LOCK) -> Servers:
    """The lock file's jars by part.

    Raises:
        KeyError, ValueError: the file is not a lock file.
    """
    parts = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        part: tuple(
            Jar(coordinate=row["coordinate"], file=row["file"], sha256=row["sha256"], size=row["size"]) for row in rows
        )
        for part, rows in parts.items()
    }


def written(servers: Servers) -> str:
    """The text of a lock file: one line a jar, so that a change of version reads well in a diff."""
    lines = [
        "# Every jar of the embedded stack. Made by `python -m soundings.deploy.local.relock`; not edited by hand.",
    ]
    for part, jars in servers.items():
        lines.append(f"\n{part} = [")
        lines += [
            f'  {{ coordinate = "{jar.coordinate}", file = "{jar.file}", size = {jar.size}, sha256 = "{jar.sha256}" }},'
            for jar in sorted(jars)
        ]
        lines.append("]")
    return "\n".join(lines) + "\n"


def sha256_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def every(servers: Servers) -> tuple[Jar, ...]:
    """All jars, each once: parts share some."""
    return unique(jar for jars in servers.values() for jar in jars)


def unique(jars: Iterable[Jar]) -> tuple[Jar, ...]:
    return tuple({jar.file: jar for jar in jars}.values())
