"""What every live source promises, held against servers on this machine that speak the platforms' protocols."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from soundings.services.domain.accounts import Platform
from soundings.services.domain.posts import Post, Tick
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.streams.sources import bluesky_wire, mastodon_wire, x_http
from soundings.streams.sources.live import LiveSource
from soundings.streams.sources.rehearsal import PERSON, Rehearsal, rehearsal, said
from soundings.streams.sources.source import Delivered, Event, Passed
from soundings.streams.sources.stand_in_http import TOKEN

PATIENCE = 60.0
"""Seconds until a source must have done what is waited for; three reconnects with their pauses are under five."""

PLATFORMS = [
    (Platform.BLUESKY, ""),
    (Platform.BLUESKY, "plain"),
    (Platform.BLUESKY, "legacy"),
    (Platform.X, ""),
    (Platform.MASTODON, ""),
]


@pytest.fixture(params=PLATFORMS, ids=["bluesky", "bluesky-plain", "bluesky-legacy", "x", "mastodon"])
def platform(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rehearsal]:
    monkeypatch.setattr(x_http, "SERVER_ERROR", 0.2)
    which, variant = request.param
    with rehearsal(which, tmp_path, variant=variant) as running:
        yield running


class Listening:
    """A source listened to in a thread, as ingest does; stops without a word, as a kill does."""

    def __init__(self, source: LiveSource, cursor: str = "") -> None:
        self.source = source
        self.cursor = cursor
        self.events: list[Event] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        for event in self.source.events(self.cursor):
            self.events.append(event)
            if isinstance(event, Delivered | Passed):
                self.cursor = event.cursor

    @property
    def posts(self) -> list[Post]:
        return [event.post for event in self.events if isinstance(event, Delivered) and event.post]

    @property
    def problems(self) -> list[str]:
        return [event.problem for event in self.events if isinstance(event, Delivered) and event.problem]

    @property
    def ticks(self) -> list[Tick]:
        return [event for event in self.events if isinstance(event, Tick)]

    @property
    def redactions(self) -> list[Redaction]:
        return [event for event in self.events if isinstance(event, Redaction)]

    def heard(self, *numbers: int) -> bool:
        texts = [post.text for post in self.posts]
        return all(any(said(number) in text for text in texts) for number in numbers)

    def until(self, condition: Callable[[], object]) -> None:
        limit = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < limit, f"waited in vain: {self.source.status()}"
            time.sleep(0.02)

    def connect(self) -> "Listening":
        self.until(lambda: self.source.status().connected)
        return self

    def stop(self) -> None:
        self.source.close()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def test_a_mention_comes_as_a_post_of_the_department(platform: Rehearsal) -> None:
    listening = Listening(platform.source()).connect()
    platform.say(1)
    listening.until(lambda: listening.heard(1))
    listening.stop()
    post = listening.posts[0]
    assert post.departments == ("example",)
    assert post.accounts == tuple(key for key in post.accounts if key.startswith(platform.platform))
    assert post.id.startswith(f"{platform.platform}:")
    assert abs(post.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_nobody_of_the_public_is_named_in_what_leaves_the_source(platform: Rehearsal) -> None:
    listening = Listening(platform.source()).connect()
    platform.say(1)
    listening.until(lambda: listening.heard(1))
    platform.take_back(1)
    listening.until(lambda: listening.redactions)
    listening.stop()
    for event in listening.events:
        told = event.post if isinstance(event, Delivered) else event
        shown = repr(told).replace(repr(getattr(told, "url", None)), "")
        assert PERSON not in shown and PERSON.replace("-", "") not in shown and "did:" not in shown


def test_ticks_come_in_silence_and_never_go_back(platform: Rehearsal) -> None:
    listening = Listening(platform.source()).connect()
    platform.say(1)
    listening.until(lambda: len(listening.ticks) > 10)
    listening.stop()
    times = [tick.time for tick in listening.ticks]
    assert times == sorted(times)
    assert all(tick.live and not tick.ended for tick in listening.ticks)


def test_what_was_said_while_the_source_was_dead_is_fetched(platform: Rehearsal) -> None:
    first = Listening(platform.source()).connect()
    platform.say(1)
    first.until(lambda: first.heard(1) and first.cursor)
    first.stop()
    for number in range(2, 10):
        platform.say(number, heard=False)
    second = Listening(platform.source(), first.cursor)
    second.until(lambda: second.heard(*range(2, 10)))
    second.stop()


def test_what_was_said_while_the_platform_was_out_of_reach_is_fetched(platform: Rehearsal) -> None:
    listening = Listening(platform.source()).connect()
    platform.say(1)
    listening.until(lambda: listening.heard(1) and listening.cursor)
    platform.refuse(True)
    platform.cut()
    listening.until(lambda: not listening.source.status().connected)
    platform.say(2, heard=False)
    assert listening.source.status().problem
    still = listening.source.status().told
    time.sleep(0.3)
    assert listening.source.status().told == still, "a tick promised what nobody had heard"
    platform.refuse(False)
    listening.until(lambda: listening.heard(2))
    assert listening.source.status().problem == ""
    listening.stop()


def test_a_network_that_drops_everything_is_noticed_and_nothing_is_lost(
    platform: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No end of the connection tells of it: only the silence does."""
    monkeypatch.setattr(x_http, "TIMEOUT", (1.0, 1.0))
    monkeypatch.setattr(mastodon_wire, "SILENT", 1.0)
    monkeypatch.setattr(mastodon_wire, "CALL_TIMEOUT", 1.0)
    monkeypatch.setattr(bluesky_wire, "SILENT", 1.0)
    listening = Listening(platform.source()).connect()
    platform.say(1)
    listening.until(lambda: listening.heard(1) and listening.cursor)
    platform.network.dropping = True
    platform.say(2)
    listening.until(lambda: listening.source.status().problem)
    status = listening.source.status()
    assert status.behind is not None and status.behind > timedelta(seconds=1)
    promised = [tick.time for tick in listening.ticks]
    platform.network.dropping = False
    listening.until(lambda: listening.heard(2))
    listening.stop()
    said_at = next(post.created_at for post in listening.posts if said(2) in post.text)
    assert max(promised) <= said_at, "a tick promised what was lost on the way"


