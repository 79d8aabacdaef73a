"""A live source: one thread holds the connection, the other reads its frames, ticks, and never stops for a bad one."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import structlog

from soundings.services import metrics
from soundings.services.domain.posts import Post, Tick
from soundings.services.domain.redactions import Redaction
from soundings.services.intake.rows import Malformed
from soundings.streams.sources.backoff import Backoff
from soundings.streams.sources.keeper import Keeper
from soundings.streams.sources.source import Delivered, Event, Gap, Passed, SourceFailed, SourceStatus
from soundings.streams.sources.told import Told
from soundings.streams.sources.wire import (
    Alive,
    Down,
    Filled,
    Frame,
    Problem,
    Reader,
    Reading,
    Refused,
    Up,
    Wire,
)

TICK_EVERY = 5.0
"""Seconds between ticks: the delay that a quiet source adds to a decision."""

log = structlog.get_logger()


class LiveSource:
    """A platform as a source. Its cursor is a time, in microseconds since 1970: everything before it was delivered."""

    live = True

    def __init__(
        self,
        name: str,
        connect: Callable[[], Wire],
        reader: Reader,
        *,
        stamped: bool,
        settle: timedelta,
        tick_every: float = TICK_EVERY,
        backoff: Callable[[], Backoff] = Backoff,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = name
        self._connect = connect
        self._reader = reader
        self._stamped = stamped
        self._settle = settle
        self._tick_every = tick_every
        self._backoff = backoff
        self._now = now
        self._told = Told(stamped=stamped, settle=settle)
        self._keeper: Keeper | None = None  # of the newest call of `events`; a wire is used by one thread only
        self._closed = threading.Event()
        self._last_event: datetime | None = None
        self._problem = "not connected yet"
        self._connections = 0
        self._gaps = 0

    def events(self, cursor: str) -> Iterator[Event]:
        if self._keeper is not None:
            self._keeper.stop()
        told = self._told = Told(stamped=self._stamped, settle=self._settle, time=_time(cursor, self.name))
        keeper = self._keeper = Keeper(self.name, self._connect(), self._backoff(), lambda: told.time)
        keeper.start()
        due = time.monotonic() + self._tick_every
        try:
            while not self._closed.is_set() and keeper is self._keeper:
                try:
                    item = keeper.items.get(timeout=max(0.0, due - time.monotonic()))
                except queue.Empty:
                    if keeper.ended and keeper.items.empty() and not self._closed.is_set() and keeper is self._keeper:
                        raise SourceFailed(f"{self.name}: its connection ended for a reason nobody foresaw") from None
                else:
                    yield from self._take(item, told)
                if time.monotonic() >= due:
                    due = time.monotonic() + self._tick_every
                    yield from self._tick(told)
        finally:
            keeper.stop()

    def status(self) -> SourceStatus:
        told = self._told
        return SourceStatus(
            name=self.name,
            connected=told.up,
            told=told.time,
            last_event=self._last_event,
            behind=max(timedelta(0), self._now() - told.time) if told.time else None,
            waiting=self._keeper.items.qsize() if self._keeper else 0,
            reconnects=max(0, self._connections - 1),
            gaps=self._gaps,
            problem="" if told.up else self._problem,
        )

    def close(self) -> None:
        self._closed.set()
        if self._keeper is not None:
            self._keeper.stop()

    def _take(self, item: object, told: Told) -> Iterator[Event]:
        if isinstance(item, Frame):
            yield from self._read(item, told)
        elif isinstance(item, Alive):
            self._last_event = item.at
            told.alive(item.at)
        elif isinstance(item, Up):
            told.connected(filling=item.filling, jump=item.jump)
            self._connections += 1
            log.info("connected", source=self.name)
        elif isinstance(item, Filled):
            told.filled()
        elif isinstance(item, Gap):
            yield self._gap(item)
        elif isinstance(item, Down):
            told.lost()
            self._problem = item.why
            log.warning("not connected", source=self.name, why=item.why)
        elif isinstance(item, Refused):
            told.lost()
            self._problem = item.why
            raise SourceFailed(f"{self.name}: {item.why}")

    def _read(self, frame: Frame, told: Told) -> Iterator[Event]:
        reading = self._reading(frame)
        if reading.outdated:
            told.outdated()
        if reading.stamp is not None:
            self._last_event = self._now()
            if gap := told.stamp(reading.stamp):
                yield self._gap(gap)
        for event in reading.events:
            if isinstance(event, Redaction):
                yield event
            elif isinstance(event, Post):
                yield Delivered(cursor=_cursor(told), raw=frame.raw, post=event)
            else:
                yield Delivered(cursor=_cursor(told), raw=event.raw or frame.raw, problem=event.why)

    def _reading(self, frame: Frame) -> Reading:
        try:
            return self._reader.read(frame, self._now())
        except Malformed as problem:
            return Reading(events=(Problem(why=str(problem)),))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
            # A form that nobody foresaw must neither end the source nor pass unseen.
            return Reading(events=(Problem(why=f"unforeseen form ({type(error).__name__})"),))

    def _gap(self, gap: Gap) -> Gap:
        self._gaps += 1
        return gap

    def _tick(self, told: Told) -> Iterator[Event]:
        status = self.status()
        metrics.SOURCE_UP.labels(self.name).set(status.connected)
        metrics.SOURCE_WAITING.labels(self.name).set(status.waiting)
        if status.behind is not None:
            metrics.SOURCE_BEHIND.labels(self.name).set(status.behind.total_seconds())
        yield Passed(cursor=_cursor(told))
        if told.time is not None:
            yield Tick(source=self.name, time=told.time, live=True)


def _cursor(told: Told) -> str:
    return "" if told.time is None else str(round(told.time.timestamp() * 1_000_000))


def _time(cursor: str, name: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(cursor) / 1_000_000, UTC) if cursor else None
    except (ValueError, OverflowError, OSError):
        raise SourceFailed(f"{name}: the stored cursor is no time; it cannot go on where it stopped") from None
