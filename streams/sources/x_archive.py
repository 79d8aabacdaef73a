"""Pages of the X API v2 in a file, as twarc and others keep them: one page a line, or one page that is the file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.posts import Post
from soundings.services.intake.archive import ArchiveError, Line, numbered_lines, open_archive
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import Malformed
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.wire import Frame, Problem
from soundings.streams.sources.x_events import XReader

LONGEST_PAGE = 64 * 1024 * 1024
"""Bytes of a page; one of 500 posts with everything that came with them has some 5 MB."""


def read_x_pages(path: Path, book: AccountBook, pseudonyms: Pseudonyms, source: str, now: datetime) -> Iterator[Line]:
    """The posts of all pages in the order of time, numbered from 1; a post that is on several pages comes each time.

    Pages of a search run from the newest post to the oldest, a replay must not: so all posts are held in memory, some
    2 kB each. What is no post comes first.

    Raises:
        ArchiveError: the file cannot be read.
    """
    reader = XReader(book, pseudonyms, KnownPosts(None, now.date(), timedelta(0)), source)
    found: list[tuple[datetime, bytes, Post | Problem]] = []
    for raw in _pages(path):
        try:
            events = reader.read(Frame(raw=raw), now).events
        except Malformed as problem:
            events = (Problem(why=str(problem), raw=raw),)
        for event in events:
            if isinstance(event, Post):
                found.append((event.created_at, b"", event))
            elif isinstance(event, Problem):
                found.append((datetime.min.replace(tzinfo=UTC), event.raw or raw, event))
    found.sort(key=lambda each: each[0])
    for number, (_, content, event) in enumerate(found, 1):
        if isinstance(event, Post):
            yield Line(number=number, raw=content, post=event)
        else:
            yield Line(number=number, raw=content, problem=event.why)


def _pages(path: Path) -> Iterator[bytes]:
    try:
        with open_archive(path) as handle:
            whole = handle.read(LONGEST_PAGE)
    except (OSError, EOFError) as error:
        raise ArchiveError(f"{path}: cannot be read ({type(error).__name__})") from error
    if len(whole) < LONGEST_PAGE and b"\n" in whole.strip() and _is_json(whole):
        yield whole  # one page, written over several lines
    else:
        yield from (raw for _, raw in numbered_lines(path, LONGEST_PAGE))


def _is_json(content: bytes) -> bool:
    try:
        orjson.loads(content)
    except orjson.JSONDecodeError:
        return False
    return True
