"""The part of delivery that tells of posts that cannot wait; its records lie beside those of the alerts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from weakref import WeakValueDictionary

from soundings.services import metrics
from soundings.services.alerts.delivery import Delivery
from soundings.services.alerts.handover import HandOver
from soundings.services.alerts.urgent import UrgentDelivery
from soundings.services.alerts.urgent_plan import stand_in
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.urgent import Urgent
from soundings.streams.agents.handing_over import HandingOver
from soundings.streams.agents.state import State
from soundings.streams.agents.urgent_notices import UrgentNotices

GATHERED_EVERY = 5.0
"""Seconds between looks for posts that wait: long enough for the rest of a burst to come in, short for who waits."""

ENTRY = "/urgent"
"""End of the state's keys of this part, after the department's."""


class UrgentDesk:
    """One appeal at a time, others side by side."""

    def __init__(
        self, delivery: Delivery, state: State, store: Callable[[Notification, str, bytes], Awaitable[None]]
    ) -> None:
        """`store` sends a notification on and keeps the department's entry of the state."""
        self._delivery = UrgentDelivery(
            settings=delivery.settings,
            book=delivery.book,
            notifiers=delivery.notifiers,
            index=delivery.index,
            now=delivery.now,
            sleep=delivery.sleep,
        )
        self._state = state
        self._store = store
        self._notices: dict[str, UrgentNotices] = {}
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._handing_over = HandingOver(
            kind="urgent", waiting=Outcome.WAITING, turn=self._turn, instead=self._instead, now=delivery.now
        )

    def forget(self) -> None:
        self._notices.clear()

    async def tell(self, urgent: Urgent) -> None:
        """Copies of one appeal take turns, so that the second knows what became of the first."""
        turn = self._turn(urgent)
        async with turn:
            notices = self._of(urgent.department)
            await self._delivery.deliver(urgent, notices.of(urgent.id), notices.copies(urgent), self._record)

    async def gather(self, goes_on: Callable[[], bool]) -> None:
        """Tell of what waits, each channel in one message. `goes_on`: whether the partitions are still ours."""

        async def recorded(urgent: Urgent, notification: Notification) -> None:
            if goes_on():  # else the partition's new owner tells it, under the same id
                await self._record(urgent, notification)

        waiting = await self._handing_over.look(self._waiting(), recorded, goes_on)
        if waiting:
            await self._delivery.deliver_gathered(waiting, recorded)

    def _waiting(self) -> Mapping[str, list[Urgent]]:
        """By channel, in every department."""
        waiting: dict[str, list[Urgent]] = {}
        for key in [key for key in self._state if key.endswith(ENTRY)]:
            for channel, several in self._of(key.removesuffix(ENTRY)).waiting().items():
                waiting.setdefault(channel, []).extend(several)
        return waiting

    def _instead(self, urgent: Urgent, channel: str) -> HandOver | None:
        known = self._of(urgent.department).of(urgent.id)
        return stand_in(urgent, channel, self._delivery.settings.channels, known)

    def _turn(self, urgent: Urgent) -> asyncio.Lock:
        return self._turns.setdefault((urgent.department, urgent.appeal or urgent.id), asyncio.Lock())

    async def _record(self, urgent: Urgent, notification: Notification) -> None:
        notices = self._of(urgent.department)
        kept = notices.record(urgent, notification)
        metrics.NOTIFICATIONS.labels(kept.channel, kept.outcome).inc()
        await self._store(kept, urgent.department, notices.to_bytes())

    def _of(self, department: str) -> UrgentNotices:
        if department not in self._notices:
            self._notices[department] = UrgentNotices.from_bytes(self._state.get(department + ENTRY))
        return self._notices[department]
