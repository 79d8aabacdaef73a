"""Posts that cannot wait, delivered: one by one at once, and those that are too many or too late together."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from soundings.services.alerts.evidence import fetch, named_handles
from soundings.services.alerts.message import Heading
from soundings.services.alerts.plan import LATE_AFTER, Planned
from soundings.services.alerts.sending import Means
from soundings.services.alerts.urgent_message import render_gathered, render_urgent
from soundings.services.alerts.urgent_plan import MINUTE, Pace, plan_urgent
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.posts import Post
from soundings.services.domain.urgent import Urgent

WAIT = 5.0
"""Seconds for a text: the record comes straight from intake, an alert only some seconds after its posts. A busy index
takes up to five; without the text, the address is told."""

Recorded = Callable[[Urgent, Notification], Awaitable[None]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentDelivery(Means):
    """Of posts that cannot wait. Keeps in memory how much each channel had of late."""

    _single: Pace = field(init=False)
    _together: Pace = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_single", Pace(self.settings.urgent_a_minute))
        object.__setattr__(self, "_together", Pace(1))

    async def deliver(
        self, urgent: Urgent, already: Mapping[str, Outcome], copies: Collection[str], recorded: Recorded
    ) -> None:
        """Tell every channel what it is owed; may be called again after a crash with what was recorded until then.

        A channel that fails holds no other up. What a channel has no room for within this minute, or did not take
        within 15 minutes of the post's time, is recorded as waiting for `deliver_gathered`.

        Args:
            already, copies: see `plan_urgent`.
            recorded: awaited with each outcome as soon as it is known. What it raises ends the delivery.

        Raises:
            ExceptionGroup: of what `recorded` raised.
        """
        now = self.now()
        planned = [
            self._within_pace(item, now) for item in plan_urgent(urgent, self.settings.channels, already, copies, now)
        ]
        told = tuple(item.channel for item in planned if item.send)
        posts = await self._posts([urgent]) if told else {}

        async def settle(item: Planned) -> None:
            outcome = item.outcome
            if item.send:
                outcome = await self._one(urgent, posts.get(urgent.post), item, told)
            else:
                log.info("not sent", urgent=urgent.id, channel=item.channel, outcome=outcome.value, why=item.reason)
            await recorded(urgent, self._note(urgent, item.channel, outcome))

        async with asyncio.TaskGroup() as group:
            for item in planned:
                group.create_task(settle(item))

    async def deliver_gathered(self, waiting: Mapping[str, Sequence[Urgent]], recorded: Recorded) -> None:
        """Tell each channel, in one message, of the posts that wait for it; at most one such message a minute.

        Args:
            waiting: by channel, the posts whose outcome there is WAITING.
        """

        async def settle(channel: str, several: Sequence[Urgent]) -> None:
            named = named_handles(self.book)
            posts = await self._posts(several)
            message = render_gathered(several, posts, self.book, named, self.now(), desk_url=self.settings.desk_url)
            outcome = await self.send(channel, message, self.now() + MINUTE)
            for urgent in several:
                if outcome is not Outcome.LATE:  # else it goes on waiting
                    final = Outcome.GATHERED if outcome is Outcome.SENT else outcome
                    await recorded(urgent, self._note(urgent, channel, final))

        async with asyncio.TaskGroup() as group:
            for channel, every in waiting.items():
                for live in (True, False):
                    several = [urgent for urgent in every if urgent.live is live]
                    if several and channel in self.notifiers and self._together.take(f"{channel}/{live}", self.now()):
                        group.create_task(settle(channel, several))

    def _within_pace(self, item: Planned, now: datetime) -> Planned:
        if not item.send or self._single.take(item.channel, now):
            return item
        reason = "the channel has had its number of this minute"
        return Planned(channel=item.channel, send=False, outcome=Outcome.WAITING, reason=reason)

    async def _one(self, urgent: Urgent, post: Post | None, item: Planned, told: tuple[str, ...]) -> Outcome:
        live = item.heading is Heading.NONE
        message = render_urgent(
            urgent, post, self.book, named_handles(self.book), self.now(), told,
            heading=item.heading, desk_url=self.settings.desk_url,
        )  # fmt: skip
        outcome = await self.send(item.channel, message, urgent.at + LATE_AFTER if live else self.now() + MINUTE)
        if outcome is Outcome.LATE:
            return Outcome.WAITING if live else Outcome.FAILED  # an exercise is owed to nobody
        return outcome

    async def _posts(self, several: Sequence[Urgent]) -> Mapping[str, Post]:
        found = await fetch(self.index, {urgent.post for urgent in several}, wait=WAIT, sleep=self.sleep)
        return {key: mention.post for key, mention in found[0].items()} if found else {}

    def _note(self, urgent: Urgent, channel: str, outcome: Outcome) -> Notification:
        return Notification(alert=urgent.id, channel=channel, outcome=outcome, at=self.now())
