"""A digest read from an index in memory and composed: what the tests of its parts make it from."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.alerts.example import example_alert
from soundings.services.digests.compose import compose
from soundings.services.digests.digest import Digest
from soundings.services.digests.reading import read
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import Account, AccountBook, Department, Platform, PolicyArea
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.firestorms import Trigger, Whose
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.domain.register import Entry
from soundings.services.domain.themes import Evidence, Recurrence, Theme, ThemesRead, ThemeWeek, Trend
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import Record
from soundings.services.themes.register_store import MemoryRegister

PERMITS = PolicyArea(name="Permits", keywords=("permit", "proof of address"), owner="permits@example.gov.uk")
DEPARTMENT = Department(
    key="department-of-examples",
    name="Department of Examples",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="ExampleGov"),),
    policy_areas=(PERMITS,),
)
BOOK = AccountBook(departments=(DEPARTMENT,))
WEEK = Week.parse("2026-W28")
MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
NOW = datetime(2026, 7, 13, 7, tzinfo=UTC)


def mention(
    number: int,
    words: str,
    *,
    voice: str = "",
    at: datetime = MONDAY,
    kind: PostKind = PostKind.ORIGINAL,
    acts: Sequence[SpeechAct] = (SpeechAct.OTHER,),
    offensive: bool = False,
    mood: Sentiment = Sentiment.NEUTRAL,
    **fields: object,
) -> Mention:
    post = Post(
        id=f"x::{number}",
        created_at=at + timedelta(minutes=number % 600),
        voice=voice or f"voice{number}",
        text=words,
        kind=kind,
        source="x",
        accounts=("x:examplegov",),
        departments=(DEPARTMENT.key,),
        url=f"https://social.example/{number}",
    )
    tags = Tags(lang="en", sentiment=mood, hostility=0.1, offensive=offensive, acts=tuple(acts))
    return Mention(post=replace(post, **fields), tags=tags)  # type: ignore[arg-type]


def composed(
    records: Sequence[Record],
    *,
    area: PolicyArea | None = None,
    now: datetime = NOW,
    entries: Sequence[Entry] = (),
) -> Digest:
    async def made() -> Digest:
        index, register = MemoryIndex(), MemoryRegister()
        assert await index.put(records) == ()
        register.entries = {entry.theme: entry for entry in entries}
        return compose(await read(index, BOOK, DEPARTMENT, area, WEEK, now, register=register), now)

    return asyncio.run(made())


def history(weeks: int, people: int = 10) -> list[Mention]:
    """The same number of people on each Monday of the weeks before."""
    return [
        mention(10_000 + 100 * back + n, "a quiet word about something", at=MONDAY - timedelta(weeks=back))
        for back in range(1, weeks + 1)
        for n in range(people)
    ]


def stormy() -> list[Record]:
    """A storm on Wednesday evening about our post, with ordinary posts around it."""
    at = datetime(2026, 7, 8, 20, 5, tzinfo=UTC)
    own = replace(mention(500, "A firm post about a new rule.", at=at).post, own_account="x:examplegov", created_at=at)
    storm = replace(
        example_alert(at).firestorm,
        department=DEPARTMENT.key,
        began_at=at + timedelta(minutes=2),
        opened_at=at + timedelta(minutes=20),
        closed_at=at + timedelta(hours=3),
        trigger=Trigger(post=own.id, whose=Whose.OURS, voices=9),
        statement=own.id,
        sample=("x::600",),
    )
    alert = replace(example_alert(at), id=f"{storm.id}/opened", department=DEPARTMENT.key, firestorm=storm, live=True)
    told = Notification(alert=alert.id, channel="duty phone", outcome=Outcome.SENT, at=at + timedelta(minutes=21))
    replay = Notification(alert=alert.id, channel="mail", outcome=Outcome.NOT_SENT_SEVERITY, at=at)
    angry = [
        mention(600 + n, f"shame on whoever signed off number {n}", at=at + timedelta(minutes=5)) for n in range(9)
    ]
    angry = [replace(m, post=replace(m.post, created_at=at + timedelta(minutes=10))) for m in angry]
    calm = [mention(n, f"the hold music lasted {n} hours") for n in range(5)]
    return [Statement(post=own), storm, alert, told, replay, *angry, *calm]


def theme_week(number: int, title: str, people: int, trend: Trend = Trend.NEW, **fields: Any) -> ThemeWeek:
    """A theme of the week; fields are those of Theme, and `week`, `areas`, `reposts`."""
    week, areas = fields.pop("week", str(WEEK)), fields.pop("areas", ())
    evidence = Evidence(
        posts=people + 3,
        reposts=fields.pop("reposts", 2),
        texts=people,
        voices=people,
        hostile=1,
        questions=len(fields.get("questions", ())),
        suggestions=len(fields.get("suggestions", ())),
    )
    present = 1 if trend is Trend.NEW else 5
    seen = Recurrence(trend=trend, weeks_present=present, weeks_looked_at=8, first_week="2026-W20", reason="so")
    rest: dict[str, Any] = {"representatives": (), "questions": (), "suggestions": (), "campaign": False}
    made = Theme(
        id=f"{DEPARTMENT.key}:{number}",
        title=title,
        keywords=(),
        evidence=evidence,
        weeks={week: people},
        recurrence=seen,
        **rest | fields,
    )
    return ThemeWeek(department=DEPARTMENT.key, week=week, at=NOW, theme=made, areas=areas)


def reported(*weeks: ThemeWeek, counts: dict[str, int] | None = None, **fields: Any) -> list[Record]:
    """The themes with the report that names them."""
    read = ThemesRead(
        department=DEPARTMENT.key,
        week=weeks[0].week if weeks else str(WEEK),
        themes=tuple(week.theme.id for week in weeks),
        counts=counts or {"received": 100, "assigned": 100},
        **{"at": NOW} | fields,
    )
    return [*weeks, read]


@pytest.fixture
def eg() -> Any:
    """This module."""
    return sys.modules[__name__]
