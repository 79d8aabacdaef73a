"""Which decisions a digest asks for, and by when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from soundings.services.digests.theme_words import ask as words
from soundings.services.domain.register import Change, ChangeKind, Entry, Progress
from soundings.services.domain.themes import Trend
from soundings.services.themes.register import adopt, advance, discard

SUNDAY = datetime(2026, 7, 12, 12, tzinfo=UTC)
FRIDAY = date(2026, 7, 17)
STAGES = (Progress.LOOKED_AT, Progress.ANSWERED, Progress.WILL_NOT_CHANGE)


def by(weeks_ago: float) -> dict[str, Any]:
    return {"who": "r.rowe", "at": SUNDAY - timedelta(weeks=weeks_ago), "note": "n"}


def at_stage(eg: Any, *weeks_ago: float, number: int = 1) -> Entry:
    """Adopted the first number of weeks ago, and a stage further at each of the others."""
    entry = adopt(
        f"{eg.DEPARTMENT.key}:{number}",
        department=eg.DEPARTMENT.key,
        title="Late ferries",
        area="Permits",
        owner="p@example.gov.uk",
        **by(weeks_ago[0]),
    )
    for stage, ago in zip(STAGES, weeks_ago[1:], strict=False):
        entry = advance(entry, stage, **by(ago))
    return entry


@pytest.mark.parametrize(
    ("people", "trend", "asked"),
    [(9, Trend.STEADY, False), (10, Trend.STEADY, True), (49, Trend.NEW, False), (50, Trend.NEW, True)],
)
def test_a_candidate_is_asked_about_if_enough_people_say_it_again_or_many_at_once(
    eg: Any, people: int, trend: Trend, asked: bool
) -> None:
    made = eg.composed(eg.reported(eg.theme_week(1, "Purple forms", people, trend)))
    assert [ask.due for ask in made.themes.asks] == [FRIDAY] * asked


def test_campaigns_and_decided_themes_are_not_asked_about_as_candidates(eg: Any) -> None:
    weeks = [eg.theme_week(1, "Charter", 90, campaign=True), eg.theme_week(2, "Noise", 90)]
    gone = discard(weeks[1].theme.id, department=eg.DEPARTMENT.key, title="Noise", **by(1))
    assert eg.composed(eg.reported(*weeks), entries=[gone]).themes.asks == ()


@pytest.mark.parametrize(
    ("weeks_ago", "sentence"),
    [
        ((1,), "Say who looks at it, by Sunday 19 July (heard since 5 July; owner p@example.gov.uk)."),
        ((3,), "Say who looks at it, was due on Sunday 5 July (heard since 21 June; owner p@example.gov.uk)."),
        ((5, 4), None),
        ((11, 4), "Answer it, by Sunday 19 July (looked at since 14 June; owner p@example.gov.uk)."),
        ((30, 20, 1), None),
        ((30, 20, 13), "Say what changes, or why nothing will, was due on Sunday 5 July"),
    ],
)
def test_each_stage_has_its_time(eg: Any, weeks_ago: tuple[float, ...], sentence: str | None) -> None:
    """Two weeks to be looked at, twelve to be answered, twelve more to say what becomes of it; two weeks' notice."""
    found = [words(ask) for ask in eg.composed([], entries=[at_stage(eg, *weeks_ago)]).themes.asks]
    assert len(found) == (sentence is not None)
    assert sentence is None or found[0].startswith(sentence)


def test_what_people_still_say_a_month_after_its_end_is_asked_about(eg: Any) -> None:
    """An end that nobody has noticed is no end."""
    report = eg.reported(eg.theme_week(1, "Ferries", 30, Trend.STEADY))
    (ask,) = eg.composed(report, entries=[at_stage(eg, 30, 20, 10, 5)]).themes.asks
    assert words(ask).startswith(
        "Look at it again, or tell people once more, by Friday 17 July (30 people still say it;"
    )
    assert eg.composed(report, entries=[at_stage(eg, 30, 20, 10, 2)]).themes.asks == ()
    fading = eg.reported(eg.theme_week(1, "Ferries", 30, Trend.FADING))
    assert eg.composed(fading, entries=[at_stage(eg, 30, 20, 10, 5)]).themes.asks == ()


def test_what_is_overdue_comes_first_and_no_more_is_asked_than_can_be_done(eg: Any) -> None:
    """Six at most, three of them about new themes."""
    weeks = [eg.theme_week(10 + n, f"Matter {n}", 100 - n) for n in range(9)]
    entries = [at_stage(eg, 3 + n, number=n) for n in range(5)]
    asks = eg.composed(eg.reported(*weeks), entries=entries).themes.asks
    assert [ask.overdue for ask in asks] == [True] * 5 + [False]
    assert [ask.due for ask in asks] == sorted(ask.due for ask in asks)
    assert eg.composed(eg.reported(*weeks)).themes.asks[0].title == "Matter 0"
    assert len(eg.composed(eg.reported(*weeks)).themes.asks) == 3


def test_a_change_that_was_made_is_not_asked_for_again(eg: Any) -> None:
    entry = at_stage(eg, 30, 20, 13)
    done = Change(kind=ChangeKind.POLICY, what="a rule", link="https://example.org")
    assert eg.composed([], entries=[advance(entry, Progress.CHANGED, change=done, **by(1))]).themes.asks == ()


def test_what_is_taken_up_once_more_has_its_time_anew(eg: Any) -> None:
    """An answer is owed twelve weeks after the theme was taken up again, not after it was first adopted."""
    entry = advance(at_stage(eg, 60, 50, 40, 30), Progress.LOOKED_AT, **by(3))
    assert eg.composed([], entries=[entry]).themes.asks == ()
    late = advance(at_stage(eg, 60, 50, 40, 30), Progress.LOOKED_AT, **by(13))
    (ask,) = eg.composed([], entries=[late]).themes.asks
    assert words(ask).startswith("Answer it, was due on Sunday 5 July")
    gone = discard(late.theme, department=eg.DEPARTMENT.key, title="x", **by(30))
    again = advance(
        adopt(late.theme, department=eg.DEPARTMENT.key, title="x", area="Permits", owner="o", entry=gone, **by(4)),
        Progress.LOOKED_AT,
        **by(3),
    )
    assert eg.composed([], entries=[again]).themes.asks == ()
