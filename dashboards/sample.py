"""Made-up records that fill every panel: what `check` looks at. Deterministic but for the time, which is now."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.firestorms import (
    Firestorm,
    Severity,
    StormKind,
    StormState,
    Trigger,
    Volume,
    Whose,
)
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.domain.register import Change, ChangeKind, Entry, Progress
from soundings.services.domain.themes import Evidence, Recurrence, Theme, ThemesRead, ThemeWeek, Trend
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id
from soundings.services.index.port import Record
from soundings.services.themes.register import adopt, advance

DEPARTMENT = "made-up-department"
ACCOUNT = "x:madeupdept"
STATEMENT = "x::made-up-statement"

POSTS = 120
"""Some for each hour of the press office's six, and for each day of the policy board's thirty."""


def records(now: datetime) -> tuple[Record, ...]:
    return (*_mentions(now), _statement(now), *_volumes(now), *_storms(now), _urgent(now), *_themes(now))


def _mentions(now: datetime) -> Iterator[Mention]:
    for number in range(POSTS):
        hours = number / 20 if number < POSTS // 2 else (number - POSTS // 2) * 12
        yield Mention(post=_post(number, now - timedelta(hours=hours, minutes=1)), tags=_tags(number))


def _post(number: int, at: datetime, **changes: Any) -> Post:
    kind = tuple(PostKind)[number // len(SpeechAct) % len(PostKind)]
    plain: dict[str, Any] = {
        "id": f"x::made-up-{number}",
        "created_at": at,
        "voice": f"made-up-voice-{number % 40}",
        "text": f"A made-up post, number {number}: why is the bridge closed?",
        "kind": kind,
        "source": ("x", "bluesky")[number % 2],
        "accounts": (ACCOUNT,),
        "departments": (DEPARTMENT,),
        "reference": None if kind is PostKind.ORIGINAL else STATEMENT,
        "thread": STATEMENT,
        "url": f"https://social.example/made-up/{number}",
    }
    return Post(**(plain | changes))


def _tags(number: int) -> Tags:
    return Tags(
        lang=("en", "cy")[number % 5 == 0],
        sentiment=tuple(Sentiment)[number % len(Sentiment)],
        hostility=(number % 10) / 10,
        offensive=number % 10 == 9,
        acts=(tuple(SpeechAct)[number % len(SpeechAct)],),
    )


def _statement(now: datetime) -> Statement:
    """An answer of ours, so that every column has something to show."""
    at = now - timedelta(hours=5)
    own = _post(0, at, id=STATEMENT, own_account=ACCOUNT, kind=PostKind.REPLY, reference="x::made-up-1")
    return Statement(post=own)


def _volumes(now: datetime) -> Iterator[Volume]:
    this_minute = now.replace(second=0, microsecond=0)
    for back in range(1, 360):
        heard = 1 + back % 7
        yield Volume(
            department=DEPARTMENT,
            account=ACCOUNT,
            minute=this_minute - timedelta(minutes=back),
            posts=heard + 1,
            originals=1,
            replies=heard,
            quotes=0,
            reposts=0,
            voices=heard,
            hostile_voices=heard // 2,
            usual_voices=2.5,
        )


def _themes(now: datetime) -> Iterator[ThemeWeek | ThemesRead]:
    for back in range(4):
        day = (now - timedelta(weeks=back)).isocalendar()
        week = f"{day.year:04}-W{day.week:02}"
        made = tuple(_theme(number, week, now) for number in range(3))
        yield from made
        yield ThemesRead(department=DEPARTMENT, week=week, at=now, themes=tuple(each.theme.id for each in made))


def _theme(number: int, week: str, now: datetime) -> ThemeWeek:
    evidence = Evidence(
        posts=20 + number, reposts=5, texts=20, voices=15 + number, hostile=1, questions=2, suggestions=1
    )
    seen = Recurrence(
        trend=tuple(Trend)[number],
        weeks_present=4,
        weeks_looked_at=8,
        first_week=week,
        reason="in 4 of the last 8 weeks",
    )
    theme = Theme(
        id=f"{DEPARTMENT}:{number}",
        title=f"Made-up matter {number}",
        keywords=("made", "up"),
        evidence=evidence,
        weeks={week: 25 + number},
        recurrence=seen,
        representatives=(f"x::made-up-{number}",),
        questions=(),
        suggestions=(),
        campaign=number == 2,
    )
    return ThemeWeek(department=DEPARTMENT, week=week, at=now, theme=theme, areas=("Made-up area",))


def decisions(now: datetime) -> tuple[Entry, ...]:
    """About the themes, in their order; the last says what changed."""
    by: dict[str, Any] = {"who": "made.up", "at": now - timedelta(days=1), "note": "a made-up reason"}
    area: dict[str, Any] = {"department": DEPARTMENT, "area": "Made-up area", "owner": "owner@example.org"}
    heard = adopt(f"{DEPARTMENT}:0", title="Made-up matter 0", **area, **by)
    ended = adopt(f"{DEPARTMENT}:1", title="Made-up matter 1", **area, **by)
    seen = advance(ended, Progress.LOOKED_AT, **by)
    told = advance(seen, Progress.ANSWERED, **by)
    change = Change(kind=ChangeKind.POLICY, what="a made-up rule", link="https://example.org/rule")
    return heard, ended, seen, told, advance(told, Progress.CHANGED, change=change, **by)


def _urgent(now: datetime) -> Urgent:
    post = "x::made-up-0"
    return Urgent(
        id=urgent_id(DEPARTMENT, post),
        department=DEPARTMENT,
        post=post,
        kind=UrgencyKind.RISK_TO_LIFE,
        reason="somebody asks to be rescued",
        at=now - timedelta(minutes=1),
        live=True,
    )


def _storms(now: datetime) -> Iterator[Firestorm | Alert | Notification]:
    for hours, state in ((3, StormState.OPEN), (5, StormState.OVER)):
        opened = now - timedelta(hours=hours)
        closed = opened + timedelta(hours=1) if state is StormState.OVER else None
        storm = Firestorm(
            id=f"{DEPARTMENT}:{opened:%Y-%m-%dT%H:%MZ}",
            department=DEPARTMENT,
            accounts=(ACCOUNT,),
            state=state,
            kind=StormKind.FIRESTORM,
            severity=Severity.SERIOUS,
            began_at=opened - timedelta(minutes=12),
            opened_at=opened,
            updated_at=closed or now,
            closed_at=closed,
            trigger=Trigger(post=STATEMENT, whose=Whose.OURS, voices=120),
            statement=STATEMENT,
            voices=140,
            hostile_voices=90,
            posts=210,
            usual_voices=6.0,
        )
        alert = Alert(
            id=f"{storm.id}/opened",
            step=AlertStep.OPENED,
            department=DEPARTMENT,
            at=opened,
            firestorm=storm,
            live=True,
        )
        yield storm
        yield alert
        yield Notification(alert=alert.id, channel="terminal", outcome=Outcome.SENT, at=opened)
