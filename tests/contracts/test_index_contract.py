"""What every index keeps to: the one in memory and the one in Elasticsearch."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.firestorms import (
    Firestorm,
    Severity,
    StormKind,
    StormState,
    Volume,
)
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.index import scan
from soundings.services.index.connection import connect
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.fields import Kind
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import Day, Index, IndexUnavailable, Where
from soundings.services.settings import ElasticsearchSettings

NOON = datetime(2021, 3, 10, 12, tzinfo=UTC)
NUMBERS = count()


@dataclass(frozen=True)
class Held:
    """An index and the loop that it lives in."""

    index: Index
    runner: asyncio.Runner

    def run(self, call: Any) -> Any:
        return self.runner.run(call)

    def put(self, *records: Any) -> None:
        assert self.run(self.index.put(records)) == ()
        self.run(self.index.refresh())

    def all(self, department: str, start: datetime, end: datetime) -> list[Mention]:
        async def gather() -> list[Mention]:
            return [mention async for mention in self.index.scan_mentions(department, start, end)]

        found: list[Mention] = self.run(gather())
        return found


@pytest.fixture(scope="module", params=["memory", pytest.param("elasticsearch", marks=pytest.mark.stack)])
def held(request: pytest.FixtureRequest) -> Iterator[Held]:
    with asyncio.Runner() as runner:
        if request.param == "memory":
            yield Held(MemoryIndex(), runner)
            return
        url = request.getfixturevalue("stack").elasticsearch_url
        there = ElasticsearchSettings(url=url, prefix=f"contract-{datetime.now(UTC):%H%M%S%f}")
        index = ElasticsearchIndex.at(there)
        runner.run(index.prepare())
        yield Held(index, runner)
        runner.run(index.close())
        runner.run(forget(there))


async def forget(there: ElasticsearchSettings) -> None:
    """Remove the indices of a run: the node is shared, and has room for a thousand shards."""
    async with connect(there) as client:
        names = list((await client.indices.get(index=f"{there.prefix}-*")).body)
        await client.indices.delete(index=names)
        await client.indices.delete_index_template(name=[f"{there.prefix}-{kind}" for kind in Kind])


@pytest.fixture
def department() -> str:
    """A department that no other test knows."""
    return f"department-{next(NUMBERS)}"


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


def a_storm(department: str, **changes: Any) -> Firestorm:
    storm = Firestorm(
        id=f"{department}:{next(NUMBERS)}",
        department=department,
        accounts=("x:envagency",),
        state=StormState.OPEN,
        kind=StormKind.FIRESTORM,
        severity=Severity.SERIOUS,
        began_at=NOON - timedelta(minutes=20),
        opened_at=NOON,
        updated_at=NOON,
        voices=31,
        hostile_voices=20,
        posts=40,
        usual_voices=3.0,
    )
    return replace(storm, **changes)


def an_alert(storm: Firestorm, **changes: Any) -> Alert:
    alert = Alert(
        id=f"{storm.id}/opened",
        step=AlertStep.OPENED,
        department=storm.department,
        at=storm.opened_at,
        firestorm=storm,
        live=True,
    )
    return replace(alert, **changes)


def test_nothing_is_found_where_nothing_was_put(held: Held, department: str) -> None:
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


def test_prepare_may_be_called_again(held: Held) -> None:
    """Two starts one after the other, or at once, are as good as one."""

    async def twice() -> None:
        await asyncio.gather(held.index.prepare(), held.index.prepare())

    held.run(twice())


def test_a_second_delivery_adds_nothing(held: Held, department: str) -> None:
    """Every kind of record put twice is there once."""
    storm = a_storm(department)
    alert = an_alert(storm)
    records = (
        a_mention(department),
        Statement(post=a_post(department, own_account="x:envagency")),
        Volume(department=department, account="x:envagency", minute=NOON, posts=1, originals=1, replies=0, quotes=0,
               reposts=0, voices=1, hostile_voices=0),
        storm,
        alert,
        Notification(alert=alert.id, channel="terminal", outcome=Outcome.SENT, at=NOON),
    )  # fmt: skip
    held.put(*records)
    before = held.run(held.index.totals())
    held.put(*records)
    held.put(*records, *records)
    assert held.run(held.index.totals()) == before
    assert set(before) == {"mentions", "statements", "volumes", "firestorms", "alerts", "notifications"}
    assert all(before.values())


def test_a_mention_of_two_departments_is_one_document_found_by_both(held: Held, department: str) -> None:
    """Both departments see the same post, and it is stored once."""
    other = department + "-other"
    mention = a_mention(department, departments=(department, other))
    before = held.run(held.index.totals())["mentions"]
    held.put(mention)
    held.put(mention)
    assert held.run(held.index.totals())["mentions"] == before + 1
    span = (NOON, NOON + timedelta(minutes=1))
    assert held.all(department, *span) == held.all(other, *span) == [mention]


def test_a_bad_record_is_named_and_the_others_are_stored(held: Held, department: str) -> None:
    """What cannot be stored comes back with a reason that quotes nothing of it."""
    good = a_mention(department)
    broken = a_mention(department, text="a secret \ud800")
    timeless = a_mention(department, created_at=datetime(2021, 3, 10, 12))
    endless = a_mention(department, id="x::" + "9" * 600)
    infinite = replace(a_storm(department), usual_voices=float("inf"))
    rejected = held.run(held.index.put((broken, timeless, good, endless, infinite)))
    assert {each.id for each in rejected} == {broken.post.id, timeless.post.id, endless.post.id, infinite.id}
    assert not any("secret" in each.reason or not each.reason for each in rejected)
    held.run(held.index.refresh())
    assert held.run(held.index.mentions([good.post.id])) == {good.post.id: good}


def test_an_older_state_of_a_firestorm_never_replaces_a_newer_one(held: Held, department: str) -> None:
    """The order of delivery does not matter, within a batch and between batches."""
    old = a_storm(department)
    new = replace(old, updated_at=NOON + timedelta(minutes=1), voices=50)
    newest = replace(old, updated_at=NOON + timedelta(minutes=2), voices=80, state=StormState.PEAKED)
    held.put(new, old)
    assert held.run(held.index.firestorm(old.id)) == new
    held.put(old)
    assert held.run(held.index.firestorm(old.id)) == new
    held.put(newest)
    held.put(new)
    assert held.run(held.index.firestorm(old.id)) == newest


def test_that_an_alert_was_sent_is_never_forgotten(held: Held) -> None:
    """A later replay, which sends nothing, does not overwrite it; what was owed and then sent does."""
    late = Notification(alert=f"a/{next(NUMBERS)}", channel="mail", outcome=Outcome.LATE, at=NOON)
    sent = replace(late, outcome=Outcome.SUMMARISED, at=NOON + timedelta(hours=1))
    replayed = replace(late, outcome=Outcome.NOT_SENT_REPLAY, at=NOON + timedelta(days=90))
    for each in (late, sent, replayed, late):
        held.put(each)
    assert held.run(held.index.notifications([late.alert])) == (sent,)


def test_a_scan_gives_a_span_in_order(held: Held, department: str, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_each_filter_narrows_the_count(held: Held, department: str) -> None:
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


def test_a_voice_counts_once(held: Held, department: str) -> None:
    """Two posts by one person are two posts and one voice."""
    mentions = [a_mention(department, voice="v1"), a_mention(department, voice="v1"), a_mention(department, voice="v2")]
    held.put(*mentions)
    span = (department, NOON, NOON + timedelta(minutes=1))
    assert held.run(held.index.count_mentions(*span)) == 3
    assert held.run(held.index.count_voices(*span)) == 2
    assert held.run(held.index.count_voices(*span, Where(lang="fr"))) == 0


def test_days_are_those_of_the_department(held: Held, department: str) -> None:
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


def test_statements_of_a_span(held: Held, department: str) -> None:
    """Statements are kept apart from mentions, and found by department and time or by id."""
    first, second = (
        Statement(post=a_post(department, NOON + timedelta(minutes=n), own_account="x:us")) for n in (0, 5)
    )
    held.put(second, first, a_mention(department))
    found = held.run(held.index.statements_between(department, NOON, NOON + timedelta(minutes=5)))
    assert found == (first,)
    assert held.run(held.index.statements([first.post.id, "x::none"])) == {first.post.id: first}


def test_firestorms_that_were_open_in_a_span(held: Held, department: str) -> None:
    """Also those that opened before it, or are open still; not those that were over before."""
    over = a_storm(department, state=StormState.OVER, closed_at=NOON + timedelta(hours=1))
    going_on = a_storm(department, opened_at=NOON - timedelta(days=40))
    later = a_storm(department, opened_at=NOON + timedelta(hours=2))
    held.put(over, going_on, later)

    def between(start: int, end: int) -> Any:
        return held.run(held.index.firestorms(department, NOON + timedelta(hours=start), NOON + timedelta(hours=end)))

    assert between(0, 1) == (going_on, over)
    assert between(1, 2) == (going_on,)
    assert between(2, 3) == (going_on, later)
    everyone = held.run(held.index.firestorms(None, NOON, NOON + timedelta(hours=1)))
    assert {over.id, going_on.id} <= {storm.id for storm in everyone}


def test_alerts_and_what_became_of_them(held: Held, department: str) -> None:
    """Alerts by department and time; notifications by alert."""
    storm = a_storm(department)
    opened = an_alert(storm)
    over = an_alert(storm, id=f"{storm.id}/over", step=AlertStep.OVER, at=NOON + timedelta(hours=3), live=False)
    told = [Notification(alert=opened.id, channel=each, outcome=Outcome.SENT, at=NOON) for each in ("mail", "terminal")]
    held.put(over, opened, *told, Notification(alert=over.id, channel="mail", outcome=Outcome.FAILED, at=NOON))
    assert held.run(held.index.alerts(department, NOON, NOON + timedelta(hours=4))) == (opened, over)
    assert held.run(held.index.alerts(department, NOON, NOON + timedelta(hours=3))) == (opened,)
    assert opened in held.run(held.index.alerts(None, NOON, NOON + timedelta(hours=3)))
    assert held.run(held.index.notifications([opened.id])) == tuple(told)


def test_volumes_of_a_span(held: Held, department: str) -> None:
    """A department's volumes come by minute, then account, the latest count of each."""
    first = Volume(department=department, account=f"x:{department}", minute=NOON, posts=5, originals=1, replies=2,
                   quotes=1, reposts=1, voices=4, hostile_voices=2, usual_voices=1.5)  # fmt: skip
    second = replace(first, account=f"x:{department}-b")
    third = replace(first, minute=NOON + timedelta(minutes=1), usual_voices=None)
    held.put(third, second, replace(first, posts=4))
    held.put(first)

    async def gather(end: datetime) -> list[Volume]:
        return [volume async for volume in held.index.scan_volumes(department, NOON, end)]

    assert held.run(gather(NOON + timedelta(minutes=2))) == [first, second, third]
    assert held.run(gather(NOON + timedelta(minutes=1))) == [first, second]


def test_what_is_deleted_is_gone(held: Held, department: str) -> None:
    """Deletion finds a document in whatever kind and month it is, even one put a moment ago, and says how many."""
    old = a_mention(department, datetime(2019, 7, 1, tzinfo=UTC))
    new = Statement(post=a_post(department))
    kept = a_mention(department)
    storm = a_storm(department)
    held.put(old, kept)
    held.run(held.index.put((new, storm)))
    assert held.run(held.index.delete([old.post.id, new.post.id, storm.id, "x::none"])) == 3
    assert held.run(held.index.delete([old.post.id])) == held.run(held.index.delete([])) == 0
    assert held.run(held.index.mentions([old.post.id, kept.post.id])) == {kept.post.id: kept}
    assert held.run(held.index.statements([new.post.id])) == {}
    assert held.run(held.index.firestorm(storm.id)) is None


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
            await index.delete(["x::1"])
        with pytest.raises(IndexUnavailable):
            await index.prepare()
        await index.close()

    asyncio.run(ask(memory))
    asyncio.run(ask(away))
