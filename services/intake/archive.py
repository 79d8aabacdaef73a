"""An archive of posts: JSON Lines, also compressed with gzip, in the order of time (docs/archive-format.md)."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.posts import Post, Tick
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import Malformed, parse_row

MAX_LINE = 4 * 1024 * 1024
"""Bytes; the longest real line, a post with all of X's expansions, is under 100 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one line: exactly one of `post` and `problem` is set."""

    number: int
    """From 1: the line's position in the file."""
    raw: bytes
    """The line, for the quarantine; at most MAX_LINE bytes of it."""
    post: Post | None = None
    problem: str | None = None
    """Why the line is no post. Never quotes it."""


class ArchiveError(Exception):
    """The file cannot be read on; the message says where and why. What was read before it stands."""


def read_archive(
    path: Path, book: AccountBook, pseudonyms: Pseudonyms, source: str, *, now: datetime, after_line: int = 0
) -> Iterator[Line | Tick]:
    """Lines of the file and a tick for each minute that has passed in it; blank lines are skipped.

    A tick comes before the first post of a later minute and says that everything before that minute was delivered.
    A line that is out of order moves no tick: it is late. The last tick stands at the last post and ends the source.

    Args:
        now: the wall clock; a post from after it is malformed.
        after_line: lines up to this number are skipped (a replay goes on where it was killed).

    Raises:
        ArchiveError: the file is missing, cut off, or no gzip though its name says so.
    """
    lines = (
        _parse(number, raw, book, pseudonyms, source, now)
        for number, raw in numbered_lines(path)
        if number > after_line
    )
    yield from ticked(lines, source)


def ticked(lines: Iterable[Line], source: str) -> Iterator[Line | Tick]:
    """The lines with a tick for each minute that has passed, as `read_archive` says; the last one ends the source."""
    latest: datetime | None = None
    for line in lines:
        if line.post is not None:
            at = line.post.created_at
            minute = at.replace(second=0, microsecond=0)
            if latest is None or minute > latest.replace(second=0, microsecond=0):
                yield Tick(source=source, time=minute, live=False)
            latest = max(latest, at) if latest else at
        yield line
    if latest is not None:
        end = latest.replace(second=0, microsecond=0) + timedelta(minutes=1)
        yield Tick(source=source, time=end, live=False, ended=True)


def _parse(number: int, raw: bytes, book: AccountBook, pseudonyms: Pseudonyms, source: str, now: datetime) -> Line:
    if len(raw) >= MAX_LINE:
        return Line(number=number, raw=raw, problem=f"longer than {MAX_LINE} bytes")
    try:
        return Line(number=number, raw=raw, post=parse_row(raw, book, pseudonyms, source, now))
    except Malformed as problem:
        return Line(number=number, raw=raw, problem=str(problem))


def numbered_lines(path: Path, longest: int = MAX_LINE) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; what is longer than `longest` is cut, so that no line can exhaust the memory.

    Raises:
        ArchiveError: the file is missing, cut off, or no gzip though its name says so.
    """
    try:
        with closing(open_archive(path)) as handle:
            number = 0
            while raw := handle.readline(longest):
                number += 1
                tail = raw
                while len(tail) == longest and not tail.endswith(b"\n"):
                    tail = handle.readline(longest)
                if raw.strip():
                    yield number, raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveError(f"{path}: cut off or not gzip ({error})") from error
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from error


def open_archive(path: Path) -> BinaryIO:
    """The file's bytes, unpacked if its name says that they are packed."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.name.endswith(".gz") else path.open("rb")
