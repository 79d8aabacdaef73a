"""What every index keeps to, in memory and in Elasticsearch: storms, notices and volumes, put again and replaced."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.firestorms import (
    Firestorm,
    Severity,
    StormKind,
    StormState,
    Volume,
)
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.index.documents import document
from soundings.services.index.fields import Kind

NOON = datetime(2021, 3, 10, 12, tzinfo=UTC)
NUMBERS = count()


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


def test_a_second_delivery_adds_nothing(held: Any, department: str) -> None:
    """Every kind of record put twice is there once."""
    storm = a_storm(department)
    alert = an_alert(storm)
    post = Post(id=f"x::{department}", created_at=NOON, voice="v", text="Why?", kind=PostKind.ORIGINAL, source="x")
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.1, offensive=False, acts=(SpeechAct.QUESTION,))
    records = (
        Mention(post=post, tags=tags),
        Statement(post=replace(post, id=f"x::ours-{department}", own_account="x:envagency")),
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
    assert set(before) == {kind.value for kind in Kind}
    put = {document(record).kind.value for record in records}
    assert len(put) == len(records) and all(before[kind] for kind in put)


def test_an_older_state_of_a_firestorm_never_replaces_a_newer_one(held: Any, department: str) -> None:
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


def test_that_an_alert_was_sent_is_never_forgotten(held: Any) -> None:
    """A later replay, which sends nothing, does not overwrite it; what was owed and then sent does."""
    late = Notification(alert=f"a/{next(NUMBERS)}", channel="mail", outcome=Outcome.LATE, at=NOON)
    sent = replace(late, outcome=Outcome.SUMMARISED, at=NOON + timedelta(hours=1))
    replayed = replace(late, outcome=Outcome.NOT_SENT_REPLAY, at=NOON + timedelta(days=90))
    for each in (late, sent, replayed, late):
        held.put(each)
    assert held.run(held.index.notifications([late.alert])) == (sent,)


def test_firestorms_that_were_open_in_a_span(held: Any, department: str) -> None:
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


def test_alerts_and_what_became_of_them(held: Any, department: str) -> None:
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


def test_volumes_of_a_span(held: Any, department: str) -> None:
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
