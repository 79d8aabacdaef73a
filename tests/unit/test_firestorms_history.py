"""What is kept of a department's hours, and what a storm leaves behind."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from soundings.services.firestorms import baseline, budget
from soundings.services.firestorms.history import KEPT_HOURS, PEAK_DAYS, QUIET, History, Hour
from soundings.services.firestorms.people import People
from soundings.services.firestorms.verdict import LEAST_PEOPLE, LEAST_WRITING, Evidence, Stretch, judge
from soundings.services.firestorms.window import Counts

FIRST = 24 * 20_000


def weeks(hours: int) -> History:
    """Every third hour is quiet."""
    kept = History()
    for hour in range(FIRST, FIRST + hours):
        kept.put(hour, Hour(People(speaking=hour % 50, anger=0.4), hour // 24 % 9 / 4, 0) if hour % 3 else QUIET)
    return kept


def test_a_history_comes_back_from_its_bytes_and_goes_on_alike() -> None:
    """Bytes of a restored history are the same, also after an hour that was counted again and another."""
    kept = weeks(60 * 24)
    back = History.of(kept.to_bytes())
    for each in (kept, back):
        each.put(FIRST + 60 * 24 - 1, Hour(People(speaking=7.0), 1.5, 1))
        each.put(FIRST + 60 * 24, Hour(People(speaking=8.0), 0.5, 0))
    assert back.to_bytes() == kept.to_bytes()
    assert back.get(FIRST + 60 * 24 - 1) == Hour(People(speaking=7.0), 1.5, 1)


def test_hours_are_kept_for_four_weeks_and_daily_peaks_for_eight() -> None:
    """A year takes no more room than ten weeks, hours beyond the horizon are unknown, eight weeks of peaks remain."""
    kept = weeks(365 * 24)
    assert len(kept.to_bytes()) == pytest.approx(len(weeks(70 * 24).to_bytes()), abs=100)
    last = FIRST + 365 * 24 - 1
    assert kept.get(last - KEPT_HOURS) is None
    assert kept.get(last - KEPT_HOURS + 2) is not None
    today = (last + 1) // 24
    expected = [day % 9 / 4 for day in range(today - PEAK_DAYS + 1, today)]
    assert budget.daily_peaks(kept, today) == pytest.approx(expected, abs=0.01)


def test_a_crowd_beyond_all_bounds_is_still_kept() -> None:
    """More people than the stored form can tell are as many as it can tell, not an error."""
    kept = History()
    kept.put(FIRST, Hour(People(speaking=1e9), 2.0, 0))
    hour = kept.get(FIRST)
    assert hour is not None
    assert hour.people.speaking > 60_000


def test_alike_hours_have_the_same_local_time_across_a_clock_change() -> None:
    """Noon after the clocks went back is compared with noon before, which lies an hour earlier in UTC."""
    noon = int(datetime(2031, 10, 27, 12, tzinfo=UTC).timestamp()) // 3600
    alike = baseline.alike_hours(noon, ZoneInfo("Europe/London"))
    friday = int(datetime(2031, 10, 24, 11, tzinfo=UTC).timestamp()) // 3600
    assert friday in alike
    assert {friday - 1, friday + 1} <= set(alike.tolist())


def test_after_a_storm_it_takes_more_for_two_days() -> None:
    """The threshold is higher from a storm's end on, for a while, and then as before."""
    assert budget.after(3.0, None, 5_000) == 3.0
    assert budget.after(3.0, 5_000, 5_001) > 3.0
    assert budget.after(3.0, 5_000, 5_000 + budget.ECHO_MINUTES) == 3.0


def judged(people: People) -> float:
    usual = People(speaking=2.0, reposting=2.0, complaining=0.5, anger=0.5, passing_on=0.5)
    stretch = Stretch(people=people, usual=usual, level=usual, spread=0.3)
    return judge(Evidence(minute=1, stretches={60: stretch}, hour=Counts, threshold=3.0)).score


def test_who_passes_hostile_words_on_counts() -> None:
    """The same people who write and repost: more is told if what is passed on is hostile."""
    calm = People(speaking=20.0, reposting=30.0, anger=3.0, gathered=20.0)
    assert judged(calm._replace(passing_on=30.0)) > judged(calm)


def test_reposts_make_a_crowd_at_a_quarter_and_none_are_missed_where_none_come() -> None:
    """Ten who write are too few alone, enough with those who repost; where nobody reposts, fifteen are enough."""
    few = People(speaking=10.0, reposting=1.0, anger=8.0, complaining=8.0, gathered=11.0)
    assert judged(few) < 3.0
    assert judged(few._replace(reposting=4 * (LEAST_PEOPLE - 10), gathered=50.0)) >= 3.0
    alone = People(speaking=LEAST_WRITING, anger=14.0, complaining=14.0)
    assert judged(alone) >= 3.0
