"""Replay of an archive: as fast as possible, or at a multiple of the speed at which it happened."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.posts import Tick
from soundings.services.intake.archive import ArchiveError, Line, read_archive, ticked
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.streams.sources.csv_rows import read_csv
from soundings.streams.sources.forms import Form, form_of
from soundings.streams.sources.source import Delivered, SourceFailed, SourceStatus
from soundings.streams.sources.x_archive import read_x_pages

TICK_EVERY = 1.0
"""Seconds of the wall clock between ticks of a paced replay: minutes are decided when they would have been."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a replay goes."""

    speed: float | None = None
    """Event seconds a second; None: as fast as possible."""
    until: datetime | None = None
    """From this time on as fast as possible, whatever the speed: the night after a demonstration's storm."""

    def applies(self, at: datetime) -> bool:
        return self.speed is not None and (self.until is None or at < self.until)


class Replay:
    """A file as a source. Its cursor is the number of the last record delivered: a line, a row, a post on a page."""

    live = False

    def __init__(
        self,
        path: Path,
        book: AccountBook,
        pseudonyms: Pseudonyms,
        pace: Pace,
        *,
        clock: Callable[[], float] = time.monotonic,
        form: Form = Form.AUTO,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        """`columns`: column of each field, where a CSV file calls them otherwise."""
        self._form = form
        self._columns = columns or {}
        self.name = f"replay:{path.name}:{fingerprint(path)}"
        self._path = path
        self._book = book
        self._pseudonyms = pseudonyms
        self._pace = pace
        self._clock = clock
        self._stop = threading.Event()

    def events(self, cursor: str) -> Iterator[Delivered | Tick]:
        pacer = _Pacer(self._pace, self._clock, self._stop, self.name)
        after, now = int(cursor or 0), datetime.now(UTC)
        ended = False
        try:
            for event in self._lines(after, now):
                if self._stop.is_set():
                    return
                if isinstance(event, Tick):
                    yield from pacer.until(event.time)
                    yield event
                    ended = event.ended
                else:
                    if event.post is not None:
                        yield from pacer.until(event.post.created_at)
                    yield _delivered(event)
            if after and not ended:
                yield from self._last_tick(now)
        except ArchiveError as error:
            raise SourceFailed(str(error)) from error

    def _last_tick(self, now: datetime) -> Iterator[Tick]:
        """The file's end once more: killed after its last post, a replay may not have told it."""
        yield from deque((event for event in self._lines(0, now) if isinstance(event, Tick)), maxlen=1)

    def _lines(self, after: int, now: datetime) -> Iterator[Line | Tick]:
        form = form_of(self._path) if self._form is Form.AUTO else self._form
        if form is Form.JSONL:
            return read_archive(self._path, self._book, self._pseudonyms, self.name, now=now, after_line=after)
        if form is Form.CSV:
            lines = read_csv(self._path, self._columns, self._book, self._pseudonyms, self.name, now)
        else:
            lines = read_x_pages(self._path, self._book, self._pseudonyms, self.name, now)
        return ticked((line for line in lines if line.number > after), self.name)

    def status(self) -> SourceStatus:
        return SourceStatus(name=self.name, connected=not self._stop.is_set())

    def close(self) -> None:
        self._stop.set()


def fingerprint(path: Path) -> str:
    """Eight hexadecimal digits of the file's size and first megabyte: another file of the same name is another source.

    Raises:
        SourceFailed: the file cannot be read.
    """
    try:
        with path.open("rb") as handle:
            head = handle.read(1 << 20)
        return sha256(f"{path.stat().st_size}:".encode() + head).hexdigest()[:8]
    except OSError as error:
        raise SourceFailed(f"{path}: {error.strerror or error}") from error


def _delivered(line: Line) -> Delivered:
    return Delivered(cursor=str(line.number), raw=line.raw, post=line.post, problem=line.problem)


class _Pacer:
    """Waits until a time of the archive has come, ticking meanwhile."""

    def __init__(self, pace: Pace, clock: Callable[[], float], stop: threading.Event, source: str) -> None:
        self._pace = pace
        self._clock = clock
        self._stop = stop
        self._source = source
        self._began: tuple[datetime, float] | None = None

    def until(self, at: datetime) -> Iterator[Tick]:
        if not self._pace.applies(at) or self._pace.speed is None:
            return
        if self._began is None:
            self._began = (at, self._clock())
        start, began = self._began
        due = began + (at - start).total_seconds() / self._pace.speed
        while (left := due - self._clock()) > 0 and not self._stop.is_set():
            self._stop.wait(min(left, TICK_EVERY))
            passed = start + timedelta(seconds=(self._clock() - began) * self._pace.speed)
            if passed < at:
                yield Tick(source=self._source, time=passed, live=False)
