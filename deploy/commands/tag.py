"""`soundings tag`: language, sentiment, hostility, offence and speech acts of each post in a file."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

LINES_NAMED = 20
"""Malformed lines that are named; of a file that is all wrong nobody reads more."""


def tag(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="Posts, JSON Lines, also .gz; `text` must be there"
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where a line for each line goes: written whole or not at all")],
) -> None:
    """Tag each post of a file; a malformed line becomes {"error": …} and the exit code 1."""
    import zlib

    from soundings.services.tagging.files import Malformed, tag_lines
    from soundings.services.tagging.tagger import load_tagger

    malformed: list[Malformed] = []
    lines = 0
    try:
        with _whole(out) as target, _shown(file) as source:
            for tagged in tag_lines(source, load_tagger()):
                target.write(tagged.json)
                lines += 1
                if tagged.malformed:
                    malformed.append(tagged.malformed)
    except (OSError, EOFError, zlib.error) as error:
        typer.echo(f"soundings tag: {error}; {out} was not written", err=True)
        raise typer.Exit(1) from None
    for bad in malformed[:LINES_NAMED]:
        typer.echo(f"{file}:{bad.line}: {bad.reason}", err=True)
    if len(malformed) > LINES_NAMED:
        typer.echo(f"{file}: {len(malformed) - LINES_NAMED:,} more lines are malformed", err=True)
    typer.echo(f"{lines - len(malformed):,} posts tagged, {len(malformed):,} lines malformed", err=True)
    if malformed:
        raise typer.Exit(1)


@contextmanager
def _shown(file: Path) -> Iterator[Iterable[bytes]]:
    """The lines of a file, unpacked if its name ends in .gz, with a bar over its bytes if somebody watches."""
    import gzip

    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        with progress.open(file, "rb", description="Tagging") as packed:
            if file.suffix != ".gz":
                yield packed
                return
            with gzip.open(packed, "rb") as unpacked:
                yield unpacked


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` at the end, or leaves no trace."""
    import os

    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as target:
            yield target
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
