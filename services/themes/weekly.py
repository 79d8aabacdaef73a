"""From a report to the records of a week: each theme with the policy areas that its posts belong to."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from soundings.services.digests.area import belongs_to
from soundings.services.domain.accounts import Department
from soundings.services.domain.posts import Mention
from soundings.services.domain.themes import Evidence, Recurrence, Theme, ThemeReport, ThemeWeek, Trend
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.report import SAMPLE
from soundings.services.themes.tallies import Tally, merged

AREA_SHARE = 0.2
"""Of a theme's posts of the week: below it a policy area is named in passing. A post on a river names the flood."""


def theme_weeks(
    department: Department, at: datetime, made: ThemeReport, engine: ThemeEngine, held: Mapping[str, Mention]
) -> list[ThemeWeek]:
    """The report's themes. `held` are the mentions that were fetched for it."""
    week = made.week or ""
    sampled = _sampled(engine, week)
    return [
        ThemeWeek(
            department=department.key,
            week=week,
            at=at,
            theme=theme,
            areas=areas(department, [held[post] for post in sampled.get(theme.id, ()) if post in held]),
        )
        for theme in made.themes
    ]


def areas(department: Department, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Policy areas that at least AREA_SHARE of the posts belong to, most posts first, then as configured."""
    found = Counter[str]()
    for area in department.policy_areas:
        belongs = belongs_to(area)
        found[area.name] = sum(belongs(mention.post) for mention in mentions)
    return tuple(name for name, number in found.most_common() if number and number >= AREA_SHARE * len(mentions))


def no_longer(department: str, week: str, at: datetime, theme: str) -> ThemeWeek:
    """Takes the place of a theme that an earlier report of the week named: without support, nobody shows it."""
    nothing = Evidence(posts=0, reposts=0, texts=0, voices=0, hostile=0, questions=0, suggestions=0)
    return ThemeWeek(
        department=department,
        week=week,
        at=at,
        theme=Theme(
            id=theme,
            title="",
            keywords=(),
            evidence=nothing,
            weeks={},
            recurrence=Recurrence(
                trend=Trend.QUIET, weeks_present=0, weeks_looked_at=0, first_week="", reason="no longer a theme"
            ),
            representatives=(),
            questions=(),
            suggestions=(),
            campaign=False,
        ),
    )


def _sampled(engine: ThemeEngine, week: str) -> Mapping[str, list[str]]:
    """Ids of posts of the week that the engine keeps, by theme id."""
    members = defaultdict(list)
    for slot, theme in enumerate(engine.micro.theme[: engine.micro.live].tolist()):
        weeks = engine.weeks[int(engine.micro.names[slot])]
        if week in weeks:
            members[theme].append({week: weeks[week]})
    told: dict[int, Tally] = {theme: merged(parts, keep=SAMPLE)[week] for theme, parts in members.items()}
    return {
        engine.name(theme): list(dict.fromkeys(post for _, post in (*tally.sample, *tally.asked, *tally.suggested)))
        for theme, tally in told.items()
    }
