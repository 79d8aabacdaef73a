"""The subject line: who, how many, at what, how fast, in under 120 characters."""

from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.evidence import Evidence
from soundings.services.alerts.message import Heading
from soundings.services.alerts.words import clean, clock, people, short_span, shorten, span, usual, voices
from soundings.services.domain.accounts import Department
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import Firestorm, StormKind, Whose
from soundings.services.domain.posts import Post

LONGEST = 119
"""Telephones show about 40 to 60 characters of a subject, mail lists about 120: the rest would not be read."""
_SHARE = 0.2
"""Of the people, who gather around somebody else's post: with fewer, it is one post among many."""
_NAME = 40
"""Of a department: `Department for Environment, Food and Rural Affairs` leaves no room for what happened."""


def subject(alert: Alert, department: Department, evidence: Evidence, now: datetime, heading: Heading) -> str:
    storm = alert.firestorm
    zone = ZoneInfo(department.timezone)
    name = shorten(clean(department.name, one_line=True), _NAME)
    start = f"{heading} " if heading is not Heading.NONE else ""
    start += f"{_rank(alert)} {name}: "
    if alert.step is AlertStep.OVER:
        parts = [_over(storm, evidence, now, zone)]
    elif alert.step is AlertStep.TURNED:
        parts = [turned(storm, evidence, now, zone), f"{people(storm.voices)} in all"]
    else:
        parts = [_happened(storm, evidence, now, zone), _expected(storm), _speed(storm)]
    return shorten(
        clean(start + _fitting([part for part in parts if part], LONGEST - len(start)), one_line=True), LONGEST
    )


def _fitting(parts: list[str], room: int) -> str:
    """As many of the parts as there is room for, the most important first."""
    while len(parts) > 1 and len(", ".join(parts)) > room:
        parts = parts[:-1]
    return ", ".join(parts)


def _rank(alert: Alert) -> str:
    if alert.step is AlertStep.OVER:
        return "OVER"
    word = alert.firestorm.severity.upper()
    if alert.step is AlertStep.TURNED:
        return f"{word}, NEW CAUSE,"
    return f"NOW {word}" if alert.step is AlertStep.ESCALATED else word


def _happened(storm: Firestorm, evidence: Evidence, now: datetime, zone: ZoneInfo) -> str:
    what = target(storm, evidence, now, zone)
    match storm.kind:
        case StormKind.FIRESTORM if 2 * storm.hostile_voices >= storm.voices:
            return f"{people(storm.voices)} angry {what}"
        case StormKind.FIRESTORM:
            return f"{people(storm.voices)}, {storm.hostile_voices:,} of them angry {what}"
        case StormKind.INCIDENT:
            return f"{people(storm.voices)} reporting or asking about an incident"
        case StormKind.CAMPAIGN:
            return f"{voices(storm.voices, 'account', 'accounts')} posting the same text"
        case StormKind.POSITIVE:
            return f"{people(storm.voices)} thanking or praising us"
        case StormKind.NOISE:
            return f"{people(storm.voices)}, probably not about us"


def target(storm: Firestorm, evidence: Evidence, now: datetime, zone: ZoneInfo, word: str = "at") -> str:
    """`at our 21:05 post`, `around a post by another account`, or `at us` where no post stands out."""
    if storm.statement or (storm.trigger and storm.trigger.whose is Whose.OURS):
        return f"{word} our {_when(evidence.statement, now, zone)}post"
    if storm.trigger and storm.trigger.voices >= _SHARE * storm.voices:
        return f"around a post by {evidence.trigger_name or 'another account'}"
    return f"{word} us"


def turned(storm: Firestorm, evidence: Evidence, now: datetime, zone: ZoneInfo) -> str:
    """`53 people now around a post by another account`: of the last hour."""
    gathered = people(storm.trigger.voices) if storm.trigger else "people"
    ours = storm.trigger is not None and storm.trigger.whose is Whose.OURS
    where = (
        f"our {_when(evidence.statement, now, zone)}post"
        if ours
        else f"a post by {evidence.trigger_name or 'another account'}"
    )
    return f"{gathered} now around {where}"


def _when(post: Post | None, now: datetime, zone: ZoneInfo) -> str:
    if post is None:
        return ""
    local, today = post.created_at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()).days
    if days == 0:
        return f"{clock(local, zone)} "
    return f"{clock(local, zone)} (yesterday) " if days == 1 else f"{local.day} {local:%B} "


def _expected(storm: Firestorm) -> str:
    return f"usual {usual(storm.usual_voices)}" if storm.usual_voices >= 0.5 else "usually quiet"


def _speed(storm: Firestorm) -> str:
    if storm.doubling_minutes is not None:
        return f"doubling every {short_span(storm.doubling_minutes)}"
    if storm.half_life_minutes is not None:
        return f"halving every {short_span(storm.half_life_minutes)}"
    return ""


def _over(storm: Firestorm, evidence: Evidence, now: datetime, zone: ZoneInfo) -> str:
    words = {
        StormKind.FIRESTORM: f"anger {target(storm, evidence, now, zone)} has died down",
        StormKind.INCIDENT: "reports of the incident are back to the usual",
        StormKind.CAMPAIGN: "the copied posts have stopped",
        StormKind.POSITIVE: "the wave of thanks is over",
        StormKind.NOISE: "it is quiet again",
    }
    lasted = ((storm.closed_at or storm.updated_at) - storm.began_at).total_seconds() / 60
    return f"{words[storm.kind]}, {people(storm.voices)} in {span(lasted)}"
