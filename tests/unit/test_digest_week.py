"""Weeks in local time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from soundings.services.digests.week import Week

LONDON = ZoneInfo("Europe/London")


def test_a_week_begins_and_ends_at_local_midnight() -> None:
    start, end = Week.parse("2021-W10").span(LONDON)
    assert start == datetime(2021, 3, 8, tzinfo=UTC)
    assert end == datetime(2021, 3, 15, tzinfo=UTC)
    summer, _ = Week.parse("2021-W27").span(LONDON)
    assert summer == datetime(2021, 7, 4, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("week", "zone", "hours"),
    [
        ("2021-W12", "Europe/London", 167),  # the clocks go forward on Sunday 28 March
        ("2021-W43", "Europe/London", 169),  # and back on Sunday 31 October
        ("2021-W13", "Europe/London", 168),
        ("2021-W12", "Asia/Kolkata", 168),
        ("2021-W13", "Australia/Lord_Howe", 168.5),  # half an hour back on Sunday 4 April
    ],
)
def test_a_week_with_a_clock_change_is_shorter_or_longer(week: str, zone: str, hours: float) -> None:
    start, end = Week.parse(week).span(ZoneInfo(zone))
    assert end - start == timedelta(hours=hours)


def test_the_weeks_of_a_year_follow_each_other_without_gap_or_overlap() -> None:
    week = Week.parse("2021-W03")
    for _ in range(60):
        before = week.before(1)
        assert before.span(LONDON)[1] == week.span(LONDON)[0]
        assert before < week
        week = before


def test_a_moment_lies_in_the_week_of_its_local_day() -> None:
    late = datetime(2021, 7, 4, 23, 30, tzinfo=UTC)
    assert str(Week.of(late, LONDON)) == "2021-W27"
    assert str(Week.of(late, ZoneInfo("UTC"))) == "2021-W26"


def test_the_year_of_a_week_is_that_of_its_thursday() -> None:
    assert str(Week.of(datetime(2021, 1, 3, 12, tzinfo=UTC), LONDON)) == "2020-W53"
    assert Week.parse("2020-W53").words == "28 December 2020 to 3 January 2021"
    assert Week.parse("2021-W10").words == "8 to 14 March 2021"
    assert Week.parse("2021-W13").words == "29 March to 4 April 2021"


@pytest.mark.parametrize("text", ["2021-W54", "2021-W00", "2021-53", "2021W10", "W10", "", "2021-W1", "²021-W10"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="week"):
        Week.parse(text)
