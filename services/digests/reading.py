"""The material of a digest read from the index."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from soundings.services.alerts.evidence import named_handles
from soundings.services.digests.area import Belongs, belongs_to, everything
from soundings.services.digests.counts import LOOK_BACK, Past, WeekCount
from soundings.services.digests.material import Material
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import AccountBook, Department, PolicyArea
from soundings.services.domain.firestorms import Firestorm
from soundings.services.domain.posts import Mention, Statement
from soundings.services.domain.themes import ThemeWeek
from soundings.services.index.port import Index
from soundings.services.themes.register_store import RegisterStore

ANSWERED_WITHIN = timedelta(days=7)
"""After the week's end: an answer that comes later than that is not one that people wait for."""
_ALERTS = timedelta(days=7)
"""Before the week's start: a storm that reaches into it may have been told of so long ago."""


async def read(
    index: Index,
    book: AccountBook,
    department: Department,
    area: PolicyArea | None,
    week: Week,
    now: datetime,
    *,
    register: RegisterStore | None = None,
    desk_url: str = "",
) -> Material:
    """All that the digest of a week is made of. Memory grows with the week, not with the weeks before it.

    Args:
        register: what was decided about themes; without it all are candidates.

    Raises:
        IndexUnavailable
    """
    zone = ZoneInfo(department.timezone)
    start, end = week.span(zone)
    belongs = belongs_to(area) if area else everything
    collected: dict[str, list[int]] = {}
    mentions: list[Mention] = []
    async for mention in index.scan_mentions(department.key, start, end):
        local = mention.post.created_at.astimezone(zone).date()
        collected.setdefault(mention.post.source, [0] * 7)[local.weekday()] += 1
        if belongs(mention.post):
            mentions.append(mention)
    past, past_sources = await _past(index, department, belongs, week, zone)
    themes = await index.theme_weeks(department.key, str(week))
    storms = await index.firestorms(department.key, start, end)
    alerts = await index.alerts(department.key, start - _ALERTS, end + _ALERTS)
    notifications = await index.notifications([alert.id for alert in alerts])
    urgent = await index.urgent(department.key, start, end)
    until = min(now, end + ANSWERED_WITHIN)
    return Material(
        department=department,
        area=area,
        week=week,
        belongs=belongs,
        mentions=tuple(mentions),
        collected={source: tuple(counts) for source, counts in collected.items()},
        past=past,
        past_sources=past_sources,
        statements=await index.statements_between(department.key, start, until) if until > start else (),
        answers_until=until,
        themes=themes,
        themes_before=await index.theme_weeks(department.key, str(week.before(1))),
        themes_read=await index.themes_read(department.key, str(week)),
        theme_texts=await _evidence(index, themes),
        entries=await register.of_department(department.key) if register else (),
        storms=storms,
        storm_texts=await _texts(index, storms),
        alerts=alerts,
        notifications=notifications,
        urgent=urgent,
        urgent_notes=await index.notifications([each.id for each in urgent]),
        named=named_handles(book),
        desk_url=desk_url,
    )


async def _past(
    index: Index, department: Department, belongs: Belongs, week: Week, zone: ZoneInfo
) -> tuple[Past, frozenset[str]]:
    weeks: list[WeekCount] = []
    sources: set[str] = set()
    for number in range(1, LOOK_BACK + 1):
        count = WeekCount(week=week.before(number))
        anything = False
        async for mention in index.scan_mentions(department.key, *count.week.span(zone)):
            anything = True
            sources.add(mention.post.source)
            if belongs(mention.post):
                count.add(mention, zone)
        # A week without a single post of the whole department was not collected; it is not a quiet one.
        if anything:
            weeks.append(count)
    return Past(weeks=tuple(weeks)), frozenset(sources)


async def _texts(index: Index, storms: tuple[Firestorm, ...]) -> Mapping[str, Mention | Statement]:
    ids = {name for storm in storms for name in storm.sample}
    ids |= {storm.trigger.post for storm in storms if storm.trigger}
    ids |= {storm.statement for storm in storms if storm.statement}
    return {**await index.mentions(ids), **await index.statements(ids)} if ids else {}


async def _evidence(index: Index, themes: tuple[ThemeWeek, ...]) -> Mapping[str, Mention]:
    held = [each.theme for each in themes]
    ids = {name for theme in held for name in (*theme.representatives, *theme.questions, *theme.suggestions)}
    return await index.mentions(ids) if ids else {}
