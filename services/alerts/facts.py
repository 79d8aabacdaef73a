"""The sections of an alert that say what is known: what happened, since when, how fast, against what, and why."""

from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.change import changed
from soundings.services.alerts.evidence import Evidence
from soundings.services.alerts.message import Line
from soundings.services.alerts.subject import target, turned
from soundings.services.alerts.words import ago, clean, local_time, people, plural, span, times, usual, voices
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import Firestorm, Severity, StormKind, StormState

_SEVERITY = {
    Severity.WATCH: "Watch: for the dashboards only.",
    Severity.NOTABLE: "Notable: to be read in working hours.",
    Severity.SERIOUS: "Serious: for the duty press officer, now.",
    Severity.CRITICAL: "Critical: for the duty press officer, now; the head of news should hear of it within the hour.",
}


def happened(alert: Alert, department: str, evidence: Evidence, now: datetime, zone: ZoneInfo) -> tuple[Line, ...]:
    """One sentence, then what the severity asks of the reader."""
    storm = alert.firestorm
    lasted = ((storm.closed_at or storm.updated_at) - storm.began_at).total_seconds() / 60
    if alert.step is AlertStep.OVER:
        sentence = (
            f"It is over for {department}: {people(storm.voices)} in {span(lasted)}, and now it is as usual again."
        )
        return (Line(text=sentence),)
    if alert.step is AlertStep.TURNED:
        text = f"Another cause, while the storm is on: in the last hour {turned(storm, evidence, now, zone)}."
        so_far = f"{people(storm.voices).capitalize()} in all since it began, about {storm.hostile_voices:,} hostile."
        return Line(text=text), Line(text=so_far), Line(text=_SEVERITY[storm.severity])
    again = "It has grown: by now " if alert.step is AlertStep.ESCALATED else ""
    sentence = again + _sentence(storm, department, target(storm, evidence, now, zone, "over"))
    return (Line(text=sentence[0].upper() + sentence[1:]), Line(text=_SEVERITY[storm.severity]))


def _sentence(storm: Firestorm, department: str, where: str) -> str:
    who = people(storm.voices)
    wrote = plural(storm.posts, "post")
    match storm.kind:
        case StormKind.FIRESTORM:
            return (
                f"{who} ({wrote}) have turned on {department}{'' if where == 'over us' else ' ' + where}; "
                f"about {storm.hostile_voices:,} of them write with hostility."
            )
        case StormKind.INCIDENT:
            return f"{who} ({wrote}) are reporting or asking {department} about something that is happening."
        case StormKind.CAMPAIGN:
            accounts = voices(storm.voices, "account", "accounts")
            return f"{accounts} have sent {department} {wrote}, mostly with the same text."
        case StormKind.POSITIVE:
            return f"{who} ({wrote}) are thanking or praising {department}."
        case StormKind.NOISE:
            return f"{who} ({wrote}) name {department}, but somebody or something else is probably meant."


def since(storm: Firestorm, now: datetime, zone: ZoneInfo) -> tuple[Line, ...]:
    began = f"Since {local_time(storm.began_at, now, zone)} ({ago(storm.began_at, now)})."
    noticed = (storm.opened_at - storm.began_at).total_seconds() / 60
    lines = [f"{began} Noticed {span(noticed)} after it began."]
    # Before the storm subsides, its highest minute so far is no peak.
    if storm.peaked_at and storm.state in (StormState.PEAKED, StormState.SUBSIDING, StormState.OVER):
        lines.append(f"Its peak was at {local_time(storm.peaked_at, now, zone)}.")
    if storm.closed_at:
        lines.append(f"Over since {local_time(storm.closed_at, now, zone)}.")
    return tuple(Line(text=text) for text in lines)


def speed(storm: Firestorm) -> tuple[Line, ...]:
    lines = []
    if storm.doubling_minutes is not None:
        lines.append(f"Growing: the number of people doubles every {span(storm.doubling_minutes)}.")
    if storm.half_life_minutes is not None:
        lines.append(f"Falling: the number of people halves every {span(storm.half_life_minutes)}.")
    if storm.next_hour_voices is not None:
        low, middle, high = (max(0, round(value)) for value in storm.next_hour_voices)
        lines.append(
            f"Next hour: about {plural(middle, 'person', 'people')}; four times in five between {low:,} and {high:,}."
        )
    return tuple(
        Line(text=text) for text in lines or ["It neither grows nor falls clearly, or it is too early to tell."]
    )


def change(storm: Firestorm) -> tuple[Line, ...]:
    return tuple(Line(text=text) for text in changed(storm.lately, storm.trigger)) if storm.lately else ()


def against_usual(storm: Firestorm) -> tuple[Line, ...]:
    sentence = f"{people(storm.voices).capitalize()} since it began; usual for as long a time at this hour: "
    more = times(storm.voices, storm.usual_voices)
    return (Line(text=sentence + usual(storm.usual_voices) + (f", so {more}." if more else ".")),)


def reasons(storm: Firestorm) -> tuple[Line, ...]:
    """The largest weight first; what spoke against it is kept and marked, so that the reader can doubt the rest.

    A count of nobody that weighs nothing is no reason and left out.
    """
    told = [reason for reason in storm.reasons if reason.weight or reason.value >= 0.5]
    ordered = sorted(told, key=lambda reason: (-abs(reason.weight), reason.code))
    return tuple(
        Line(text=clean(reason.words, one_line=True) + ("" if reason.weight >= 0 else " (speaks against a storm)"))
        for reason in ordered
    )
