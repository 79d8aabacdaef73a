"""Who is told of a post that cannot wait, and how: by itself at once, together with others, or not at all."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from soundings.services.alerts.handover import HandOver, hand_over
from soundings.services.alerts.message import Heading
from soundings.services.alerts.plan import LATE_AFTER, Planned
from soundings.services.domain.alerts import Outcome
from soundings.services.domain.urgent import Urgent
from soundings.services.settings import ChannelSettings

MINUTE = timedelta(minutes=1)
COPIES_FOR = timedelta(days=1)
"""How far apart copies of one text may be and still be one appeal: appeals are passed on for hours. Whoever writes the
same words on the next day asks again."""


def plan_urgent(
    urgent: Urgent,
    channels: Sequence[ChannelSettings],
    already: Mapping[str, Outcome],
    copies: Collection[str],
    now: datetime,
) -> tuple[Planned, ...]:
    """What each channel is owed; one that waits to be told with others is not decided again.

    Args:
        already: what is recorded of this post, by channel.
        copies: names of the channels where another post with the same text was told, or waits to be.
    """
    return tuple(_decide(urgent, each, copies, now) for each in channels if each.name not in already)


def stand_in(
    urgent: Urgent, waits_for: str, channels: Sequence[ChannelSettings], already: Mapping[str, Outcome]
) -> HandOver | None:
    """Who tells a post instead of the channel that it waits for, after the settings changed; None: that one still does.

    Args:
        already: what is recorded of this post, by channel.
    """
    takers = [channel.name for channel in channels if _declined(urgent, channel) is None]
    if not urgent.live and waits_for not in takers:
        return HandOver(settled=True, reason="an exercise is owed to nobody")
    return hand_over(waits_for, takers, already)


def _declined(urgent: Urgent, channel: ChannelSettings) -> Planned | None:
    """Why a channel is not told of a post at all; None: it takes it."""
    if channel.departments and urgent.department not in channel.departments:
        return _skip(channel, Outcome.NOT_SENT_DEPARTMENT, f"the channel is not for {urgent.department}")
    if not channel.urgent:
        return _skip(channel, Outcome.NOT_SENT_URGENT, "the channel takes no urgent posts")
    if not urgent.live and not channel.rehearsal:
        return _skip(channel, Outcome.NOT_SENT_REPLAY, "it comes from a replay")
    return None


def _decide(urgent: Urgent, channel: ChannelSettings, copies: Collection[str], now: datetime) -> Planned:
    declined = _declined(urgent, channel)
    if declined is not None:
        return declined
    if channel.name in copies:
        return _skip(channel, Outcome.NOT_SENT_COPY, "the same appeal was told already")
    if urgent.live and now - urgent.at > LATE_AFTER:
        minutes = int((now - urgent.at).total_seconds() // 60)
        return _skip(channel, Outcome.WAITING, f"{minutes} minutes late: told with others")
    heading = Heading.NONE if urgent.live else Heading.EXERCISE
    reason = "somebody should read it now"
    return Planned(channel=channel.name, send=True, outcome=Outcome.SENT, reason=reason, heading=heading)


def _skip(channel: ChannelSettings, outcome: Outcome, reason: str) -> Planned:
    return Planned(channel=channel.name, send=False, outcome=outcome, reason=reason)


class Pace:
    """How many messages a channel has had in the last minute: a flood of calls must not bury itself."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[str, deque[datetime]] = {}

    def take(self, channel: str, now: datetime) -> bool:
        """Whether one more may go out now; if so, it is counted."""
        taken = self._taken.setdefault(channel, deque())
        while taken and now - taken[0] >= MINUTE:
            taken.popleft()
        if len(taken) >= self._most:
            return False
        taken.append(now)
        return True
