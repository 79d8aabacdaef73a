"""What every index keeps to, in memory and in Elasticsearch: mentions and statements."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.index import scan
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import Day, Index, IndexUnavailable, Where
from soundings.services.settings import ElasticsearchSettings

NOON = datetime(2021, 3, 10, 12, tzinfo=UTC)
NUMBERS = count()


def a_post(department: str, at: datetime = NOON, **changes: Any) -> Post:
    number = next(NUMBERS)
    post = Post(
        id=f"x::{number:08}",
        created_at=at,
        voice=f"voice-{number}",
        text="Why is the bridge closed?",
        kind=PostKind.ORIGINAL,
        source="x",
        accounts=("x:envagency",),
        departments=(department,),
    )
    return replace(post, **changes)


TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.1, offensive=False, acts=(SpeechAct.QUESTION,))


def a_mention(department: str, at: datetime = NOON, tags: Tags = TAGS, **changes: Any) -> Mention:
    return Mention(post=a_post(department, at, **changes), tags=tags)


def test_nothing_is_found_where_nothing_was_put(held: Any, department: str) -> None:
    """Every question has an empty answer before the first document of a department."""
    span = (department, NOON, NOON + timedelta(hours=1))
    index = held.index
    assert held.all(*span) == []
    assert held.run(index.mentions(["x::none"])) == {}
    assert held.run(index.mentions([])) == {}
    assert held.run(index.count_mentions(*span)) == 0
    assert held.run(index.count_voices(*span)) == 0
    assert held.run(index.daily(*span, "UTC")) == (Day(date=date(2021, 3, 10), posts=0, voices=0, hostile_voices=0),)
    assert held.run(index.daily(department, NOON, NOON, "UTC")) == ()
    assert held.run(index.firestorm("none")) is None
    assert held.run(index.firestorms(*span)) == held.run(index.alerts(*span)) == ()
    assert held.run(index.notifications(["none"])) == held.run(index.notifications([])) == ()


def test_prepare_may_be_called_again(held: Any) -> None:
    """Two starts one after the other, or at once, are as good as one."""

    async def twice() -> None:
        await asyncio.gather(held.index.prepare(), held.index.prepare())

    held.run(twice())


def test_a_mention_of_two_departments_is_one_document_found_by_both(held: Any, department: str) -> None:
    """Both departments see the same post, and it is stored once."""
    other = department + "-other"
    mention = a_mention(department, departments=(department, other))
    before = held.run(held.index.totals())["mentions"]
    held.put(mention)
    held.put(mention)
    assert held.run(held.index.totals())["mentions"] == before + 1
    span = (NOON, NOON + timedelta(minutes=1))
    assert held.all(department, *span) == held.all(other, *span) == [mention]


def test_a_bad_record_is_named_and_the_others_are_stored(held: Any, department: str) -> None:
    """What cannot be stored comes back with a reason that quotes nothing of it."""
    good = a_mention(department)
    broken = a_mention(department, text="a secret \ud800")
    timeless = a_mention(department, created_at=datetime(2021, 3, 10, 12))
    endless = a_mention(department, id="x::" + "9" * 600)
    infinite = a_mention(department, tags=replace(TAGS, hostility=float("inf")))
    rejected = held.run(held.index.put((broken, timeless, good, endless, infinite)))
    assert {each.id for each in rejected} == {broken.post.id, timeless.post.id, endless.post.id, infinite.post.id}
    assert not any("secret" in each.reason or not each.reason for each in rejected)
    held.run(held.index.refresh())
    assert held.run(held.index.mentions([good.post.id])) == {good.post.id: good}


def test_a_scan_gives_a_span_in_order(held: Any, department: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the start inclusive to the end exclusive, across months and pages, by time and then by id."""
    monkeypatch.setattr(scan, "PAGE", 2)
    start, end = datetime(2021, 1, 31, 23, 59, tzinfo=UTC), datetime(2021, 3, 1, tzinfo=UTC)
    moments = (start, start, start + timedelta(minutes=3), start, end - timedelta(milliseconds=1))
    inside = [a_mention(department, at) for at in moments]
    outside = [a_mention(department, start - timedelta(milliseconds=1)), a_mention(department, end)]
    other = a_mention(department + "-other", start)
    held.put(*reversed(inside), *outside, other)
    assert held.all(department, start, end) == sorted(inside, key=lambda each: (each.post.created_at, each.post.id))
    assert held.all(department, start, start) == []