def test_a_broken_frame_is_told_and_does_not_end_the_connection(platform: Rehearsal) -> None:
    listening = Listening(platform.source()).connect()
    platform.say(1)
    platform.garble()
    platform.say(2)
    listening.until(lambda: listening.heard(1, 2))
    listening.stop()
    assert len(listening.problems) == 1
    assert platform.connections == 1


def test_a_deletion_becomes_a_redaction_even_after_a_restart(platform: Rehearsal) -> None:
    first = Listening(platform.source()).connect()
    platform.say(1)
    first.until(lambda: first.heard(1) and first.cursor)
    first.stop()
    second = Listening(platform.source(), first.cursor).connect()
    time.sleep(0.3)  # the compliance streams of X connect after the stream of posts
    platform.take_back(1)
    second.until(lambda: second.redactions)
    second.stop()
    assert {(each.post, each.reason) for each in second.redactions} == {(first.posts[0].id, RedactionReason.DELETED)}


def test_a_deletion_of_what_we_never_had_is_no_matter_of_ours(platform: Rehearsal) -> None:
    listening = Listening(platform.source()).connect()
    platform.say(1)
    listening.until(lambda: listening.heard(1))
    platform.take_back(1)
    listening.until(lambda: listening.redactions)
    listening.stop()
    assert {each.post for each in listening.redactions} == {listening.posts[0].id}


def test_no_token_is_in_logs_status_or_events(
    platform: Rehearsal, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        listening = Listening(platform.source()).connect()
        platform.say(1)
        listening.until(lambda: listening.heard(1))
        platform.refuse(True)
        platform.cut()
        listening.until(lambda: listening.source.status().problem)
        status = repr(listening.source.status())
        listening.stop()
    captured = capfd.readouterr()
    for place in (caplog.text, captured.out, captured.err, status, repr(listening.events)):
        assert TOKEN not in place


def test_closing_ends_the_source_soon(platform: Rehearsal) -> None:
    listening = Listening(platform.source()).connect()
    began = time.monotonic()
    listening.stop()
    assert time.monotonic() - began < 2.0
