"""A storm that turns to another post while it burns is told again, once, and is still the same storm."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.alerts.example import DEPARTMENT as EXAMPLE
from soundings.services.alerts.example import example_alert, example_evidence
from soundings.services.alerts.message import Heading
from soundings.services.alerts.render import render
from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.clock import PartitionClock
from soundings.services.domain.firestorms import Firestorm, Whose
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.firestorms.watch import Watch
from soundings.streams.agents.firestorms import alert_of

MINISTRY = Department(
    key="ministry-of-tests",
    name="Ministry of Tests",
    timezone="UTC",
    accounts=(Account(platform=Platform.X, handle="TestMin"),),
)
START = datetime(2031, 3, 10, tzinfo=UTC)
DAYS = 16
NOON = START + timedelta(days=DAYS, hours=12)
OLD, NEW = "x:x.com:old", "x:x.com:new"


def said(number: int, at: datetime, about: str, hostility: float, kind: PostKind = PostKind.REPLY) -> Mention:
    post = Post(
        id=f"x:x.com:{number}",
        created_at=at,
        voice=f"voice {number}",
        text=f"remark {number * 7919}",
        kind=kind,
        source="test",
        accounts=("x:testmin",),
        departments=(MINISTRY.key,),
        reference=about,
    )
    tags = Tags(
        lang="en", sentiment=Sentiment.NEGATIVE, hostility=hostility, offensive=False, acts=(SpeechAct.COMPLAINT,)
    )
    return Mention(post=post, tags=tags)


def quiet() -> Iterator[Mention]:
    """Three people an hour, each about something of their own."""
    for number in range(DAYS * 24 * 3):
        yield said(number, START + timedelta(minutes=20 * number + 7), f"x:x.com:other{number}", 0.1)


def wave(about: str, first: int, begins: int, minutes: int, a_minute: int = 2) -> Iterator[Mention]:
    for number in range(minutes * a_minute):
        at = NOON + timedelta(minutes=begins, seconds=number * 60 // a_minute)
        yield said(first + number, at, about, 0.8)


@pytest.fixture(scope="module")
def usual() -> bytes:
    watch = Watch(MINISTRY)
    told(watch, quiet(), NOON)
    return watch.to_bytes()


Steps = list[tuple[AlertStep, Firestorm]]


def told(watch: Watch, mentions: Iterable[Mention], until: datetime) -> Steps:
    steps: Steps = []
    for mention in sorted(mentions, key=lambda m: (m.post.created_at, m.post.id)):
        steps += watch.advance(mention.post.created_at.replace(second=0)).steps
        watch.observe(mention)
    return steps + list(watch.advance(until).steps)


def waves(of_new: int = 2) -> list[Mention]:
    """Two hours about one post; in the second, people turn to another."""
    return [
        *wave(OLD, 10_000, 0, 80),
        *wave(OLD, 20_000, 80, 50, a_minute=1),
        *(wave(NEW, 30_000, 85, 45, a_minute=of_new) if of_new else ()),
    ]


def turns(steps: Steps) -> list[Firestorm]:
    return [storm for step, storm in steps if step is AlertStep.TURNED]


def test_a_new_cause_is_told_once_and_the_storm_is_the_same(usual: bytes) -> None:
    """Its trigger is the new post, its id the storm's, its severity what it was."""
    steps = told(Watch(MINISTRY, usual), waves(), NOON + timedelta(minutes=130))
    (turned,) = turns(steps)
    opened = next(storm for step, storm in steps if step is AlertStep.OPENED)
    assert opened.trigger is not None and turned.trigger is not None
    assert (opened.trigger.post, turned.trigger.post) == (OLD, NEW)
    assert turned.id == opened.id
    assert turned.severity.wakes
    assert turned.sample[0] == NEW
    assert NOON + timedelta(minutes=85) < turned.updated_at <= NOON + timedelta(minutes=130)


def test_a_new_cause_of_a_few_people_is_not_told(usual: bytes) -> None:
    assert turns(told(Watch(MINISTRY, usual), waves(of_new=0), NOON + timedelta(minutes=130))) == []
    few = [*waves(of_new=0), *list(wave(NEW, 30_000, 85, 45))[:8]]
    assert turns(told(Watch(MINISTRY, usual), few, NOON + timedelta(minutes=130))) == []


def test_the_next_notice_of_a_turn_comes_an_hour_later_at_the_earliest(usual: bytes) -> None:
    """Between two posts that lead by turns the press office is not called to and fro."""
    back_and_forth = [*waves(), *wave(OLD, 40_000, 130, 45), *wave(NEW, 50_000, 175, 45)]
    assert len(turns(told(Watch(MINISTRY, usual), back_and_forth, NOON + timedelta(minutes=220)))) == 1


def test_a_post_of_ours_is_told_as_ours(usual: bytes) -> None:
    watch = Watch(MINISTRY, usual)
    ours = Post(
        id=NEW,
        created_at=NOON,
        voice="",
        text="t",
        kind=PostKind.ORIGINAL,
        source="test",
        departments=(MINISTRY.key,),
        own_account="x:testmin",
    )
    watch.state_ours(Statement(post=ours))
    (turned,) = turns(told(watch, waves(), NOON + timedelta(minutes=130)))
    assert turned.trigger is not None and turned.trigger.whose is Whose.OURS
    assert turned.statement == NEW


@pytest.mark.parametrize("minutes", [95, 125])
def test_a_restart_at_any_point_changes_nothing(usual: bytes, minutes: int) -> None:
    """Neither before the turn nor after it: what was named is kept."""
    at = NOON + timedelta(minutes=minutes)
    whole = told(Watch(MINISTRY, usual), waves(), NOON + timedelta(minutes=130))
    first = Watch(MINISTRY, usual)
    before = told(first, [each for each in waves() if each.post.created_at < at], at)
    second = Watch(MINISTRY, first.to_bytes())
    after = told(second, [each for each in waves() if each.post.created_at >= at], NOON + timedelta(minutes=130))
    assert before + after == whole


def test_every_turn_of_a_storm_has_an_id_of_its_own() -> None:
    alert = example_alert(NOON, step=AlertStep.TURNED)
    owed = alert_of(AlertStep.TURNED, alert.firestorm, PartitionClock())
    assert owed.id == alert.id == f"{alert.firestorm.id}/turned-2031-03-26T12:00Z"


def test_the_message_says_that_the_cause_is_new() -> None:
    alert = example_alert(NOON, step=AlertStep.TURNED, live=True)
    message = render(alert, EXAMPLE, example_evidence(alert), NOON, ("desk",), heading=Heading.NONE)
    assert message.subject.startswith("SERIOUS, NEW CAUSE, Department of Examples: 121 people now around our")
    assert message.text.startswith("Another cause, while the storm is on: in the last hour 121 people now around our")
    assert "140 people in all since it began" in message.text
