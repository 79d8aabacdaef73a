"""The part of delivery that tells of posts that cannot wait; its records lie beside those of the alerts."""

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from soundings.services import metrics
from soundings.services.alerts.delivery import Delivery
from soundings.services.alerts.urgent import UrgentDelivery
from soundings.services.domain.alerts import Notification
from soundings.services.domain.urgent import Urgent
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

    def forget(self) -> None:
        self._notices.clear()

    async def tell(self, urgent: Urgent) -> None:
        """Copies of one appeal take turns, so that the second knows what became of the first."""
        turn = self._turns.setdefault((urgent.department, urgent.appeal or urgent.id), asyncio.Lock())
        async with turn:
            notices = self._of(urgent.department)
            await self._delivery.deliver(urgent, notices.of(urgent.id), notices.copies(urgent), self._record)

    async def gather(self, goes_on: Callable[[], bool]) -> None:
        """Tell of what waits, each channel in one message. `goes_on`: whether the partitions are still ours."""
        waiting: dict[str, list[Urgent]] = {}
        for key in list(self._state):
            if key.endswith(ENTRY):
                for channel, several in self._of(key.removesuffix(ENTRY)).waiting().items():
                    waiting.setdefault(channel, []).extend(several)

        async def recorded(urgent: Urgent, notification: Notification) -> None:
            if goes_on():  # else the partition's new owner tells it, under the same id
                await self._record(urgent, notification)

        if waiting:
            await self._delivery.deliver_gathered(waiting, recorded)

    async def _record(self, urgent: Urgent, notification: Notification) -> None:
        notices = self._of(urgent.department)
        kept = notices.record(urgent, notification)
        metrics.NOTIFICATIONS.labels(kept.channel, kept.outcome).inc()
        await self._store(kept, urgent.department, notices.to_bytes())

    def _of(self, department: str) -> UrgentNotices:
        if department not in self._notices:
            self._notices[department] = UrgentNotices.from_bytes(self._state.get(department + ENTRY))
        return self._notices[department]
