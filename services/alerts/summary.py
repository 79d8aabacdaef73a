"""One message for all that came too late: what happened while Soundings was away."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.links import dashboard
from soundings.services.alerts.message import Line, Message, Section, Urgency
from soundings.services.alerts.render import as_text, page
from soundings.services.alerts.words import ago, clean, local_time, people, plural, span, usual
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import Severity


def summary(alerts: Sequence[Alert], now: datetime, book: AccountBook, *, desk_url: str = "") -> Message:
    """One message about late alerts (at least one): each storm once, as it last stood, those still going first.

    Its id follows from the alerts it holds, in any order, so that the same summary again is the same message.
    """
    latest = _latest(alerts)
    going = [alert for alert in latest if alert.step is not AlertStep.OVER]
    over = [alert for alert in latest if alert.step is AlertStep.OVER]
    # The clock cannot tell how long we were away; the oldest unsent notice can.
    behind = span((now - min(alert.at for alert in alerts)).total_seconds() / 60)
    subject = f"LATE {_worst(latest)}: {plural(len(latest), 'storm')} while alerts could not be sent, {_still(going)}"
    body = (
        Section(
            title="What happened",
            lines=(
                Line(text=f"For up to {behind}, alerts could not be sent in time. This is what you were not told of."),
                Line(text=f"{_still(going).capitalize()}."),
            ),
        ),
        *(_section(alert, now, book, desk_url) for alert in (*going, *over)),
        Section(
            title="What is not known",
            lines=(Line(text="Whether more than this was missed: see the dashboard for the time of the outage."),),
        ),
    )
    return Message(
        id=_identifier(alerts),
        subject=subject,
        text=as_text("", body),
        html=page().render(subject=subject, banner="", sections=body, severity=_worst_severity(latest)),
        data={"alerts": sorted(alert.id for alert in alerts), "heading": "LATE", "subject": subject},
        urgency=Urgency.HIGH if any(alert.firestorm.severity.wakes for alert in going) else Urgency.NORMAL,
    )


def _identifier(alerts: Sequence[Alert]) -> str:
    joined = "\n".join(sorted(alert.id for alert in alerts))
    return f"summary/{hashlib.sha256(joined.encode()).hexdigest()[:24]}"


def _latest(alerts: Sequence[Alert]) -> list[Alert]:
    """The last alert of each storm; the worst storm first, then the newest."""
    by_storm: Mapping[str, Alert] = {alert.firestorm.id: alert for alert in sorted(alerts, key=lambda a: (a.at, a.id))}
    return sorted(by_storm.values(), key=lambda a: (-a.firestorm.severity.rank, -a.at.timestamp(), a.id))


def _worst_severity(alerts: Sequence[Alert]) -> Severity:
    return max((alert.firestorm.severity for alert in alerts), key=lambda severity: severity.rank)


def _worst(alerts: Sequence[Alert]) -> str:
    return _worst_severity(alerts).upper()


def _still(going: Sequence[Alert]) -> str:
    return f"{len(going)} of them not known to be over" if going else "all over by now"


def _section(alert: Alert, now: datetime, book: AccountBook, desk_url: str) -> Section:
    storm = alert.firestorm
    department = book.department(alert.department)
    zone = ZoneInfo(department.timezone if department else "UTC")
    state = f"over since {local_time(alert.at, now, zone)}" if alert.step is AlertStep.OVER else "not known to be over"
    lines = [
        Line(text=f"{storm.severity.capitalize()} {storm.kind}, {state}."),
        Line(text=f"Since {local_time(storm.began_at, now, zone)} ({ago(storm.began_at, now)})."),
        Line(
            text=f"{people(storm.voices).capitalize()} up to {local_time(storm.updated_at, now, zone)}; "
            f"usual: {usual(storm.usual_voices)}."
        ),
    ]
    if url := dashboard(desk_url, alert.department, storm.began_at, now):
        lines.append(Line(text="On the dashboard", url=url))
    name = department.name if department else alert.department
    return Section(title=clean(name, one_line=True), lines=tuple(lines))
