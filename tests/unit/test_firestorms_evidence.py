"""Baseline, kinds, budget and trigger: each piece of evidence by itself."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from soundings.services.domain.firestorms import Severity, StormKind, Whose
from soundings.services.firestorms import baseline, budget, forecast, trigger
from soundings.services.firestorms.calendar import bank_holidays, easter, slot
from soundings.services.firestorms.history import History, Hour
from soundings.services.firestorms.kinds import kind_of
from soundings.services.firestorms.people import People
from soundings.services.firestorms.sample import ORIGINAL, REPLY, REPOST, Seen
from soundings.services.firestorms.verdict import Evidence, Stretch, judge
from soundings.services.firestorms.window import Counts

LONDON = ZoneInfo("Europe/London")


def hour_of(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def history(first: datetime, days: int, at_day: float, at_night: float) -> History:
    """So many people an hour from 8 to 20 local time, and so many at night."""
    kept = History()
    for hour in range(hour_of(first), hour_of(first) + days * 24):
        local = datetime.fromtimestamp(hour * 3600, LONDON)
        speaking = at_day if 8 <= local.hour < 20 else at_night
        kept.put(hour, Hour(People(speaking=speaking), 0.0, 0))
    return kept


@pytest.mark.parametrize(
    ("year", "day"), [(2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))]
)
def test_easter(year: int, day: date) -> None:
    """Easter Sunday as published, an early, a late and the latest one."""
    assert easter(year) == day


def test_bank_holidays_move_from_weekends() -> None:
    """Christmas on a Saturday and on a Sunday have the substitutes that GOV.UK lists."""
    assert {day for day in bank_holidays(2021) if day.month == 12} >= {date(2021, 12, 27), date(2021, 12, 28)}
    assert {day for day in bank_holidays(2022) if day.month == 12} >= {date(2022, 12, 26), date(2022, 12, 27)}
    assert date(2022, 1, 3) in bank_holidays(2022)
    assert {
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
    } <= bank_holidays(2026)


def test_a_holiday_runs_like_a_sunday() -> None:
    """Noon on Boxing Day, a Saturday's Monday substitute too, has Sunday's slot."""
    assert slot(datetime(2026, 12, 28, 12, tzinfo=UTC), LONDON) == 6 * 24 + 12
    assert slot(datetime(2026, 12, 29, 12, tzinfo=UTC), LONDON) == 1 * 24 + 12


def test_the_baseline_knows_night_from_day() -> None:
    """After four weeks it expects at each time what came at that time."""
    first = datetime(2031, 1, 6, tzinfo=UTC)
    kept = history(first, 28, 12.0, 1.0)
    assert baseline.usual(kept, hour_of(first) + 28 * 24 + 12, LONDON).people.speaking == pytest.approx(12.0)
    assert baseline.usual(kept, hour_of(first) + 28 * 24 + 3, LONDON).people.speaking == pytest.approx(1.0)


def test_the_baseline_follows_the_clock_change() -> None:
    """On the first day of summer time it expects what is usual at the local time, not at the same time in UTC."""
    first = datetime(2031, 3, 3, tzinfo=UTC)
    kept = history(first, 30, 20.0, 0.0)
    # The clocks went forward on Sunday 30 March 2031; on Wednesday 2 April 08:30 local is 07:30 UTC.
    morning = hour_of(datetime(2031, 4, 2, 8, tzinfo=UTC))
    evening = hour_of(datetime(2031, 4, 2, 20, tzinfo=UTC))
    assert baseline.usual(kept, morning, LONDON).people.speaking == pytest.approx(20.0)
    assert baseline.usual(kept, evening, LONDON).people.speaking == pytest.approx(0.0)


def test_one_storm_does_not_move_the_baseline() -> None:
    """A day with twenty times as many people leaves what is usual as it was."""
    first = datetime(2031, 1, 6, tzinfo=UTC)
    kept = history(first, 28, 10.0, 1.0)
    for hour in range(24):
        kept.put(hour_of(first) + 20 * 24 + hour, Hour(People(speaking=200.0), 0.0, 1))
    kept.until = hour_of(first) + 28 * 24
    assert baseline.usual(kept, hour_of(first) + 28 * 24 + 12, LONDON).people.speaking == pytest.approx(10.0)


def test_a_new_account_is_doubted_more() -> None:
    """With nothing known, five people are no surprise; with a quiet month known, they are more of one."""
    fresh = baseline.usual(History(), 500_000, LONDON)
    known = baseline.usual(
        history(datetime(2031, 1, 6, tzinfo=UTC), 28, 2.0, 2.0), hour_of(datetime(2031, 2, 3, tzinfo=UTC)), LONDON
    )
    for each in (fresh, known):
        assert baseline.surprise(5, each.people.speaking, each.level.speaking, each.spread) < 1.5
    assert fresh.spread > known.spread


def counts(**change: float | People) -> Counts:
    people = People(speaking=20.0, hostile=1.0, anger=2.0)
    return Counts(**{"posts": 30.0, "voices": 25.0, "people": people, **change})  # type: ignore[arg-type]


USUAL = People(speaking=5.0, anger=1.0)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (counts(copying=15.0), StormKind.CAMPAIGN),
        (counts(loudest=0.8), StormKind.CAMPAIGN),
        (counts(passing=20.0), StormKind.NOISE),
        (counts(pleased=10.0, displeased=2.0), StormKind.POSITIVE),
        (counts(people=People(speaking=20.0, hostile=6.0, anger=9.0)), StormKind.FIRESTORM),
        (counts(people=People(speaking=20.0, hostile=0.0, anger=9.0)), StormKind.INCIDENT),
        (counts(), StormKind.INCIDENT),
    ],
)
def test_kinds(what: Counts, kind: StormKind) -> None:
    """Copies and few loud voices are a campaign, many handles noise, pleased people praise; then hostility tells.

    Where nobody is hostile it is no attack, however calm people usually are.
    """
    assert kind_of(what, USUAL)[0] is kind


def evidence(people: People, hour: Counts) -> Evidence:
    stretch = Stretch(people=people, usual=USUAL, level=USUAL, spread=0.3)
    return Evidence(minute=30_000_000, stretches={60: stretch}, hour=lambda: hour, threshold=2.5)


def test_praise_and_campaigns_wake_nobody_and_attacks_do() -> None:
    """The same number of people: severity follows the kind."""
    people = People(speaking=60.0, anger=30.0, hostile=30.0)
    attack = judge(evidence(people, counts(people=people)))
    praise = judge(evidence(people, counts(people=people, pleased=50.0)))
    copies = judge(evidence(people, counts(people=people, copying=50.0)))
    noise = judge(evidence(people, counts(people=people, passing=25.0)))
    assert attack.score == praise.score == copies.score
    assert attack.severity.wakes
    assert (praise.severity, copies.severity, noise.severity) == (Severity.NOTABLE, Severity.NOTABLE, Severity.WATCH)


def test_few_people_are_a_conversation() -> None:
    """However quiet the account and however angry they are, six people wake nobody."""
    people = People(speaking=6.0, anger=6.0, hostile=6.0, complaining=6.0)
    quiet = Stretch(people=people, usual=People(), level=People(), spread=0.3)
    verdict = judge(Evidence(minute=1, stretches={60: quiet}, hour=lambda: counts(people=people), threshold=2.5))
    assert not verdict.severity.wakes


def test_a_smaller_budget_asks_for_more() -> None:
    """The fewer needless alerts are bearable, the higher the threshold, with and without a past."""
    kept = History()
    for hour in range(40 * 24):
        kept.put(hour, Hour(People(speaking=1.0), 0.5 + hour // 24 % 7 / 5, 0))
    for past in (History(), kept):
        chosen = [budget.threshold(past, each, 40) for each in (0.1, 0.5, 2.0)]
        assert chosen == sorted(chosen, reverse=True)
        assert chosen[0] > chosen[2]


def test_a_restless_account_gets_a_higher_threshold() -> None:
    """Two accounts with the same budget: the one whose quiet days reach higher scores is woken later."""
    calm, restless = History(), History()
    for hour in range(40 * 24):
        calm.put(hour, Hour(People(speaking=1.0), 0.4 + hour // 24 % 7 / 10, 0))
        restless.put(hour, Hour(People(speaking=1.0), 1.5 + hour // 24 % 7 / 4, 0))
    assert budget.threshold(restless, 0.5, 40) > budget.threshold(calm, 0.5, 40)


def seen(number: int, voice: int, kind: int, reference: str = "", hostility: int = 0) -> Seen:
    return Seen(f"post{number}", voice, kind, hostility, 0, 1, reference, "", 0, -1, 0, 0, 0)


def test_the_trigger_is_what_people_write_about() -> None:
    """Answers weigh more than reposts: ten that repost one post do not outweigh six that answer another."""
    posts = [seen(n, n, REPOST, "reposted") for n in range(10)] + [
        seen(100 + n, 100 + n, REPLY, "answered") for n in range(6)
    ]
    found = trigger.find(posts, 1.0, lambda post: post == "answered")
    assert found is not None
    assert (found.post, found.whose, found.voices) == ("answered", Whose.OURS, 6)


def test_no_trigger_where_nobody_gathers() -> None:
    """Thirty posts that refer to nothing in common have no trigger."""
    assert trigger.find([seen(n, n, ORIGINAL) for n in range(30)], 1.0, lambda post: False) is None


def test_telling_posts_are_hostile_first_and_each_voice_once() -> None:
    """The sample begins with the most hostile own words and holds a voice once."""
    posts = [
        seen(1, 1, REPLY, "x", 20),
        seen(2, 1, REPLY, "x", 95),
        seen(3, 2, REPLY, "x", 60),
        seen(4, 3, REPOST, "x", 99),
    ]
    assert trigger.telling(posts, None) == ("post2", "post3", "post4")


def test_doubling_and_half_life() -> None:
    """A window that doubles in a quarter of an hour says 15 minutes, one that halves the same; neither says both."""
    rate = forecast.growth(9, 19, 15)
    assert forecast.doubling(rate) == pytest.approx(15)
    assert forecast.half_life(rate) is None
    assert forecast.half_life(forecast.growth(19, 9, 15)) == pytest.approx(15)


def test_the_forecast_is_an_interval_round_a_middle() -> None:
    """Low, middle and high are in order, and growth raises them; with less than three quarters there is none."""
    flat, growing = forecast.next_hour([10, 10, 10, 10], 5), forecast.next_hour([5, 10, 20, 40], 5)
    assert forecast.next_hour([10, 10], 5) is None
    assert flat is not None
    assert growing is not None
    assert flat[0] < flat[1] < flat[2]
    assert growing[1] > flat[1]
    # Who writes in two quarters is one person of the hour; and storms burn out.
    assert 30 < flat[1] < 40
    assert growing[1] < 4 * 40
