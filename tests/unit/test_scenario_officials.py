"""What the demo's made-up officials decide."""

import asyncio
from datetime import UTC, datetime

from soundings.deploy.scenario import STORM_AT
from soundings.deploy.scenario.officials import decide
from soundings.services.domain.accounts import Account, Department, Platform, PolicyArea
from soundings.services.domain.register import Progress
from soundings.services.domain.themes import Evidence, Recurrence, Theme, ThemesRead, ThemeWeek, Trend
from soundings.services.index.memory import MemoryIndex
from soundings.services.themes.register_store import MemoryRegister

BEFORE = "2026-W41"
DEPARTMENT = Department(
    key="d",
    name="Department of Examples",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="ExampleGov"),),
    policy_areas=(PolicyArea(name="Permits", owner="permits@example.org"),),
)


def heard(number: int, people: int, *, areas: tuple[str, ...] = ("Permits",), campaign: bool = False) -> ThemeWeek:
    evidence = Evidence(posts=people, reposts=0, texts=people, voices=people, hostile=0, questions=0, suggestions=0)
    seen = Recurrence(trend=Trend.STEADY, weeks_present=4, weeks_looked_at=8, first_week="2026-W37", reason="so")
    theme = Theme(
        id=f"d:{number}",
        title=f"Matter {number}",
        keywords=(),
        evidence=evidence,
        weeks={},
        recurrence=seen,
        representatives=(),
        questions=(),
        suggestions=(),
        campaign=campaign,
    )
    at = datetime(2026, 10, 11, 23, tzinfo=UTC)
    return ThemeWeek(department="d", week=BEFORE, at=at, theme=theme, areas=areas)


def test_one_theme_is_seen_through_in_the_week_of_the_storm_and_one_waits() -> None:
    """Largest first, no campaign and nothing without an area; every step lies in the story's time."""
    weeks = [heard(1, 50), heard(2, 90, campaign=True), heard(3, 80, areas=()), heard(4, 60), heard(5, 10)]

    async def run() -> None:
        index, store = MemoryIndex(), MemoryRegister()
        assert await decide(index, store, DEPARTMENT) == ()
        read = ThemesRead(department="d", week=BEFORE, at=weeks[0].at, themes=tuple(w.theme.id for w in weeks))
        assert await index.put([*weeks, read]) == ()
        done, waiting = await decide(index, store, DEPARTMENT)
        assert (done.theme, done.progress, done.owner) == ("d:4", Progress.CHANGED, "permits@example.org")
        assert (waiting.theme, waiting.progress) == ("d:1", Progress.HEARD)
        assert await store.of_department("d") == (waiting, done)
        assert STORM_AT.isocalendar()[:2] == done.history[-1].at.isocalendar()[:2]
        assert done.history[-1].at < STORM_AT

    asyncio.run(run())
