"""Who is told of an alert, and who is not, with the reason: a pure decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from soundings.services.alerts.handover import HandOver, hand_over
from soundings.services.alerts.message import Heading
from soundings.services.domain.alerts import Alert, AlertStep, Outcome
from soundings.services.domain.firestorms import Severity
from soundings.services.settings import ChannelSettings

LATE_AFTER = timedelta(minutes=15)
"""An alert further behind wakes nobody by itself: by then it is a replay, or an outage that ends in a summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What becomes of an alert on one channel: it is sent under a heading, or `outcome` is recorded at once."""

    channel: str
    send: bool
    outcome: Outcome
    """Of a sending that works, or of not sending."""
    reason: str
    heading: Heading = Heading.NONE


def plan(
    alert: Alert,
    channels: Sequence[ChannelSettings],
    already: Mapping[str, Outcome],
    now: datetime,
    before: Mapping[str, Outcome] | None = None,
) -> tuple[Planned, ...]:
    """What each channel is owed.

    Args:
        already: what is recorded of this alert, by channel; a final outcome is never decided again.
        before: by channel, the best outcome of the same storm's earlier alerts. None if it is not known: then an
            end is told to whom the severity would have reached.
    """
    return tuple(
        _decide(alert, channel, now, before)
        for channel in channels
        if channel.name not in already or not already[channel.name].final
    )


def stand_in(
    alert: Alert, waits_for: str, channels: Sequence[ChannelSettings], already: Mapping[str, Outcome]
) -> HandOver | None:
    """Who tells a late alert instead of the channel that owes it, once the settings have changed; None: it does itself.

    Args:
        already: what is recorded of this alert, by channel.
    """
    return hand_over(waits_for, [each.name for each in channels if _declined(alert, each) is None], already)


def _decide(alert: Alert, channel: ChannelSettings, now: datetime, before: Mapping[str, Outcome] | None) -> Planned:
    def skip(outcome: Outcome, reason: str) -> Planned:
        return _skip(channel, outcome, reason)

    def send(heading: Heading, reason: str) -> Planned:
        return Planned(channel=channel.name, send=True, outcome=Outcome.SENT, reason=reason, heading=heading)

    declined = _declined(alert, channel)
    if declined is not None:
        return declined
    if not alert.live:
        if channel.rehearsal:
            return send(Heading.EXERCISE, "decided from a replay; the channel takes exercises")
        return skip(Outcome.NOT_SENT_REPLAY, "decided from a replay")
    if alert.step is AlertStep.OVER and before is not None:
        told = before.get(channel.name)
        if told is Outcome.LATE:
            return skip(Outcome.LATE, "its opening waits for the summary")
        if told is None or not told.told:
            return skip(Outcome.NOT_SENT_UNTOLD, "the channel was not told that it began")
    behind = now - alert.at
    if behind > LATE_AFTER:
        minutes = int(behind.total_seconds() // 60)
        if channel.rehearsal:
            return send(Heading.LATE, f"{minutes} minutes late; the channel takes exercises")
        return skip(Outcome.LATE, f"{minutes} minutes late: owed in the summary")
    return send(Heading.NONE, f"{alert.firestorm.severity} reaches the channel")


def _declined(alert: Alert, channel: ChannelSettings) -> Planned | None:
    """Why a channel is not told of an alert at all; None: it takes it."""
    severity, least = alert.firestorm.severity, Severity(channel.min_severity)
    if channel.departments and alert.department not in channel.departments:
        return _skip(channel, Outcome.NOT_SENT_DEPARTMENT, f"the channel is not for {alert.department}")
    if severity.rank < least.rank:
        return _skip(channel, Outcome.NOT_SENT_SEVERITY, f"{severity} is below the channel's {least}")
    return None


def _skip(channel: ChannelSettings, outcome: Outcome, reason: str) -> Planned:
    return Planned(channel=channel.name, send=False, outcome=outcome, reason=reason)
