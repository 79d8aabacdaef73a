"""Legal holds: what may be held, who decides, and what a hold reaches."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import Firestorm, Severity, StormKind, StormState, Trigger, Whose
from soundings.services.domain.holds import HeldItem, Hold, HoldAction, HoldStep
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.index.fields import Kind
from soundings.services.index.memory import MemoryIndex
from soundings.services.retention.holds import NoSuchHold, named, placed, released
from soundings.services.retention.memory import MemoryHolds
from soundings.services.retention.reach import held_posts, reach
from soundings.services.retention.store import HoldChanged, Stored

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
STORM = "example-affairs:2026-03-04T12:00Z"
BOOK = AccountBook(
    departments=(
        Department(
            key="example-affairs",
            name="Example Affairs",
            timezone="Europe/London",
            accounts=(Account(platform=Platform.X, handle="ExampleAffairs"),),
        ),
    )
)
TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.1, offensive=False, acts=(SpeechAct.QUESTION,))


def step(action: HoldAction = HoldAction.PLACED, *, at: datetime = NOW, until: datetime | None = None) -> HoldStep:
    return HoldStep(at=at, who="A. Officer", action=action, why="FOI 2026/17", until=until)


def held(item: str, until: datetime | None = None) -> Hold:
    return placed(None, named(item, BOOK), step(until=until))


def a_mention(identifier: str, at: datetime) -> Mention:
    post = Post(
        id=identifier,
        created_at=at,
        voice="0123456789abcdef",
        text="When does the ferry run again?",
        kind=PostKind.ORIGINAL,
        source="x",
        accounts=("x:exampleaffairs",),
        departments=("example-affairs",),
    )
    return Mention(post=post, tags=TAGS)


def a_storm(**changes: object) -> Firestorm:
    noticed = datetime(2026, 3, 4, 12, tzinfo=UTC)
    storm = Firestorm(
        id=STORM,
        department="example-affairs",
        accounts=("x:exampleaffairs",),
        state=StormState.OPEN,
        kind=StormKind.FIRESTORM,
        severity=Severity.SERIOUS,
        began_at=noticed - timedelta(minutes=20),
        opened_at=noticed,
        updated_at=noticed,
        trigger=Trigger(post="x::1", whose=Whose.OTHER, voices=9),
        statement="x::2",
        voices=31,
        hostile_voices=20,
        posts=40,
        usual_voices=3.0,
        sample=("x::3", "x::4"),
    )
    return replace(storm, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("x::123", HeldItem.POST),
        ("mastodon:social.example:9", HeldItem.POST),
        (STORM, HeldItem.FIRESTORM),
        (f"{STORM}/escalated-critical", HeldItem.ALERT),
        ("example-affairs/2026-W10", HeldItem.WEEK),
    ],
)
def test_each_item_is_recognised_by_its_form(item: str, kind: HeldItem) -> None:
    assert named(item, BOOK).kind is kind


def test_a_week_is_that_of_the_department() -> None:
    """The week of the clock change ends an hour earlier by UTC than it began."""
    week = named("example-affairs/2026-W13", BOOK)
    assert (week.start, week.end) == (datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC))


@pytest.mark.parametrize("item", ["", "123", "nobody/2026-W10", "example-affairs/2026-W60", "x:123", "@someone"])
def test_what_is_nothing_that_can_be_held_is_refused(item: str) -> None:
    """A hold that holds nothing would be a false comfort."""
    with pytest.raises(ValueError):
        named(item, BOOK)


def test_a_hold_needs_who_and_why_and_an_end_that_lies_ahead() -> None:
    new = named("x::123", BOOK)
    for wrong in (replace(step(), who=" "), replace(step(), why=""), step(until=NOW)):
        with pytest.raises(ValueError):
            placed(None, new, wrong)


def test_a_hold_stands_until_it_is_released_or_its_end() -> None:
    hold = held("x::123", until=NOW + timedelta(days=1))
    assert hold.holds(NOW)
    assert not hold.holds(NOW + timedelta(days=1))
    gone = released(hold, "x::123", step(HoldAction.RELEASED))
    assert not gone.holds(NOW)
    assert [each.action for each in gone.history] == [HoldAction.PLACED, HoldAction.RELEASED]
    assert placed(gone, named("x::123", BOOK), step()).holds(NOW)


def test_only_a_hold_that_stands_can_be_released() -> None:
    with pytest.raises(NoSuchHold, match="no hold"):
        released(None, "x::123", step(HoldAction.RELEASED))
    over = held("x::123", until=NOW + timedelta(days=1))
    with pytest.raises(NoSuchHold, match="it ended 2026-06-02"):
        released(over, "x::123", step(HoldAction.RELEASED, at=NOW + timedelta(days=2)))


def test_two_who_decide_at_once_do_not_overwrite_each_other() -> None:
    async def both() -> None:
        store = MemoryHolds()
        await store.put(held("x::123"))
        with pytest.raises(HoldChanged):
            await store.put(held("x::123"))

    asyncio.run(both())


def test_a_firestorm_is_held_with_its_evidence_as_it_is_and_as_it_was_told() -> None:
    """Also the posts that an earlier alert named and the latest state does not, its alerts and their sendings."""

    async def look() -> None:
        index, store = MemoryIndex(), MemoryHolds()
        early = a_storm(sample=("x::5",))
        alert = Alert(
            id=f"{STORM}/opened",
            step=AlertStep.OPENED,
            department="example-affairs",
            at=early.opened_at,
            firestorm=early,
            live=True,
        )
        await index.put([a_storm(), alert])
        await store.put(held(STORM))
        found = await reach(store, index, NOW)
        assert set(found.posts) == {"x::1", "x::2", "x::3", "x::4", "x::5"}

        def kept(kind: Kind, name: str, refers: str = "") -> bool:
            return found.over(Stored(kind=kind, part="first", id=name, at=NOW, refers=refers)) is not None

        assert kept(Kind.FIRESTORMS, STORM)
        assert kept(Kind.ALERTS, alert.id, STORM)
        assert kept(Kind.NOTIFICATIONS, f"{alert.id}|desk", alert.id)
        assert kept(Kind.MENTIONS, "x::3")
        assert kept(Kind.URGENT, "example-affairs:urgent/x::3", "x::3")
        assert not kept(Kind.MENTIONS, "x::6")
        assert not kept(Kind.FIRESTORMS, "example-affairs:2026-03-05T12:00Z")

    asyncio.run(look())


def test_a_week_holds_what_was_said_to_the_department_in_it() -> None:
    inside, outside = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)

    async def look() -> None:
        index, store = MemoryIndex(), MemoryHolds()
        await index.put([a_mention("x::1", inside), a_mention("x::2", outside)])
        await store.put(held("example-affairs/2026-W10"))
        assert set(await held_posts(["x::1", "x::2", "x::3"], store, index, NOW)) == {"x::1"}
        found = await reach(store, index, NOW)
        mine = Stored(kind=Kind.VOLUMES, part="2026-03", id="v", at=inside, departments=("example-affairs",))
        assert found.over(mine)
        assert not found.over(replace(mine, departments=("other",)))
        assert not found.over(replace(mine, at=outside))
        themes = replace(mine, kind=Kind.THEMES, id="example-affairs/2026-W10/t1", at=outside)
        assert found.over(themes), "they are named by their week, and reported after it"
        assert found.over(replace(themes, kind=Kind.READINGS, id="example-affairs/2026-W10"))
        assert not found.over(replace(themes, id="example-affairs/2026-W11/t1", at=inside))

    asyncio.run(look())


def test_a_released_hold_holds_nothing() -> None:
    async def look() -> None:
        index, store = MemoryIndex(), MemoryHolds()
        hold = held("x::1")
        await store.put(hold)
        assert set(await held_posts(["x::1"], store, index, NOW)) == {"x::1"}
        await store.put(released(hold, "x::1", step(HoldAction.RELEASED)))
        assert await held_posts(["x::1"], store, index, NOW) == {}

    asyncio.run(look())
