"""A post that cannot wait, from a live source to a webhook, on the real servers; a replayed one reaches nobody."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.alerts import Outcome
from soundings.services.domain.posts import Post, PostKind, Tick
from soundings.streams.ingest import Ingest
from soundings.streams.quarantine import Seal
from soundings.streams.sources.source import Delivered, Event, SourceStatus

pytestmark = pytest.mark.stack

CALL = "@dept We are trapped upstairs with my nan, the water is rising and nobody is coming"


class Said:
    """A source that says these posts and ends."""

    def __init__(self, name: str, live: bool, posts: list[Post]) -> None:
        self.name, self.live, self._posts = name, live, posts

    def events(self, cursor: str) -> Iterator[Event]:
        for number, post in enumerate(self._posts):
            yield Delivered(cursor=str(number), raw=b"", post=replace(post, source=self.name))
        yield Tick(source=self.name, time=datetime.now(UTC), live=self.live)

    def status(self) -> SourceStatus:
        return SourceStatus(name=self.name, connected=True)

    def close(self) -> None:
        """Nothing is held."""


def a_post(number: int, department: str, text: str, **changes: Any) -> Post:
    at = datetime.now(UTC) - timedelta(seconds=20)
    post = Post(
        id=f"x:x.com:{number}",
        created_at=at,
        voice=f"voice-{number}",
        text=text,
        kind=PostKind.ORIGINAL,
        source="",
        departments=(department,),
        url=f"https://social.example/{number}",
    )
    return replace(post, **changes)


def test_a_call_for_rescue_is_told_at_once_and_once_and_a_replayed_one_to_nobody(system: Any, receiver: Any) -> None:
    """Among ordinary posts, with its repost behind it; the notice has the text, the address, and is in the index."""
    channel = {
        "kind": "webhook",
        "name": "hook",
        "url": f"http://127.0.0.1:{receiver.server_address[1]}/",
        "secret": "a secret of tests only",
        "allow_private": True,
        "min_severity": "critical",
    }
    system.extra = {"SOUNDINGS_ALERTS__CHANNELS": json.dumps([channel])}
    key = system.book.departments[0].key
    ordinary = [a_post(number, key, f"When does the office open on day {number}?") for number in range(1, 40)]
    call = a_post(100, key, CALL)
    repost = a_post(101, key, CALL, kind=PostKind.REPOST, reference=call.id)
    system.start("intake", "firestorms", "indexing", "alerts")
    ingest = Ingest(system.settings.kafka, system.book, Seal("a key of pseudonyms for tests only"))
    ingest.run(Said("replay:old", False, [a_post(200, key, "Somebody is drowning at the weir")]))
    system.worked_off()  # the first records make the indices, which takes its time
    ingest.run(Said("x", True, [*ordinary, call, repost]))
    system.until(lambda: len(receiver.got) == 1, "the call is told", 30)
    system.worked_off()
    assert len(receiver.got) == 1
    (told,) = receiver.got
    assert told["id"] == f"{key}:urgent/{call.id}"
    assert told["subject"].startswith("URGENT ")
    assert "trapped upstairs with my nan" in told["text"] and "https://social.example/100" in told["text"]
    everything = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    urgent = system.ask(lambda index: index.urgent(key, *everything))
    assert {each.post for each in urgent} == {call.id, repost.id, "x:x.com:200"}
    notes = system.ask(lambda index: index.notifications([each.id for each in urgent]))
    assert {note.alert.rpartition("/")[2]: note.outcome for note in notes} == {
        call.id: Outcome.SENT,
        repost.id: Outcome.NOT_SENT_COPY,
        "x:x.com:200": Outcome.NOT_SENT_REPLAY,
    }
