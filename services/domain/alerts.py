"""What is owed to the press office, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from soundings.services.domain.firestorms import Firestorm


class AlertStep(StrEnum):
    OPENED = "opened"
    ESCALATED = "escalated"
    TURNED = "turned"
    """People gather around another post than any notice of the storm has named; it is as severe as before."""
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A notice owed. Its id is its firestorm's id and step, so that a repeated sending carries the same id."""

    id: str
    """`firestorm id/opened`, `firestorm id/escalated-critical`, `firestorm id/turned-2031-03-04T09:30Z`,
    `firestorm id/over`."""
    step: AlertStep
    department: str
    at: datetime
    """Event time of the decision: end of the minute that made it due."""
    firestorm: Firestorm
    live: bool
    """False if the decision came from a replay."""
    stale_sources: tuple[str, ...] = ()
    """Sources that were silent when it was decided: what they would have said is not known."""


class Outcome(StrEnum):
    SENT = "sent"
    NOT_SENT_REPLAY = "not sent: replay"
    NOT_SENT_SEVERITY = "not sent: below the channel's severity"
    SUMMARISED = "sent in a summary after an outage"
    LATE = "late: owed in the summary after the outage"
    """Not final: the alert is live, but came too late to wake anybody by itself."""
    NOT_SENT_DEPARTMENT = "not sent: the channel is another department's"
    NOT_SENT_UNTOLD = "not sent: the channel was not told of the opening"
    FAILED = "not sent: the channel refused it"
    WAITING = "waits for the next message about several urgent posts"
    """Not final: one of many in a minute, or it came too late to be told by itself."""
    GATHERED = "sent together with other urgent posts"
    NOT_SENT_COPY = "not sent: the same appeal was told already"
    NOT_SENT_URGENT = "not sent: the channel takes no urgent posts"
    NOT_SENT_FULL = "not sent: too many urgent posts wait for the channel"
    NOT_SENT_GONE = "not sent: it waited, and the channel takes it no longer"
    """The settings have changed; the department's other channels tell it, if it is no exercise."""

    @property
    def told(self) -> bool:
        """Whether somebody has read, or could have read, of the storm on this channel."""
        return self in (Outcome.SENT, Outcome.SUMMARISED, Outcome.GATHERED)

    @property
    def final(self) -> bool:
        """Nothing more is to be done about this alert on this channel."""
        return self not in (Outcome.LATE, Outcome.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One sending of an alert over one channel, and its outcome."""

    alert: str
    channel: str
    outcome: Outcome
    at: datetime