def test_each_filter_narrows_the_count(held: Any, department: str) -> None:
    """Posts are counted by account, kind, language, sentiment, act, hostility, source and thread."""
    angry = replace(TAGS, lang="cy", sentiment=Sentiment.NEGATIVE, hostility=0.5,
                    acts=(SpeechAct.COMPLAINT, SpeechAct.QUESTION))  # fmt: skip
    held.put(
        a_mention(department),
        a_mention(department, tags=angry, kind=PostKind.REPLY, source="replay:a.jsonl", thread="x::1",
                  accounts=("x:other",)),
    )  # fmt: skip

    def counted(**asked: Any) -> int:
        where = Where(**asked)
        found: int = held.run(held.index.count_mentions(department, NOON, NOON + timedelta(seconds=1), where))
        return found

    assert counted() == counted(act=SpeechAct.QUESTION) == 2
    assert counted(account="x:other") == counted(kind=PostKind.REPLY) == counted(lang="cy") == 1
    assert counted(sentiment=Sentiment.NEGATIVE) == counted(act=SpeechAct.COMPLAINT) == counted(hostile=True) == 1
    assert counted(hostile=False) == counted(source="x") == counted(thread="x::1") == 1
    assert counted(lang="cy", source="x") == 0


def test_a_voice_counts_once(held: Any, department: str) -> None:
    """Two posts by one person are two posts and one voice."""
    mentions = [a_mention(department, voice="v1"), a_mention(department, voice="v1"), a_mention(department, voice="v2")]
    held.put(*mentions)
    span = (department, NOON, NOON + timedelta(minutes=1))
    assert held.run(held.index.count_mentions(*span)) == 3
    assert held.run(held.index.count_voices(*span)) == 2
    assert held.run(held.index.count_voices(*span, Where(lang="fr"))) == 0


def test_days_are_those_of_the_department(held: Any, department: str) -> None:
    """Days begin at local midnight, also when the clocks change, and quiet days are listed."""
    angry = replace(TAGS, hostility=0.9)
    held.put(
        a_mention(department, datetime(2021, 3, 27, 23, 30, tzinfo=UTC), voice="v1"),
        a_mention(department, datetime(2021, 3, 27, 23, 40, tzinfo=UTC), voice="v1", tags=angry),
        a_mention(department, datetime(2021, 3, 28, 22, 59, tzinfo=UTC), voice="v1", tags=angry),
        a_mention(department, datetime(2021, 3, 28, 23, 0, tzinfo=UTC), voice="v2"),  # midnight of summer time
    )
    found = held.run(
        held.index.daily(
            department, datetime(2021, 3, 27, 23, 35, tzinfo=UTC), datetime(2021, 3, 31, tzinfo=UTC), "Europe/London"
        )
    )
    assert [(day.date.day, day.posts, day.voices, day.hostile_voices) for day in found] == [
        (27, 1, 1, 1),
        (28, 1, 1, 1),
        (29, 1, 1, 0),
        (30, 0, 0, 0),
        (31, 0, 0, 0),
    ]


def test_statements_of_a_span(held: Any, department: str) -> None:
    """Statements are kept apart from mentions, and found by department and time or by id."""
    first, second = (
        Statement(post=a_post(department, NOON + timedelta(minutes=n), own_account="x:us")) for n in (0, 5)
    )
    held.put(second, first, a_mention(department))
    found = held.run(held.index.statements_between(department, NOON, NOON + timedelta(minutes=5)))
    assert found == (first,)
    assert held.run(held.index.statements([first.post.id, "x::none"])) == {first.post.id: first}


def test_a_server_that_is_down_is_named_as_such() -> None:
    """What raises is IndexUnavailable, for both, so that who calls can wait and try again."""
    memory = MemoryIndex()
    memory.available = False
    away = ElasticsearchIndex.at(ElasticsearchSettings(url="http://127.0.0.1:9"))

    async def ask(index: Index) -> None:
        with pytest.raises(IndexUnavailable):
            await index.totals()
        with pytest.raises(IndexUnavailable):
            await index.mentions(["x::1"])
        with pytest.raises(IndexUnavailable):
            await index.take_back({"x::1": None})
        with pytest.raises(IndexUnavailable):
            await index.prepare()
        await index.close()

    asyncio.run(ask(memory))
    asyncio.run(ask(away))
