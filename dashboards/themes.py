"""The panels on themes: what people keep saying, week after week, and what was decided about it."""

from soundings.dashboards import panels, queries
from soundings.dashboards.board import Board
from soundings.dashboards.datasources import REGISTER, THEMES
from soundings.dashboards.variables import of_department
from soundings.services.domain.register import Standing
from soundings.services.index.fields import RegisterField, ThemeField

WEEK = "1w"
TWO_WEEKS = "14d"
"""A theme's time is its week's Monday: this week and the last, for on Mondays this one is empty."""
QUARTER = "91d"
"""As many weeks as themes are counted over."""
YEAR = "365d"
"""A decision may be a year old and still be owed an answer."""
MOST_ROWS = 100

HEARD = f"{of_department(ThemeField.DEPARTMENT)} AND {ThemeField.SUPPORT}:>0"
"""Without those that an earlier report of the week named and the latest does not."""
OWN = f"{HEARD} AND NOT {ThemeField.CAMPAIGN}:true"
DECIDED = of_department(RegisterField.DEPARTMENT)
ADOPTED = f"{DECIDED} AND {RegisterField.STANDING}:{Standing.ADOPTED.value}"


def add(board: Board) -> None:
    board.panel(_this_week())
    board.panel(_over_weeks())
    board.panel(_areas())
    board.panel(_progress())
    board.panel(_register())


def _this_week() -> panels.Panel:
    columns = {
        ThemeField.WEEK: "week",
        ThemeField.TITLE: "theme",
        ThemeField.VOICES: "people",
        ThemeField.SUPPORT: "posts and reposts",
        ThemeField.TREND: "trend",
        ThemeField.WEEKS_PRESENT: "weeks of the last 8",
        ThemeField.AREAS: "policy areas",
        ThemeField.CAMPAIGN: "campaign",
        ThemeField.DEPARTMENT: "department",
        ThemeField.THEME: "id",
    }
    panel = panels.documents(
        "Themes of this week and the last",
        "What people keep saying, with the people behind it; titles are the machine's. A campaign is mostly copied "
        "text, or few people behind many posts. `soundings themes show ID` has the posts.",
        THEMES,
        queries.newest(THEMES, HEARD, MOST_ROWS),
        columns,
    )
    return panels.sorted_by(panel, "week", "people").time_from(TWO_WEEKS)


def _over_weeks() -> panels.Panel:
    query = queries.over_time(
        THEMES, OWN, queries.total(ThemeField.VOICES), every=WEEK, split=ThemeField.TITLE, by=queries.POSTS
    )
    return panels.bars(
        "Themes over the weeks",
        "People in each week, of the ten themes that most people spoke of in a quarter of a year; campaigns left out. "
        "People of two themes or two weeks cannot be added up: some are in both.",
        THEMES,
        query,
        16,
    ).time_from(QUARTER)


def _areas() -> panels.Panel:
    query = queries.by_value(THEMES, OWN, ThemeField.AREAS, queries.posts(), queries.total_of(ThemeField.SUPPORT))
    return panels.ranking(
        "Policy areas", "Themes of the last two weeks by the areas that their posts are about.", THEMES, query, 8
    ).time_from(TWO_WEEKS)


def _progress() -> panels.Panel:
    query = queries.by_value(REGISTER, ADOPTED, RegisterField.PROGRESS, queries.posts())
    panel = panels.ranking(
        "How far adopted themes are",
        "From heard to changed, or not changed; those with a decision in the last year.",
        REGISTER,
        query,
        8,
    )
    return panel.time_from(YEAR).height(panels.HEIGHT + 2)


def _register() -> panels.Panel:
    columns = {
        RegisterField.TITLE: "theme",
        RegisterField.STANDING: "standing",
        RegisterField.PROGRESS: "progress",
        RegisterField.AREA: "policy area",
        RegisterField.OWNER: "owner",
        RegisterField.LAST_NOTE: "last note",
        RegisterField.LAST_LINK: "what changed",
        RegisterField.THEME: "id",
    }
    panel = panels.documents(
        "You said, we did",
        "Every theme that somebody has decided about, the latest decision first; its note says why.",
        REGISTER,
        queries.newest(REGISTER, DECIDED, MOST_ROWS),
        columns,
        16,
    ).time_from(YEAR)
    return panels.with_link(panel, "what changed", "The page that shows it", "${__value.raw}")
