"""Who is told of a post that cannot wait, and how: by itself at once, together with others, or not at all."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

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


def _decide(urgent: Urgent, channel: ChannelSettings, copies: Collection[str], now: datetime) -> Planned:
    def skip(outcome: Outcome, reason: str) -> Planned:
        return Planned(channel=channel.name, send=False, outcome=outcome, reason=reason)

    if channel.departments and urgent.department not in channel.departments:
        return skip(Outcome.NOT_SENT_DEPARTMENT, f"the channel is not for {urgent.department}")
    if not channel.urgent:
        return skip(Outcome.NOT_SENT_URGENT, "the channel takes no urgent posts")
    if not urgent.live and not channel.rehearsal:
        return skip(Outcome.NOT_SENT_REPLAY, "it comes from a replay")
    if channel.name in copies:
        return skip(Outcome.NOT_SENT_COPY, "the same appeal was told already")
    if urgent.live and now - urgent.at > LATE_AFTER:
        minutes = int((now - urgent.at).total_seconds() // 60)
        return skip(Outcome.WAITING, f"{minutes} minutes late: told with others")
    heading = Heading.NONE if urgent.live else Heading.EXERCISE
    reason = "somebody should read it now"
    return Planned(channel=channel.name, send=True, outcome=Outcome.SENT, reason=reason, heading=heading)


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
