"""A made-up storm, to try a channel with and to see what a message looks like."""

from datetime import datetime, timedelta

from soundings.services.alerts.evidence import Evidence
from soundings.services.alerts.phrases import phrases
from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import (
    Firestorm,
    Lately,
    Quarter,
    Reason,
    Severity,
    StormKind,
    StormState,
    Trigger,
    Whose,
)
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags

DEPARTMENT = Department(
    key="department-of-examples",
    name="Department of Examples",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="ExampleGov"),),
)
_REPLIES = (
    "That picture is a disgrace. Who signed this off?",
    "Did the person in the picture agree to this? Who signed this off?",
    "Take it down and say sorry for the picture.",
    "I have waited six months for an answer and you post this.",
)


def example_alert(at: datetime, *, step: AlertStep = AlertStep.OPENED, live: bool = False) -> Alert:
    """An alert decided at `at`. Not live unless asked for, so that only rehearsal channels take it."""
    opened = at.replace(second=0, microsecond=0)
    posted = opened - timedelta(minutes=26)
    identifier = f"{DEPARTMENT.key}:{opened:%Y-%m-%dT%H:%M}"
    over = step is AlertStep.OVER
    severity = Severity.CRITICAL if step is AlertStep.ESCALATED else Severity.SERIOUS
    storm = Firestorm(
        id=identifier,
        department=DEPARTMENT.key,
        accounts=(DEPARTMENT.accounts[0].key,),
        state=StormState.OVER if over else StormState.OPEN,
        kind=StormKind.FIRESTORM,
        severity=severity,
        began_at=posted + timedelta(minutes=7),
        opened_at=opened,
        updated_at=opened,
        closed_at=opened if over else None,
        trigger=Trigger(post="x::1000", whose=Whose.OURS, voices=121),
        statement="x::1000",
        voices=140,
        hostile_voices=96,
        posts=163,
        usual_voices=6.2,
        doubling_minutes=None if over else 9.7,
        next_hour_voices=None if over else (250.0, 410.0, 690.0),
        reposts_collected=False,
        reasons=(
            Reason(code="spread", words="40 % have not spoken before; usual 55 %", value=0.4, usual=0.55, weight=-0.3),
            Reason(code="voices", words="31 people in 15 minutes; usual 3", value=31, usual=3, weight=2.1),
            Reason(code="focus", words="86 % gather around one post", value=0.86, usual=0.2, weight=1.2),
        ),
        lately=Lately(
            now=Quarter(voices=88, speaking=80, hostile=61, mostly=PostKind.REPLY, around="x::1000", gathered=79),
            before=Quarter(voices=29, speaking=28, hostile=12, mostly=PostKind.REPLY, around="x::1000", gathered=24),
            gathered_before=24,
        ),
        sample=tuple(f"x::{1001 + number}" for number in range(len(_REPLIES))),
    )
    suffix = f"{step}-{severity}" if step is AlertStep.ESCALATED else step.value
    suffix += f"-{opened:%Y-%m-%dT%H:%MZ}" if step is AlertStep.TURNED else ""
    return Alert(
        id=f"{identifier}/{suffix}", step=step, department=DEPARTMENT.key, at=opened, firestorm=storm, live=live
    )


def example_evidence(alert: Alert) -> Evidence:
    """The texts behind `example_alert`."""
    posted = alert.firestorm.began_at - timedelta(minutes=7)
    account = DEPARTMENT.accounts[0]
    statement = Post(
        id="x::1000",
        created_at=posted,
        voice="",
        text="A firm post about a new rule, with a picture of somebody at the counter.",
        kind=PostKind.ORIGINAL,
        source="example",
        departments=(DEPARTMENT.key,),
        own_account=account.key,
        media=("photo",),
        url="https://x.com/ExampleGov/status/1000",
    )
    sample = tuple(_reply(number, text, posted, account) for number, text in enumerate(_REPLIES))
    return Evidence(
        trigger=statement,
        statement=statement,
        sample=sample,
        phrases=phrases(_REPLIES),
        named=frozenset({account.handle.casefold()}),
    )


def _reply(number: int, text: str, posted: datetime, account: Account) -> Mention:
    return Mention(
        post=Post(
            id=f"x::{1001 + number}",
            created_at=posted + timedelta(minutes=7 + number),
            voice=f"{number:016x}",
            text=f"@{account.handle} {text}",
            kind=PostKind.REPLY,
            source="example",
            accounts=(account.key,),
            departments=(DEPARTMENT.key,),
            reference="x::1000",
        ),
        tags=Tags(
            lang="en",
            sentiment=Sentiment.NEGATIVE,
            hostility=0.8,
            offensive=False,
            acts=(SpeechAct.QUESTION if text.endswith("?") else SpeechAct.COMPLAINT,),
        ),
    )
