"""A storm from beginning to end, as the press office is told of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, StormKind, StormState, Volume, Whose
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.firestorms import codec
from soundings.services.firestorms.watch import Watch

DEPARTMENT = Department(
    key="ministry-of-tests",
    name="Ministry of Tests",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="TestMin"),),
)
START = datetime(2031, 5, 12, tzinfo=UTC)
STORM = START + timedelta(days=10, hours=13)
OURS = "x:x.com:ours"
WORDS = ("form", "page", "queue", "letter", "office", "answer", "week", "pen", "stamp", "desk")


def post(number: int, at: datetime, voice: str, reference: str | None = None) -> Post:
    return Post(
        id=f"x:x.com:{number}",
        created_at=at,
        voice=voice,
        text="remark " + " ".join(WORDS[int(digit)] for digit in str(number)),
        kind=PostKind.REPLY if reference else PostKind.ORIGINAL,
        source="test",
        accounts=("x:testmin",),
        departments=(DEPARTMENT.key,),
        reference=reference,
        thread=reference,
    )


def said(post: Post, hostility: float) -> Mention:
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=hostility, offensive=False, acts=(SpeechAct.OTHER,))
    return Mention(post=post, tags=tags)


def quiet_days(days: int) -> Iterator[Mention]:
    """Four people an hour by day, one by night, none of them hostile."""
    number = 0
    for hour in range(days * 24):
        for nth in range(4 if 7 <= hour % 24 < 22 else 1):
            number += 1
            at = START + timedelta(hours=hour, minutes=7 + 13 * nth)
            yield said(post(number, at, f"passer-by {number % 97}"), 0.1)


def storm() -> Iterator[Mention]:
    """An unwise post; after twenty minutes of silence more and more people answer it angrily, then it ebbs."""
    number = 100_000
    for minute in range(20, 240):
        rate = min(4, (minute - 10) // 10) if minute < 100 else (1 if minute < 160 and minute % 4 == 0 else 0)
        for _ in range(rate):
            number += 1
            yield said(post(number, STORM + timedelta(minutes=minute), f"angry {number}", OURS), 0.9)


def told(mentions: list[Mention], watch: Watch, until: datetime) -> list[tuple[AlertStep, Firestorm]]:
    steps: list[tuple[AlertStep, Firestorm]] = []
    for mention in sorted(mentions, key=lambda m: m.post.created_at):
        steps.extend(watch.advance(mention.post.created_at.replace(second=0)).steps)
        watch.observe(mention)
    steps.extend(watch.advance(until).steps)
    return steps


@pytest.fixture(scope="module")
def steps() -> list[tuple[AlertStep, Firestorm]]:
    watch = Watch(DEPARTMENT)
    watch.state_ours(Statement(post=replace(post(1, STORM, "us"), id=OURS, own_account="x:testmin")))
    return told([*quiet_days(11), *storm()], watch, START + timedelta(days=11))


def test_quiet_days_alarm_nobody() -> None:
    """Days and nights of the usual, a cold start among them, owe no notice."""
    assert told(list(quiet_days(14)), Watch(DEPARTMENT), START + timedelta(days=14)) == []


def test_a_storm_is_told_once_while_it_grows_and_once_when_it_is_over(
    steps: list[tuple[AlertStep, Firestorm]],
) -> None:
    """The press office hears of it within three quarters of an hour of its beginning, and of its end."""
    assert [step for step, _ in steps if step is not AlertStep.ESCALATED] == [AlertStep.OPENED, AlertStep.OVER]
    opened = steps[0][1]
    waking = next(storm for _, storm in steps if storm.severity.wakes)
    assert STORM + timedelta(minutes=20) < waking.updated_at <= STORM + timedelta(minutes=65)
    assert waking.doubling_minutes is not None
    assert {storm.id for _, storm in steps} == {opened.id}


def test_the_trigger_is_named_and_told_ours(steps: list[tuple[AlertStep, Firestorm]]) -> None:
    """The post that people answer is the trigger, and it is known to be our own."""
    opened = steps[0][1]
    assert opened.kind is StormKind.FIRESTORM
    assert opened.trigger is not None
    assert (opened.trigger.post, opened.trigger.whose, opened.statement) == (OURS, Whose.OURS, OURS)


def test_reasons_are_words_and_sample_are_ids(steps: list[tuple[AlertStep, Firestorm]]) -> None:
    """A notice says how many people against how many usually, and points to posts without holding their text."""
    opened = steps[0][1]
    assert any("people in" in reason.words and "usual" in reason.words for reason in opened.reasons)
    assert 1 < len(opened.sample) <= 20
    assert all(each.startswith("x:x.com:") for each in opened.sample)


def test_the_end_says_when_it_peaked(steps: list[tuple[AlertStep, Firestorm]]) -> None:
    """A storm that is over has its peak between its opening and its end, and no forecast."""
    over = steps[-1][1]
    assert over.state is StormState.OVER
    assert over.peaked_at is not None
    assert over.closed_at is not None
    assert over.began_at <= over.peaked_at <= over.closed_at
    assert over.next_hour_voices is None


def test_late_posts_enter_volumes_and_change_no_decision() -> None:
    """A post for a decided minute is drawn with the next decision."""
    watch = Watch(DEPARTMENT)
    watch.observe(said(post(1, START, "one"), 0.1))
    watch.advance(START + timedelta(minutes=10))
    watch.observe(said(post(2, START, "two"), 0.1))
    later = watch.advance(START + timedelta(minutes=11))
    assert [(volume.minute, volume.posts, volume.voices) for volume in later.volumes] == [(START, 2, 2)]


def test_volumes_add_up_to_what_is_usual() -> None:
    """After two weeks of learning, what is usual in a day's volumes adds up to about the people of a usual day."""
    watch = Watch(DEPARTMENT)
    volumes: list[Volume] = []
    for mention in quiet_days(16):
        volumes += watch.advance(mention.post.created_at.replace(second=0)).volumes
        watch.observe(mention)
    last = [volume for volume in volumes if volume.minute >= START + timedelta(days=15)]
    usual = [volume.usual_voices for volume in last if volume.usual_voices is not None]
    assert sum(usual) == pytest.approx(sum(volume.voices for volume in last), rel=0.25)
    assert volumes[0].usual_voices is None


def test_time_never_goes_back() -> None:
    """An earlier time decides nothing and leaves the last decided minute."""
    watch = Watch(DEPARTMENT)
    watch.advance(START + timedelta(minutes=10))
    assert watch.advance(START).last_minute == START + timedelta(minutes=9)


def test_a_state_of_a_newer_version_is_refused_by_name() -> None:
    """A worker that is older than the state says so instead of misreading it."""
    with pytest.raises(codec.UnknownVersion, match="version 200"):
        Watch(DEPARTMENT, bytes([200]) + Watch(DEPARTMENT).to_bytes()[1:])


def test_explain_shows_evidence_also_where_nothing_opened() -> None:
    """The verdict of the last decided minute comes with its reasons, whether it fires or not."""
    watch = Watch(DEPARTMENT)
    assert watch.explain() is None
    watch.observe(said(post(1, START, "one"), 0.1))
    watch.advance(START + timedelta(minutes=1))
    explanation = watch.explain()
    assert explanation is not None
    assert not explanation.verdict.fires
    assert explanation.verdict.reasons
