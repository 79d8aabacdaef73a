"""What retention asks of every index, in memory and in Elasticsearch: holds, due documents, whole months, runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.firestorms import Firestorm, Severity, StormKind, StormState, Volume
from soundings.services.domain.holds import HeldItem, Hold, HoldAction, HoldStep
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.domain.retention import Retained, RetentionRun
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id
from soundings.services.index.fields import Kind
from soundings.services.index.holds import ElasticsearchHolds
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.shelves import ElasticsearchShelves
from soundings.services.retention.job import Retention
from soundings.services.retention.memory import MemoryHolds, MemoryShelves
from soundings.services.retention.plan import Limits
from soundings.services.retention.store import HoldChanged, Month, Stored

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
OLD, OLDER = NOW - timedelta(days=100), NOW - timedelta(days=800)
NUMBERS = count()
TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.1, offensive=False, acts=(SpeechAct.QUESTION,))
LIMITS = Limits(text_days=90, counts_days=730)


def a_post(department: str, at: datetime, **changes: Any) -> Post:
    post = Post(
        id=f"x::{next(NUMBERS):08}",
        created_at=at,
        voice="0123456789abcdef",
        text="When does the ferry run again?",
        kind=PostKind.ORIGINAL,
        source="x",
        accounts=("x:exampleaffairs",),
        departments=(department,),
    )
    return replace(post, **changes)


def a_mention(department: str, at: datetime, **changes: Any) -> Mention:
    return Mention(post=a_post(department, at, **changes), tags=TAGS)


def a_storm(department: str, at: datetime, **changes: Any) -> Firestorm:
    storm = Firestorm(
        id=f"{department}:{at:%Y-%m-%dT%H:%MZ}",
        department=department,
        accounts=("x:exampleaffairs",),
        state=StormState.OPEN,
        kind=StormKind.FIRESTORM,
        severity=Severity.SERIOUS,
        began_at=at,
        opened_at=at,
        updated_at=at,
        voices=31,
        hostile_voices=20,
        posts=40,
        usual_voices=3.0,
    )
    return replace(storm, **changes)


def records(department: str, at: datetime) -> tuple[Any, ...]:
    """One of every kind that has a limit, all of the same time."""
    mention, storm = a_mention(department, at), a_storm(department, at)
    alert = Alert(
        id=f"{storm.id}/opened", step=AlertStep.OPENED, department=department, at=at, firestorm=storm, live=True
    )
    urgent = Urgent(
        id=urgent_id(department, mention.post.id),
        department=department,
        post=mention.post.id,
        kind=UrgencyKind.RISK_TO_LIFE,
        reason="somebody asks for help",
        at=at,
        live=True,
    )
    volume = Volume(
        department=department,
        account=f"x:{department}",
        minute=at.replace(second=0, microsecond=0),
        posts=3,
        originals=1,
        replies=1,
        quotes=1,
        reposts=0,
        voices=2,
        hostile_voices=1,
    )
    notification = Notification(alert=alert.id, channel="desk", outcome=Outcome.SENT, at=at)
    statement = Statement(post=a_post(department, at, own_account="x:exampleaffairs"))
    return (mention, urgent, statement, volume, storm, alert, notification)


class Place:
    """An index with everything that retention needs, and the loop that it lives in."""

    def __init__(self, held: Any) -> None:
        self.held = held
        index = held.index
        if isinstance(index, MemoryIndex):
            self.shelves: Any = MemoryShelves(index)
            self.holds: Any = MemoryHolds()
        else:
            self.shelves = ElasticsearchShelves(index._client, index._prefix)
            self.holds = ElasticsearchHolds(index._client, index._prefix)

    def run(self, call: Any) -> Any:
        return self.held.run(call)

    def put(self, *given: Any) -> None:
        self.held.put(*given)

    def due(self, kind: Kind, before: datetime, department: str) -> list[Stored]:
        async def gather() -> list[Stored]:
            return [each async for each in self.shelves.due(kind, before) if department in each.departments]

        found: list[Stored] = self.run(gather())
        return found

    def retain(self, limits: Limits = LIMITS) -> RetentionRun:
        job = Retention(index=self.held.index, shelves=self.shelves, holds=self.holds, limits=limits)
        done: RetentionRun = self.run(job.run(NOW))
        self.run(self.held.index.refresh())
        return done

    def there(self, *given: Any) -> list[str]:
        """Ids of the posts among these that the index still has."""
        ids = [each.post.id for each in given]
        kept = {**self.run(self.held.index.mentions(ids)), **self.run(self.held.index.statements(ids))}
        return [identifier for identifier in ids if identifier in kept]


@pytest.fixture
def place(held: Any) -> Place:
    return Place(held)


def a_hold(item: str, kind: HeldItem, **changes: Any) -> Hold:
    step = HoldStep(at=NOW, who="A. Officer", action=HoldAction.PLACED, why="FOI 2026/17")
    return replace(Hold(item=item, kind=kind, history=(step,)), **changes)


def test_a_hold_comes_back_as_it_was_put_with_its_history(place: Place, department: str) -> None:
    end = NOW + timedelta(days=7)
    hold = a_hold(f"{department}/2026-W10", HeldItem.WEEK, department=department, start=NOW, end=end)
    place.run(place.holds.put(hold))
    assert place.run(place.holds.get(hold.item)) == hold
    release = HoldStep(at=NOW, who="B. Officer", action=HoldAction.RELEASED, why="answered", until=end)
    longer = replace(hold, history=(*hold.history, release))
    place.run(place.holds.put(longer))
    assert longer in place.run(place.holds.all())
    assert place.run(place.holds.get("x::none")) is None


def test_a_step_that_somebody_else_took_is_not_overwritten(place: Place, department: str) -> None:
    hold = a_hold(f"x::{department}", HeldItem.POST)
    place.run(place.holds.put(hold))
    with pytest.raises(HoldChanged):
        place.run(place.holds.put(hold))
    release = HoldStep(at=NOW, who="B. Officer", action=HoldAction.RELEASED, why="answered")
    place.run(place.holds.put(replace(hold, history=(*hold.history, release))))


def test_what_is_due_is_named_with_all_that_a_hold_could_reach_it_by(place: Place, department: str) -> None:
    """Every kind: the department, the time, what it belongs to; what is younger is not named."""
    given = records(department, OLDER)
    place.put(*given, *records(department, NOW))
    mention, urgent, statement, volume, storm, alert, notification = given
    for kind, identifier, refers in (
        (Kind.MENTIONS, mention.post.id, ""),
        (Kind.URGENT, urgent.id, mention.post.id),
        (Kind.STATEMENTS, statement.post.id, ""),
        (Kind.VOLUMES, f"{volume.account}|{volume.minute.isoformat(timespec='minutes')}", ""),
        (Kind.FIRESTORMS, storm.id, ""),
        (Kind.ALERTS, alert.id, storm.id),
        (Kind.NOTIFICATIONS, f"{alert.id}|desk", alert.id),
    ):
        (found,) = place.due(kind, NOW - timedelta(days=1), department)
        assert (found.id, found.refers, found.departments) == (identifier, refers, (department,))
        assert abs(found.at - OLDER) < timedelta(minutes=1)


def test_only_the_kind_that_is_named_is_removed(place: Place, department: str) -> None:
    """A mention and a statement of the same id: one goes, one stays."""
    post = a_post(department, OLDER)
    place.put(Mention(post=post, tags=TAGS), Statement(post=post))
    (found,) = place.due(Kind.MENTIONS, NOW, department)
    assert place.run(place.shelves.remove([found])) == 1
    assert place.run(place.shelves.remove([found])) == 0
    place.run(place.held.index.refresh())
    assert place.run(place.held.index.mentions([post.id])) == {}
    assert place.run(place.held.index.statements([post.id])) == {post.id: Statement(post=post)}


def test_a_month_is_dropped_whole_and_can_be_written_to_again(place: Place, department: str) -> None:
    """What comes late for a month that was dropped makes it anew, with its field types."""
    old = datetime(2020, 2, 3, tzinfo=UTC)
    mention = a_mention(department, old)
    place.put(mention)
    month = Month(kind=Kind.MENTIONS, part="2020-02")
    assert month in place.run(place.shelves.months(Kind.MENTIONS))
    assert place.run(place.shelves.drop(month)) == 1
    assert month not in place.run(place.shelves.months(Kind.MENTIONS))
    place.put(mention)
    assert place.held.all(department, old, old + timedelta(days=1)) == [mention]


def test_text_goes_before_counts_and_both_go(place: Place, department: str) -> None:
    """After 90 days what people wrote is gone and what was counted is there; after two years that is gone too."""
    old, older, young = records(department, OLD), records(department, OLDER), records(department, NOW)
    place.put(*old, *older, *young)
    run = place.retain()
    assert place.there(old[0], old[2], older[0], older[2], young[0], young[2]) == [
        old[2].post.id,
        young[0].post.id,
        young[2].post.id,
    ]
    for kind in (Kind.VOLUMES, Kind.FIRESTORMS, Kind.ALERTS, Kind.NOTIFICATIONS):
        assert len(place.due(kind, NOW + timedelta(days=1), department)) == 2, kind
    assert len(place.due(Kind.URGENT, NOW + timedelta(days=1), department)) == 1
    assert run.kinds["mentions"].removed >= 2
    assert run.months >= 1
    assert run.held == 0
    again = place.retain()
    assert (again.removed, again.pseudonyms, again.months) == (0, 0, 0)
    assert place.run(place.shelves.last_run()) in (run, again)


def test_what_is_held_stays_until_it_is_released(place: Place, department: str) -> None:
    """A storm with its evidence, and a whole week of another department, though the months round them are due."""
    other = f"{department}-other"
    given, others = records(department, OLDER), records(other, OLDER)
    evidence = a_mention(department, OLDER)
    storm = replace(given[4], sample=(evidence.post.id,))
    place.put(*given, *others, evidence, storm, replace(given[5], firestorm=storm))
    start = OLDER - timedelta(days=1)
    holds = (
        a_hold(storm.id, HeldItem.FIRESTORM, department=department),
        a_hold(f"{other}/2024-W14", HeldItem.WEEK, department=other, start=start, end=start + timedelta(days=7)),
    )
    for hold in holds:
        place.run(place.holds.put(hold))
    run = place.retain()
    assert place.there(given[0], given[2], evidence, others[0], others[2]) == [
        evidence.post.id,
        others[0].post.id,
        others[2].post.id,
    ]
    for kind, mine in ((Kind.FIRESTORMS, 1), (Kind.ALERTS, 1), (Kind.NOTIFICATIONS, 1), (Kind.VOLUMES, 0)):
        assert len(place.due(kind, NOW, department)) == mine, kind
        assert len(place.due(kind, NOW, other)) == 1, kind
    assert run.holds == 2
    assert run.held == 4 + len(others)
    for hold in holds:
        release = HoldStep(at=NOW, who="B. Officer", action=HoldAction.RELEASED, why="answered")
        place.run(place.holds.put(replace(hold, history=(*hold.history, release))))
    assert place.retain().removed == 4 + len(others)
    assert place.there(evidence, others[0]) == []


def test_a_statement_outlives_the_pseudonym_of_whom_it_answers(place: Place, department: str) -> None:
    """Our answer is kept as long as counts; whom it was to, and who is named in it, go when the public's text does."""
    answer = {"own_account": "x:exampleaffairs", "reference": "x::7", "kind": PostKind.REPLY}
    named = Statement(post=a_post(department, OLD, text="@user_0123456789ab Thank you, it runs again.", **answer))
    answered = Statement(post=a_post(department, OLD, reply_to_voice="fedcba9876543210", **answer))
    young = Statement(post=a_post(department, NOW, reply_to_voice="fedcba9876543210", **answer))
    place.put(named, answered, young)
    assert place.retain().pseudonyms == 2
    kept = place.run(place.held.index.statements([each.post.id for each in (named, answered, young)]))
    assert kept[named.post.id].post.text == "@user Thank you, it runs again."
    assert kept[answered.post.id] == replace(answered, post=replace(answered.post, reply_to_voice=None))
    assert kept[young.post.id] == young
    assert place.retain().pseudonyms == 0


def test_the_last_run_is_told_as_it_was_recorded(place: Place) -> None:
    run = RetentionRun(
        at=NOW + timedelta(days=1),
        seconds=1.25,
        text_days=90,
        counts_days=730,
        kinds={"mentions": Retained(removed=3, held=1)},
        months=2,
        pseudonyms=4,
        holds=1,
    )
    place.run(place.shelves.record(run))
    place.run(place.shelves.record(replace(run, at=NOW - timedelta(days=9))))
    assert place.run(place.shelves.last_run()) == run
