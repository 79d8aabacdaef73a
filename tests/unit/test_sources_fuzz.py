"""Ten thousand broken frames: the source goes on, and each that cannot be read is told with a reason."""

import json
import random
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from soundings.streams.sources.bluesky_events import BlueskyReader
from soundings.streams.sources.bluesky_names import Names
from soundings.streams.sources.bluesky_post import Ours
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.live import LiveSource
from soundings.streams.sources.mastodon_events import MastodonReader
from soundings.streams.sources.mastodon_post import Home
from soundings.streams.sources.rehearsal import BOOK, bluesky_event, mastodon_status, pseudonyms, x_payload
from soundings.streams.sources.source import Delivered
from soundings.streams.sources.wire import Frame, Put, Reader, Up
from soundings.streams.sources.x_events import XReader

FRAMES = 3400
"""For each of three platforms: ten thousand together."""

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STRANGE = [b"\x00", b"\xff\xfe", b'"', b"{", b"]", b"\\ud800", b"1e999", b"null", b"-1", b"[[[[", "‮é👋".encode(), b""]


def known() -> KnownPosts:
    return KnownPosts(None, date(2026, 3, 2), timedelta(days=90))


def bluesky() -> BlueskyReader:
    names = Names(BOOK, lambda handle: None)
    ours = Ours(book=BOOK, pseudonyms=pseudonyms(), source="s", dids=names.dids, public=names.public)
    return BlueskyReader(ours, known())


def x() -> XReader:
    return XReader(BOOK, pseudonyms(), known(), "s")


def mastodon() -> MastodonReader:
    return MastodonReader(Home(book=BOOK, pseudonyms=pseudonyms(), source="s", host="social.example"), known())


def broken(frame: bytes, chance: random.Random) -> bytes:
    """The frame with some bytes lost, doubled, changed or put in."""
    for _ in range(chance.randint(1, 4)):
        begin = chance.randrange(len(frame) + 1)
        end = min(len(frame), begin + chance.choice((0, 1, 2, 8, 64)))
        put = chance.choice((*STRANGE, frame[begin:end] * 2, bytes(chance.randrange(256) for _ in range(4))))
        frame = frame[:begin] + put + frame[end:]
    return frame


class Broken:
    """A platform that sends the frames and then a whole one."""

    def __init__(self, frames: list[Frame]) -> None:
        self._frames = frames
        self._stopped = threading.Event()

    def run(self, since: datetime | None, put: Put) -> None:
        put(Up())
        for frame in self._frames:
            put(frame)
        self._stopped.wait()

    def stop(self) -> None:
        self._stopped.set()


@pytest.mark.parametrize(
    ("reader", "make", "kind"),
    [(bluesky, bluesky_event, ""), (x, x_payload, ""), (mastodon, mastodon_status, "update")],
)
def test_ten_thousand_broken_frames_end_nothing_and_each_has_its_reason(
    reader: Callable[[], Reader], make: Callable[[int, datetime], dict[str, Any]], kind: str
) -> None:
    chance = random.Random(20261123)
    raws = [json.dumps(make(number, AT)).encode() for number in range(50)]
    frames = [Frame(raw=broken(chance.choice(raws), chance), kind=kind) for _ in range(FRAMES)]
    last = make(999, AT)
    frames.append(Frame(raw=json.dumps(last).encode(), kind=kind))
    source = LiveSource(
        "s",
        lambda: Broken(frames),
        reader(),
        stamped=False,
        settle=timedelta(0),
        now=lambda: AT + timedelta(hours=1),
    )
    problems = []
    for event in source.events(""):
        if isinstance(event, Delivered) and event.post is None:
            assert event.problem and event.raw
            problems.append(event.problem)
        if isinstance(event, Delivered) and event.post and "number 999" in event.post.text:
            break
    source.close()
    assert len(problems) > FRAMES / 2
    assert not [why for why in problems if len(why) > 100 or "ferry" in why or "citizen" in why]
    assert not [why for why in problems if why.startswith("unforeseen")], "a form that a parser should have foreseen"
