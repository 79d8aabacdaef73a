"""What every index keeps to about themes: the latest report of a week stands, whole, in its order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundings.services.domain.themes import Evidence, LeftOut, Recurrence, Theme, ThemesRead, ThemeWeek, Trend

SUNDAY = datetime(2021, 2, 28, 23, 30, tzinfo=UTC)
WEEK = "2021-W08"
NUMBERS = count()

# Half a surrogate pair is no text.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WORD_TUPLES = st.lists(WORDS, max_size=3).map(tuple)
FEW = st.integers(0, 2**53)
TIMES = st.datetimes(datetime(2021, 3, 1), datetime(2021, 3, 8), timezones=st.just(UTC))
THEMES = st.builds(
    Theme,
    id=st.text("abc:0123456789", min_size=1, max_size=12), title=WORDS, keywords=WORD_TUPLES,
    evidence=st.builds(
        Evidence, posts=FEW, reposts=FEW, texts=FEW, voices=FEW, hostile=FEW, questions=FEW, suggestions=FEW
    ),
    weeks=st.dictionaries(WORDS, FEW, max_size=3),
    recurrence=st.builds(
        Recurrence, trend=st.sampled_from(Trend), weeks_present=FEW, weeks_looked_at=FEW, first_week=WORDS, reason=WORDS
    ),
    representatives=WORD_TUPLES, questions=WORD_TUPLES, suggestions=WORD_TUPLES, campaign=st.booleans(),
    formed_from=WORD_TUPLES, split_from=st.none() | WORDS,
)  # fmt: skip
LEFT = st.builds(LeftOut, id=WORDS, rule=WORDS, reason=WORDS, support=FEW)


def a_theme(identifier: str, title: str = "smell from the landfill") -> Theme:
    return Theme(
        id=identifier,
        title=title,
        keywords=("smell",),
        evidence=Evidence(posts=7, reposts=2, texts=7, voices=5, hostile=0, questions=1, suggestions=0),
        weeks={"2021-W07": 3, WEEK: 9},
        recurrence=Recurrence(
            trend=Trend.GROWING, weeks_present=2, weeks_looked_at=8, first_week="2021-W07", reason=""
        ),
        representatives=("x::1",),
        questions=("x::2",),
        suggestions=(),
        campaign=False,
    )


def a_report(department: str, *themes: Theme, at: datetime = SUNDAY, week: str = WEEK) -> list[ThemeWeek | ThemesRead]:
    weeks = [ThemeWeek(department=department, week=week, at=at, theme=theme) for theme in themes]
    named = tuple(theme.id for theme in themes)
    return [*weeks, ThemesRead(department=department, week=week, at=at, themes=named, counts={"received": 9})]


def test_the_themes_of_a_week_are_those_that_its_report_names(held: Any, department: str) -> None:
    """In the report's order; of another week or department nothing."""
    first, second = a_theme(f"{department}:1"), a_theme(f"{department}:2")
    held.put(*a_report(department, second, first))
    held.put(*a_report(f"{department}-other", a_theme(f"{department}-other:1")))
    read = held.run(held.index.themes_read(department, WEEK))
    assert read.themes == (second.id, first.id) and read.counts == {"received": 9}
    assert [each.theme for each in held.run(held.index.theme_weeks(department, WEEK))] == [second, first]
    assert held.run(held.index.themes_read(department, "2021-W07")) is None
    assert held.run(held.index.theme_weeks(department, "2021-W07")) == ()


@pytest.mark.parametrize("order", [1, -1])
def test_a_later_report_of_the_week_stands_in_whatever_order_they_come(held: Any, department: str, order: int) -> None:
    """A theme that the later one does not name is no longer there; a report of next month is of the same week."""
    gone, stays = a_theme(f"{department}:1"), a_theme(f"{department}:2")
    later = replace(stays, title="smell from the landfill at night")
    reports = [
        a_report(department, gone, stays),
        a_report(department, later, at=SUNDAY + timedelta(hours=1)),
    ]
    for report in reports[::order]:
        held.put(*report)
    assert [each.theme for each in held.run(held.index.theme_weeks(department, WEEK))] == [later]
    assert held.run(held.index.themes_read(department, WEEK)).at == SUNDAY + timedelta(hours=1)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # each costs a refresh
@given(themes=st.lists(THEMES, max_size=4), areas=WORD_TUPLES, at=TIMES, left=st.lists(LEFT, max_size=2).map(tuple))
def test_a_report_comes_back_as_it_was_put(
    held: Any, themes: list[Theme], areas: tuple[str, ...], at: datetime, left: tuple[LeftOut, ...]
) -> None:
    """Nothing of a theme or of what was read is lost or changed by being stored."""
    department = f"round-{next(NUMBERS)}"
    themes = list({theme.id: theme for theme in themes}.values())
    weeks = [ThemeWeek(department=department, week="2021-W09", at=at, theme=theme, areas=areas) for theme in themes]
    named = tuple(theme.id for theme in themes)
    read = ThemesRead(department=department, week="2021-W09", at=at, themes=named, left_out=left)
    held.put(*weeks, read)
    assert held.run(held.index.themes_read(department, "2021-W09")) == read
    assert list(held.run(held.index.theme_weeks(department, "2021-W09"))) == weeks


def test_a_week_that_is_none_is_refused(held: Any, department: str) -> None:
    """It belongs to no month."""
    rejected = held.run(held.index.put(a_report(department, week="2021-W54")))
    assert [each.reason for each in rejected] == ["its week is no ISO week"]
