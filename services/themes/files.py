"""Posts from a file of JSON lines, and outputs that are written whole or not at all."""

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import orjson

from soundings.services.domain.posts import PostKind
from soundings.services.domain.themes import ThemePost

_KINDS = {kind.value: kind for kind in PostKind} | {"retweet": PostKind.REPOST}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is no post. Says nothing of its content, which may be somebody's words."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePost:
    post: ThemePost
    ours: bool
    """Written by one of the department's own accounts: a statement, not what people say."""


def read_posts(path: Path) -> Iterator[FilePost | BadLine]:
    """Posts of a file of JSON lines (`.gz` or plain) in its order; blank lines are passed over.

    Raises:
        OSError: the file cannot be read, or is not gzip where its name says so.
    """
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield parse(orjson.loads(line))
            except orjson.JSONDecodeError:
                yield BadLine(line=number, reason="not JSON")
            except ValueError as error:
                yield BadLine(line=number, reason=str(error))


def parse(row: object) -> FilePost:
    """A post from its fields; only `id` and `text` must be there, others may be missing or null.

    Raises:
        ValueError: what is wrong with which field.
    """
    if not isinstance(row, dict):
        raise ValueError("not an object")
    identifier, text = row.get("id"), row.get("text")
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    if not isinstance(identifier, str) or not identifier:
        raise ValueError("id is missing or neither text nor a number")
    if not isinstance(text, str):
        raise ValueError("text is missing or not text")
    voice, lang = row.get("author"), row.get("lang")
    return FilePost(
        post=ThemePost(
            id=identifier,
            text=text,
            created_at=_time(row.get("created_at")),
            voice=voice if isinstance(voice, str) else "",
            kind=_KINDS.get(str(row.get("kind")), PostKind.ORIGINAL),
            lang=lang if isinstance(lang, str) else None,
        ),
        ours=bool(row.get("own_account")),
    )


def _time(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("created_at is not text")
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("created_at is no ISO 8601 time") from None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when the block has ended well, and not at all otherwise."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as handle:
        try:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
            # NamedTemporaryFile makes files that only their owner may read; the usual rights are the umask's.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(handle.name, 0o666 & ~mask)
            os.replace(handle.name, path)
        except BaseException:
            os.unlink(handle.name)
            raise
