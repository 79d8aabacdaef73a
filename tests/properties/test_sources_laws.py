"""Laws of live sources, whatever the platform does: nothing is lost, nothing crashes, no tick promises too much.

The platform is a model in memory behind the same contract as a real connection. Hypothesis decides when it breaks off,
what it sends twice, out of order or broken, and when the process is killed.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Tick
from soundings.services.index.memory import MemoryIndex
from soundings.services.intake.intake import Arrival, Intake
from soundings.services.intake.memory import Originals
from soundings.services.intake.rows import Malformed
from soundings.services.tagging.tagger import Tagger, load_tagger
from soundings.streams.sources.backoff import Backoff
from soundings.streams.sources.bluesky_events import BlueskyReader
from soundings.streams.sources.bluesky_names import Names
from soundings.streams.sources.bluesky_post import Ours
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.live import LiveSource
from soundings.streams.sources.mastodon_events import PAGE, MastodonReader
from soundings.streams.sources.mastodon_post import Home
from soundings.streams.sources.rehearsal import BOOK, bluesky_event, mastodon_status, pseudonyms, x_payload
from soundings.streams.sources.source import Delivered, Event, Passed
from soundings.streams.sources.wire import Alive, Filled, Frame, Put, Reader, Up, WireLost
from soundings.streams.sources.x_events import COMPLIANCE, XReader

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OUT_OF_ORDER = timedelta(seconds=2)
EVENTS = 12
PATIENCE = 3000
"""Events, mostly ticks, after which a post that has not come will not come; all of them come within 100."""


@cache
def tagger() -> Tagger:
    return load_tagger()


def known() -> KnownPosts:
    return KnownPosts(None, date(2026, 3, 2), timedelta(days=90))


def bluesky_reader() -> BlueskyReader:
    names = Names(BOOK, lambda handle: None)
    ours = Ours(book=BOOK, pseudonyms=pseudonyms(), source="s", dids=names.dids, public=names.public)
    return BlueskyReader(ours, known())


def x_reader() -> XReader:
    return XReader(BOOK, pseudonyms(), known(), "s")


def mastodon_reader() -> MastodonReader:
    return MastodonReader(Home(book=BOOK, pseudonyms=pseudonyms(), source="s", host="social.example"), known())


def at(number: int) -> datetime:
    return START + timedelta(seconds=number)


@dataclass
class Platform:
    """What the platform has, in the order in which it sends it, and what it does to each connection."""

    order: list[int]
    """Numbers of the posts; neighbours may be swapped, a number may come twice."""
    broken: set[int]
    """Places in the order before which a frame comes that is none."""
    lives: list[int]
    """Frames after which each connection breaks; after the last one they last."""
    stamped: bool
    make: Callable[[int, datetime], dict[str, Any]]
    connections: int = 0
    _stopped: threading.Event = field(default_factory=threading.Event)

    def restarted(self) -> "Platform":
        """As the next process finds it."""
        self._stopped = threading.Event()
        return self

    def run(self, since: datetime | None, put: Put) -> None:
        life = self.lives[self.connections] if self.connections < len(self.lives) else 10**6
        self.connections += 1
        put(Up(filling=not self.stamped))
        begin = since or START
        wanted = [(place, number) for place, number in enumerate(self.order) if at(number) >= begin]
        for sent, (place, number) in enumerate(wanted):
            if sent >= life:
                raise WireLost("cut")
            if place in self.broken:
                put(Frame(raw=b'{"data": broken'))
            put(Frame(raw=json.dumps(self.make(number, at(number))).encode()))
        if not self.stamped:
            put(Filled())
        put(Alive(at=at(EVENTS)))
        self._stopped.wait()

    def stop(self) -> None:
        self._stopped.set()


def new_source(platform: Platform, reader: Reader) -> LiveSource:
    return LiveSource(
        "s",
        platform.restarted,
        reader,
        stamped=platform.stamped,
        settle=OUT_OF_ORDER,
        tick_every=0.0,
        backoff=lambda: Backoff(first=0.0),
        now=lambda: START + timedelta(hours=1),
    )


def lived(platform: Platform, reader: Callable[[], Reader], kills: list[int]) -> list[list[Event]]:
    """What was told in each life of the process; it is killed after so many events, then goes on from its cursor."""
    lives: list[list[Event]] = []
    cursor = ""
    for kill in [*kills, 10**6]:
        told: list[Event] = []
        lives.append(told)
        missing = set(platform.order)
        quiet = 0
        source = new_source(platform, reader())
        for event in source.events(cursor or str(round(START.timestamp() * 1e6))):
            told.append(event)
            if isinstance(event, Delivered | Passed):
                cursor = event.cursor
            missing -= numbers([event])
            quiet = 0 if missing - numbers(chain(*lives[:-1])) else quiet + 1
            if len(told) >= min(kill, PATIENCE) or quiet > 5:
                break
        source.close()
    return lives


def numbers(events: Iterable[Event]) -> set[int]:
    """Numbers of the posts that were delivered."""
    posts = (event.post for event in events if isinstance(event, Delivered) and event.post)
    return {round((post.created_at - START).total_seconds()) for post in posts}


def indexed(events: Iterable[Event]) -> tuple[int, list[int]]:
    """All that was delivered through intake into an index: posts taken, and of each post in the index how often."""
    department = BOOK.departments[0].key
    delivered = [event.post for event in events if isinstance(event, Delivered) and event.post]
    assert all(post.departments == (department,) for post in delivered)
    taken = Intake(department, {}, tagger(), Originals()).take(
        [Arrival(post=post, position=position) for position, post in enumerate(delivered, start=1)]
    )
    index = MemoryIndex()

    async def held() -> list[int]:
        assert await index.put([each.record for each in taken if each.record]) == ()
        spans = [(at(number), at(number) + timedelta(seconds=1)) for number in range(EVENTS)]
        return [await index.count_mentions(department, start, end) for start, end in spans]

    return sum(each.fate is Fate.MENTION for each in taken), asyncio.run(held())


@st.composite
def orders(draw: st.DrawFn) -> list[int]:
    """Posts in order, with swaps within what the source allows for, and repetitions."""
    order = list(range(EVENTS))
    for place in draw(st.lists(st.integers(0, EVENTS - 2), max_size=4)):
        if abs(order[place] - order[place + 1]) == 1:
            order[place], order[place + 1] = order[place + 1], order[place]
    for place in draw(st.lists(st.integers(0, EVENTS - 1), max_size=4)):
        order.insert(place, order[place])
    return order


CASES = [
    pytest.param(True, bluesky_event, bluesky_reader, id="stamped"),
    pytest.param(False, x_payload, x_reader, id="unstamped"),
    pytest.param(False, mastodon_status, mastodon_reader, id="mastodon"),
]


@pytest.mark.parametrize(("stamped", "make", "reader"), CASES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    order=orders(),
    broken=st.sets(st.integers(0, EVENTS), max_size=3),
    lives=st.lists(st.integers(0, EVENTS), max_size=3),
    kills=st.lists(st.integers(1, 40), max_size=3),
)
def test_every_post_is_delivered_at_least_once_and_indexed_once_and_no_tick_promises_too_much(
    stamped: bool,
    make: Callable[[int, datetime], dict[str, Any]],
    reader: Callable[[], Reader],
    order: list[int],
    broken: set[int],
    lives: list[int],
    kills: list[int],
) -> None:
    def made(number: int, moment: datetime) -> dict[str, Any]:
        return make(number, moment)

    def read() -> Reader:
        inner = reader()
        return _Updates(inner) if make is mastodon_status else inner

    platform = Platform(order=order, broken=broken, lives=lives, stamped=stamped, make=made)
    told = lived(platform, read, kills)
    assert numbers(chain(*told)) == set(range(EVENTS))
    assert indexed(chain(*told)) == (EVENTS, [1] * EVENTS)
    so_far: set[int] = set()
    for life in told:
        for event in life:
            so_far |= numbers([event])
            if isinstance(event, Delivered):
                assert (event.post is None) != (event.problem is None)
            elif isinstance(event, Tick):
                assert {number for number in range(EVENTS) if at(number) < event.time} <= so_far


class _Updates:
    """Names the model's frames as Mastodon's events are named."""

    def __init__(self, inner: Reader) -> None:
        self._inner = inner

    def read(self, frame: Frame, now: datetime) -> Any:
        return self._inner.read(Frame(raw=frame.raw, kind=frame.kind or "update"), now)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

READERS: list[tuple[Callable[[], Reader], Callable[[int, datetime], dict[str, Any]], list[str]]] = [
    (bluesky_reader, bluesky_event, [""]),
    (x_reader, x_payload, ["", COMPLIANCE]),
    (mastodon_reader, mastodon_status, ["update", "status.update", "notification", "delete", PAGE + "update", ""]),
]


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something is inside the value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, each in inner for path in paths(each, (*here, key)))]


def spoilt(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """The value with another thing in one place."""
    if not path:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = spoilt(value[path[0]], path[1:], by)
    return copy


@pytest.mark.parametrize(("reader", "make", "kinds"), READERS, ids=["bluesky", "x", "mastodon"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_spoilt_frame_is_read_or_refused_with_a_reason_that_does_not_quote_it(
    reader: Callable[[], Reader],
    make: Callable[[int, datetime], dict[str, Any]],
    kinds: list[str],
    data: st.DataObject,
) -> None:
    frame = make(1, START)
    for _ in range(data.draw(st.integers(1, 3))):
        frame = spoilt(frame, data.draw(st.sampled_from(paths(frame))), data.draw(JSON))
    raw = json.dumps(frame, allow_nan=True).encode("utf-8", "surrogatepass")
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    try:
        reading = reader().read(Frame(raw=raw, kind=data.draw(st.sampled_from(kinds))), START + timedelta(hours=1))
    except Malformed as problem:
        assert str(problem) and len(str(problem)) < 120 and "ferry" not in str(problem)
    else:
        assert len(reading.events) < 50
