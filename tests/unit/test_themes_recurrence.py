"""Is it the same as last week, and what a report leaves out."""

from dataclasses import replace

import pytest

from soundings.services.domain.themes import Evidence, Recurrence, Theme, Trend
from soundings.services.themes.recurrence import recurrence
from soundings.services.themes.report import is_campaign
from soundings.services.themes.rules import kept

WEEKS = [f"2026-W{week:02}" for week in range(1, 10)]


@pytest.mark.parametrize(
    ("counts", "trend"),
    [
        ([0, 0, 0, 0, 0, 0, 0, 0, 9], Trend.NEW),
        ([9, 9, 8, 9, 9, 9, 9, 9, 9], Trend.STEADY),
        ([9, 9, 8, 9, 9, 9, 9, 9, 40], Trend.GROWING),
        ([40, 40, 40, 40, 40, 40, 40, 40, 9], Trend.FADING),
        ([9, 9, 9, 9, 9, 0, 1, 0, 9], Trend.BACK),
        ([9, 9, 9, 9, 9, 9, 9, 9, 2], Trend.QUIET),
        ([0, 0, 0, 0, 0, 0, 0, 4, 5], Trend.STEADY),
    ],
)
def test_the_trend_of_a_week(counts: list[int], trend: Trend) -> None:
    assert recurrence(dict(zip(WEEKS, counts, strict=True)), WEEKS[-1]).trend is trend


def test_later_weeks_are_not_looked_at() -> None:
    counts = dict.fromkeys(WEEKS, 9)
    assert recurrence({**counts, "2026-W20": 500}, "2026-W09") == recurrence(counts, "2026-W09")


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (dict.fromkeys(WEEKS, 9), "in 8 of the last 8 weeks; 9 this week, usually 9"),
        ({"2026-W09": 9}, "first heard this week; 9 this week"),
        ({"2025-W40": 7, "2026-W09": 9}, "last heard in 2025-W40; 9 this week, usually 0"),
        ({"2026-W07": 9}, "in 1 of the last 8 weeks; 0 this week, usually 4.5"),
        ({"2025-W40": 7}, "not in the last 8 weeks; 0 this week, usually 0"),
    ],
)
def test_recurrence_says_in_words_how_often(counts: dict[str, int], reason: str) -> None:
    assert recurrence(counts, "2026-W09").reason == reason


def test_weeks_are_counted_across_the_turn_of_the_year() -> None:
    assert recurrence({"2025-W52": 5, "2026-W01": 5}, "2026-W01").weeks_present == 2


def test_posts_without_a_time_have_no_recurrence() -> None:
    assert recurrence({"": 50}, "").weeks_looked_at == 0


def theme(name: str, title: str, *, posts: int = 20, voices: int = 15) -> Theme:
    return Theme(
        id=name,
        title=title,
        keywords=(),
        evidence=Evidence(posts=posts, reposts=0, texts=posts, voices=voices, hostile=0, questions=0, suggestions=0),
        weeks={},
        recurrence=Recurrence(trend=Trend.NEW, weeks_present=1, weeks_looked_at=8, first_week="", reason=""),
        representatives=(),
        questions=(),
        suggestions=(),
        campaign=False,
    )


def test_of_two_titles_alike_the_one_with_more_voices_is_shown_whatever_the_order() -> None:
    themes = [theme("t1", "Late ferry, Hill Quay", voices=9), theme("t2", "Hill Quay ferry late", voices=12)]
    for order in (themes, themes[::-1]):
        shown, left = kept(order)
        assert [t.id for t in shown] == ["t2"]
        assert (left[0].id, left[0].rule) == ("t1", "no two titles alike")


def test_tiny_themes_and_one_persons_letters_are_left_out_with_the_reason() -> None:
    shown, left = kept([theme("t1", "One", posts=4), theme("t2", "Two", voices=1), theme("t3", "Three", voices=0)])
    assert [t.id for t in shown] == ["t3"]
    assert {item.id: item.rule for item in left} == {"t1": "none tiny", "t2": "none of one voice"}


def test_copies_and_few_voices_make_a_campaign_and_unknown_voices_do_not() -> None:
    own_words = theme("t", "T", posts=40, voices=35).evidence
    assert not is_campaign(own_words, 35)
    assert is_campaign(replace(own_words, texts=2), 35)
    assert is_campaign(own_words, 3)
    assert not is_campaign(own_words, 0)
