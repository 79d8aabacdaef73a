"""An alert as a message: the same sections as plain text for the phone, as a page, and as data for machines."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Template

from soundings.services.alerts import about, advice, facts, links
from soundings.services.alerts.evidence import Evidence
from soundings.services.alerts.message import Heading, Line, Message, Section, Urgency
from soundings.services.alerts.subject import subject
from soundings.services.alerts.words import clean, local_time
from soundings.services.domain.accounts import Department
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import Firestorm, StormKind
from soundings.services.templates import environment

_BANNER = {
    Heading.NONE: "",
    Heading.EXERCISE: "EXERCISE. This was decided from a replay of past posts. Nobody is being called.",
    Heading.LATE: "LATE. This was decided too late to wake anybody; it may be over by now.",
}

# A flood is not set off by the warning of it.
_CAUSE = dict.fromkeys(StormKind, "What people gather around") | {StormKind.FIRESTORM: "What set it off"}


def render(
    alert: Alert,
    department: Department,
    evidence: Evidence,
    now: datetime,
    told: tuple[str, ...],
    *,
    heading: Heading = Heading.NONE,
    desk_url: str = "",
) -> Message:
    """The message about an alert.

    Args:
        told: names of the channels that this alert, or an earlier one of the same storm, goes to.
        desk_url: base address of the dashboards; empty: no link to them.
    """
    body = sections(alert, department, evidence, now, told, heading=heading, desk_url=desk_url)
    line = subject(alert, department, evidence, now, heading)
    suffix = f"/{heading.lower()}" if heading is not Heading.NONE else ""
    return Message(
        id=alert.id + suffix,
        subject=line,
        text=as_text(_BANNER[heading], body),
        html=page().render(subject=line, banner=_BANNER[heading], sections=body, severity=alert.firestorm.severity),
        data=_data(alert, department, evidence, line, told, heading, desk_url),
        thread=f"{alert.firestorm.id}/{AlertStep.OPENED}{suffix}",
        urgency=Urgency.HIGH if heading is Heading.NONE and _wakes(alert) else Urgency.NORMAL,
    )


def _wakes(alert: Alert) -> bool:
    return alert.firestorm.severity.wakes and alert.step is not AlertStep.OVER


def sections(
    alert: Alert,
    department: Department,
    evidence: Evidence,
    now: datetime,
    told: tuple[str, ...],
    *,
    heading: Heading,
    desk_url: str,
) -> tuple[Section, ...]:
    storm = alert.firestorm
    zone = ZoneInfo(department.timezone)
    name = clean(department.name, one_line=True)
    every = (
        Section(title="What happened", lines=facts.happened(alert, name, evidence, now, zone)),
        Section(title="Since when", lines=facts.since(storm, now, zone)),
        Section(title="How fast", lines=() if alert.step is AlertStep.OVER else facts.speed(storm)),
        Section(title="What changed", lines=() if alert.step is AlertStep.OVER else facts.change(storm)),
        Section(title="Against the usual", lines=facts.against_usual(storm)),
        Section(title=_CAUSE[storm.kind], lines=about.trigger(storm, department, evidence, now, zone)),
        Section(title="What it is about", lines=about.about(storm, evidence)),
        Section(title="Why this was sent", lines=facts.reasons(storm)),
        Section(title="Evidence", lines=_evidence(storm, department, now, zone, desk_url)),
        Section(title="What is not known", lines=advice.unknown(alert, evidence)),
        Section(title="Who is told", lines=advice.told(told)),
        Section(title="What you can do now", lines=advice.todo(alert, heading is not Heading.NONE)),
    )
    return tuple(section for section in every if section.lines)


def _evidence(
    storm: Firestorm, department: Department, now: datetime, zone: ZoneInfo, desk_url: str
) -> tuple[Line, ...]:
    url = links.dashboard(desk_url, department.key, storm.began_at, now)
    lines = [Line(text="All posts and the usual level, on the dashboard", url=url)] if url else []
    handles = [
        f"@{a.handle} ({a.platform.capitalize()})"
        for key in storm.accounts
        for a in department.accounts
        if a.key == key
    ]
    if handles:
        lines.append(Line(text=f"Accounts addressed, the busiest first: {', '.join(handles)}."))
    lines.append(
        Line(text=f"Counted up to {local_time(storm.updated_at, now, zone)}. Storm {clean(storm.id, one_line=True)}")
    )
    return tuple(lines)


def as_text(banner: str, body: Sequence[Section]) -> str:
    """Plain text: the first sentence first, so that it is what a locked phone shows; a quotation begins with `> `."""
    blocks = [banner] if banner else []
    for number, section in enumerate(body):
        title = [] if number == 0 else [section.title.upper()]
        blocks.append("\n".join([*title, *(_as_line(line) for line in section.lines)]))
    return "\n\n".join(blocks) + "\n"


def _as_line(line: Line) -> str:
    if line.url:
        return f"{line.text}: {line.url}"
    return f"> {line.text}" if line.quote else line.text


@cache
def page() -> Template:
    return environment("soundings.services.alerts").get_template("alert.html.j2")


def _data(
    alert: Alert,
    department: Department,
    evidence: Evidence,
    line: str,
    told: tuple[str, ...],
    heading: Heading,
    desk: str,
) -> dict[str, object]:
    storm = alert.firestorm
    return {
        "id": alert.id,
        "step": alert.step.value,
        "heading": heading.value,
        "live": alert.live,
        "department": {"key": department.key, "name": department.name},
        "at": alert.at.isoformat(),
        "subject": line,
        "storm": storm.id,
        "state": storm.state.value,
        "kind": storm.kind.value,
        "severity": storm.severity.value,
        "began_at": storm.began_at.isoformat(),
        "opened_at": storm.opened_at.isoformat(),
        "closed_at": storm.closed_at.isoformat() if storm.closed_at else None,
        "accounts": list(storm.accounts),
        "voices": storm.voices,
        "hostile_voices": storm.hostile_voices,
        "usual_voices": storm.usual_voices,
        "posts": storm.posts,
        "doubling_minutes": storm.doubling_minutes,
        "half_life_minutes": storm.half_life_minutes,
        "next_hour_voices": list(storm.next_hour_voices) if storm.next_hour_voices else None,
        "lately": asdict(storm.lately) if storm.lately else None,
        "trigger": storm.trigger.post if storm.trigger else None,
        "trigger_whose": storm.trigger.whose.value if storm.trigger else None,
        "statement": storm.statement,
        "phrases": [clean(phrase.words, one_line=True) for phrase in evidence.phrases],
        "reasons": [{"code": r.code, "words": r.words, "weight": r.weight} for r in storm.reasons],
        "sample": list(storm.sample),
        "stale_sources": list(alert.stale_sources),
        "told": list(told),
        "dashboard": links.dashboard(desk, department.key, storm.began_at, storm.updated_at),
    }
