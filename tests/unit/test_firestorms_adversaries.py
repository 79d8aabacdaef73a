"""Storms that hide and storms that are made: what a watch that knows a department makes of them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.firestorms import Firestorm, StormKind
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.firestorms.watch import Watch

DEPARTMENT = Department(
    key="ministry-of-tests",
    name="Ministry of Tests",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="TestMin"),),
)
START = datetime(2031, 3, 10, tzinfo=UTC)
DAY = START + timedelta(days=16)
WORDS = ("form", "page", "queue", "letter", "office", "answer", "week", "pen", "stamp", "desk")


def said(
    number: int,
    at: datetime,
    voice: str,
    hostility: float = 0.1,
    *,
    text: str = "",
    kind: PostKind = PostKind.REPLY,
    reference: str | None = None,
) -> Mention:
    post = Post(
        id=f"x:x.com:{number}",
        created_at=at,
        voice=voice,
        text=text or " ".join(WORDS[int(digit)] for digit in str(number)),
        kind=kind,
        source="test",
        accounts=("x:testmin",),
        departments=(DEPARTMENT.key,),
        reference=reference or f"x:x.com:other{number}",
    )
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=hostility, offensive=False, acts=(SpeechAct.OTHER,))
    return Mention(post=post, tags=tags)


def usual_days(days: int) -> Iterator[Mention]:
    """By local time four people an hour by day and one by night; every fourth a repost, every eighth hostile."""
    number = 0
    for hour in range(days * 24):
        at = START + timedelta(hours=hour)
        for nth in range(4 if 7 <= at.astimezone(ZoneInfo("Europe/London")).hour < 22 else 1):
            number += 1
            kind = PostKind.REPOST if number % 4 == 0 else PostKind.REPLY
            moment = at + timedelta(minutes=7 + 13 * nth)
            yield said(number, moment, f"passer-by {number % 97}", 0.7 if number % 8 == 1 else 0.1, kind=kind)


@pytest.fixture(scope="module")
def usual() -> bytes:
    """A watch that knows sixteen usual days."""
    watch = Watch(DEPARTMENT)
    run(watch, usual_days(16), DAY)
    return watch.to_bytes()


def run(watch: Watch, mentions: Iterable[Mention], until: datetime) -> list[Firestorm]:
    """The storms as they stood at each notice."""
    told = []
    for mention in sorted(mentions, key=lambda m: (m.post.created_at, m.post.id)):
        told += [storm for _, storm in watch.advance(mention.post.created_at.replace(second=0)).steps]
        watch.observe(mention)
    return told + [storm for _, storm in watch.advance(until).steps]


def woken(told: Iterable[Firestorm]) -> list[Firestorm]:
    return [storm for storm in told if storm.severity.wakes]


def test_copies_by_fifty_accounts_are_a_campaign_and_wake_nobody(usual: bytes) -> None:
    """Fifty voices post one text, with other handles and links, within half an hour."""
    noon = DAY + timedelta(hours=12)
    text = "@someone{} Stop the new form now, it takes too many pages https://example.org/{}"
    copies = [
        said(10_000 + n, noon + timedelta(seconds=36 * n), f"hired {n}", 0.9, text=text.format(n, n * 7))
        for n in range(50)
    ]
    told = run(Watch(DEPARTMENT, usual), copies, noon + timedelta(hours=3))
    assert told
    assert {storm.kind for storm in told} == {StormKind.CAMPAIGN}
    assert not woken(told)


def test_a_storm_under_a_flood_of_reposts_is_found(usual: bytes) -> None:
    """Three hundred people repost something harmless while forty answer another post in anger."""
    noon = DAY + timedelta(hours=12)
    flood = [
        said(
            20_000 + n, noon + timedelta(seconds=12 * n), f"fan {n}", kind=PostKind.REPOST, reference="x:x.com:harmless"
        )
        for n in range(300)
    ]
    storm = [
        said(30_000 + n, noon + timedelta(seconds=80 * n), f"angry {n}", 0.9, reference="x:x.com:unwise")
        for n in range(40)
    ]
    watch = Watch(DEPARTMENT, usual)
    told = woken(run(watch, [*flood, *storm], noon + timedelta(hours=1)))
    assert told
    assert told[0].kind is StormKind.FIRESTORM
    explanation = watch.explain()
    assert explanation is not None
    assert explanation.firestorm is not None
    assert explanation.firestorm.hostile_voices >= 30


def test_a_slow_boil_is_found_by_evening(usual: bytes) -> None:
    """From eight in the morning it grows by two angry people each hour; by eight in the evening it was told."""
    morning = DAY + timedelta(hours=8)
    boil = [
        said(1_000 * hour + 40_000 + n, morning + timedelta(hours=hour, minutes=3 * n), f"fed up {hour} {n}", 0.8)
        for hour in range(12)
        for n in range(2 + 2 * hour if hour < 9 else 19)
    ]
    told = woken(run(Watch(DEPARTMENT, usual), boil, DAY + timedelta(hours=20)))
    assert told


def test_weeks_of_the_usual_across_the_clock_change_tell_nothing() -> None:
    """Summer time begins on 30 March 2031; the department's people get up by the clock, and nobody is told."""
    assert run(Watch(DEPARTMENT), usual_days(26), START + timedelta(days=26)) == []


def test_a_change_of_collection_is_no_storm_and_hides_none(usual: bytes) -> None:
    """From one day to the next no reposts come any more: no alarm from that, and the next storm is told."""
    later = [m for m in usual_days(20) if m.post.created_at >= DAY and m.post.kind is not PostKind.REPOST]
    noon = DAY + timedelta(days=3, hours=12)
    watch = Watch(DEPARTMENT, usual)
    assert run(watch, [m for m in later if m.post.created_at < noon], noon) == []
    storm = [
        said(50_000 + n, noon + timedelta(seconds=60 * n), f"angry {n}", 0.9, reference="x:x.com:unwise")
        for n in range(40)
    ]
    told = woken(run(watch, storm, noon + timedelta(hours=1)))
    assert told
    assert not told[0].reposts_collected


def test_a_week_of_silence_costs_nothing_and_tells_nothing(usual: bytes) -> None:
    """A gap of a week is decided at once; the first post after it is no storm."""
    watch = Watch(DEPARTMENT, usual)
    quiet = watch.advance(DAY + timedelta(days=7))
    assert quiet.last_minute == DAY + timedelta(days=7, minutes=-1)
    assert (quiet.volumes, quiet.firestorms, quiet.steps) == ((), (), ())


def test_the_state_is_bounded(usual: bytes) -> None:
    """Four thousand people in an hour, on top of all else, leave a state under 400 kB."""
    watch = Watch(DEPARTMENT, usual)
    for n in range(4_000):
        watch.observe(said(60_000 + n, DAY + timedelta(hours=1, seconds=0.9 * n), f"crowd {n}", 0.9))
    watch.advance(DAY + timedelta(hours=2))
    assert len(watch.to_bytes()) < 400_000
