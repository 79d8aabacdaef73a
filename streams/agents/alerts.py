"""Agent of delivery: `alerts` and `urgent` → the press office, each outcome recorded and sent to `notifications`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

import faust

from soundings.services import metrics
from soundings.services.alerts.delivery import Delivery
from soundings.services.alerts.handover import HandOver
from soundings.services.alerts.plan import stand_in
from soundings.services.domain.alerts import Alert, Notification, Outcome
from soundings.services.domain.urgent import Urgent
from soundings.services.settings import KafkaSettings
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.agents.handing_over import HandingOver
from soundings.streams.agents.notices import Notices
from soundings.streams.agents.outbox import Outbox, raw_topic
from soundings.streams.agents.state import State
from soundings.streams.agents.urgent import ENTRY, GATHERED_EVERY, UrgentDesk
from soundings.streams.codecs import decode

CAUGHT_UP = 30.0
"""Seconds without another late alert: the backlog of an outage has been read, the summary can be written."""


class AlertsAgent:
    """Delivers each alert in a task of its own: a channel that is down must not hold up the next storm's alert."""

    def __init__(self, app: faust.App, settings: KafkaSettings, delivery: Delivery) -> None:
        self._app = app
        self._delivery = delivery
        self._state = State(app, settings)
        self._outbox = Outbox(app, settings, "notifications")
        self._notices: dict[str, Notices] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._recording = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()
        self._last_late = 0.0
        self._handing_over = HandingOver(
            kind="alert", waiting=Outcome.LATE, turn=self._turn, instead=self._instead, now=delivery.now
        )
        self._tenure = 0
        """Grows with every loss of partitions: what began under an earlier one must not be stored."""
        self._desk = UrgentDesk(delivery, self._state, self._store_urgent)
        alerts = raw_topic(app, settings, "alerts")
        urgents = raw_topic(app, settings, "urgent")

        @ends_the_process
        async def owed(stream: Any) -> None:
            async for event in stream.noack().events():
                self._start(ends_the_process(self._handle_from(stream))(event))

        @ends_the_process
        async def cannot_wait(stream: Any) -> None:
            async for event in stream.noack().events():
                self._start(ends_the_process(self._urgent_from(stream))(event))

        app.agent(alerts, name="alerts")(owed)
        app.agent(urgents, name="urgent")(cannot_wait)
        app.timer(CAUGHT_UP / 3)(ends_the_process(self._if_settled(self._summarise)))
        app.timer(GATHERED_EVERY)(ends_the_process(self._if_settled(self._gather)))

    def forget(self, partitions: set[int]) -> None:
        """The partitions have gone to another worker, which is given what was not acknowledged."""
        self._tenure += 1
        for task in self._running:
            task.cancel()
        self._notices.clear()
        self._desk.forget()
        self._state.forget(partitions)

    def _if_settled(self, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Work that reads the whole state waits while partitions change hands: half of it may still be on its way."""

        async def settled() -> None:
            if not self._app.rebalancing and not self._app.in_recovery:
                await work()

        return settled

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _handle_from(self, stream: Any) -> Any:
        async def handle(event: Any) -> None:
            alert: Alert = decode(event.message.value)
            # One storm's notices in their order; storms of a department side by side.
            turn = self._turn(alert)
            async with turn:
                await self._deliver(alert)
            await stream.ack(event)

        return handle

    def _urgent_from(self, stream: Any) -> Any:
        async def handle(event: Any) -> None:
            urgent: Urgent = decode(event.message.value)
            await self._desk.tell(urgent)
            await stream.ack(event)

        return handle

    async def _store_urgent(self, notification: Notification, department: str, notices: bytes) -> None:
        tenure = self._tenure
        async with self._recording:
            await self._store(notification, department, {department + ENTRY: notices}, tenure)

    async def _store(
        self, notification: Notification, department: str, entry: Mapping[str, bytes], tenure: int
    ) -> None:
        """Unless the partition has gone: its new owner records, and must not find its record overwritten."""
        if tenure == self._tenure:
            self._outbox.add("notifications", department, notification)
            await self._outbox.flush()
        if tenure == self._tenure:
            await self._state.put(entry)

    async def _gather(self) -> None:
        tenure = self._tenure
        await self._desk.gather(lambda: tenure == self._tenure)

    async def _deliver(self, alert: Alert) -> None:
        notices = self._of(alert.department)

        async def recorded(notification: Notification) -> None:
            if notification.outcome is Outcome.LATE:
                self._last_late = asyncio.get_running_loop().time()
            if notification.outcome is Outcome.SENT and alert.live:
                delay = (notification.at - alert.at).total_seconds()
                metrics.ALERT_DELAY.observe(max(delay, 0.0))
            await self._record(alert, notification)

        await self._delivery.deliver(alert, notices.of(alert.id), recorded, notices.before(alert))

    async def _record(self, alert: Alert, notification: Notification) -> None:
        metrics.NOTIFICATIONS.labels(notification.channel, notification.outcome).inc()
        tenure = self._tenure
        async with self._recording:
            if tenure != self._tenure:
                return  # what was told is forgotten here: an entry made now would hold this outcome alone
            notices = self._of(alert.department)
            notices.record(alert, notification)
            await self._store(notification, alert.department, {alert.department: notices.to_bytes()}, tenure)

    async def _summarise(self) -> None:
        """After an outage: once no more late alerts come in, tell of all of them in one message."""
        if asyncio.get_running_loop().time() - self._last_late < CAUGHT_UP:
            return
        tenure = self._tenure

        async def recorded(alert: Alert, notification: Notification) -> None:
            if tenure == self._tenure:  # else the partition's new owner sends the summary, under the same id
                await self._record(alert, notification)

        late = await self._handing_over.look(self._late(), recorded, lambda: tenure == self._tenure)
        if late:
            by_id = {alert.id: alert for alerts in late.values() for alert in alerts}
            await self._delivery.deliver_summary(late, lambda note: recorded(by_id[note.alert], note))

    def _late(self) -> Mapping[str, list[Alert]]:
        """By channel, in every department."""
        late: dict[str, list[Alert]] = {}
        for department in [key for key in self._state if not key.endswith(ENTRY)]:
            for channel, alerts in self._of(department).late().items():
                late.setdefault(channel, []).extend(alerts)
        return late

    def _instead(self, alert: Alert, channel: str) -> HandOver | None:
        known = self._of(alert.department).of(alert.id)
        return stand_in(alert, channel, self._delivery.settings.channels, known)

    def _turn(self, alert: Alert) -> asyncio.Lock:
        return self._turns.setdefault(alert.firestorm.id, asyncio.Lock())

    def _of(self, department: str) -> Notices:
        if department not in self._notices:
            self._notices[department] = Notices.from_bytes(self._state.get(department))
        return self._notices[department]
