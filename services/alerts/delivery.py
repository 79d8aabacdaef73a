"""Alerts delivered: decided, written, sent over all channels at once, and each outcome recorded."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from soundings.services.alerts.evidence import gather
from soundings.services.alerts.message import Heading, Message
from soundings.services.alerts.plan import LATE_AFTER, Planned, plan
from soundings.services.alerts.render import render
from soundings.services.alerts.sending import Means
from soundings.services.alerts.summary import summary
from soundings.services.domain.accounts import Department
from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome

Recorded = Callable[[Notification], Awaitable[None]]

_REHEARSAL = timedelta(minutes=1)
"""How long an exercise is tried for: nobody waits for it, and it must not hold a replay up."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Means):
    """Of alerts."""

    async def deliver(
        self,
        alert: Alert,
        already: Mapping[str, Outcome],
        recorded: Recorded,
        before: Mapping[str, Outcome] | None = None,
    ) -> tuple[Notification, ...]:
        """Tell every channel what it is owed; may be called again after a crash with what was recorded until then.

        A channel that fails holds no other up. A live alert that a channel did not take within 15 minutes of its time
        is recorded as late, to be told by `deliver_summary`.

        Args:
            already, before: see `plan`.
            recorded: awaited with each outcome as soon as it is known. What it raises ends the delivery.

        Raises:
            ExceptionGroup: of what `recorded` raised.
        """
        planned = plan(alert, self.settings.channels, already, self.now(), before)
        sending = [item for item in planned if item.send]
        messages = await self._messages(alert, sending, before or {}) if sending else {}
        done: list[Notification] = []

        async def settle(item: Planned) -> None:
            outcome = item.outcome
            if item.send:
                live = item.heading is Heading.NONE
                until = alert.at + LATE_AFTER if live else self.now() + _REHEARSAL
                outcome = await self.send(item.channel, messages[item.heading], until)
                if outcome is Outcome.LATE and not live:  # an exercise is owed to nobody
                    outcome = Outcome.FAILED
            else:
                log.info("not sent", alert=alert.id, channel=item.channel, outcome=outcome.value, why=item.reason)
            notification = Notification(alert=alert.id, channel=item.channel, outcome=outcome, at=self.now())
            await recorded(notification)
            done.append(notification)

        async with asyncio.TaskGroup() as group:
            for item in planned:
                group.create_task(settle(item))
        return tuple(sorted(done, key=lambda notification: notification.channel))

    async def deliver_summary(
        self, late: Mapping[str, Sequence[Alert]], recorded: Recorded
    ) -> tuple[Notification, ...]:
        """Tell each channel, in one message, of the alerts recorded as late for it. Call it when caught up.

        Args:
            late: by channel, the alerts whose outcome there is LATE.
        """
        done: list[Notification] = []

        async def settle(channel: str, alerts: Sequence[Alert]) -> None:
            message = summary(alerts, self.now(), self.book, desk_url=self.settings.desk_url)
            outcome = await self.send(channel, message, self.now() + LATE_AFTER)
            if outcome is Outcome.SENT:
                outcome = Outcome.SUMMARISED
            for alert in alerts:
                notification = Notification(alert=alert.id, channel=channel, outcome=outcome, at=self.now())
                await recorded(notification)
                done.append(notification)

        async with asyncio.TaskGroup() as group:
            for channel, alerts in late.items():
                if alerts and channel in self.notifiers:
                    group.create_task(settle(channel, alerts))
        return tuple(sorted(done, key=lambda notification: (notification.channel, notification.alert)))

    async def _messages(
        self, alert: Alert, sending: Sequence[Planned], before: Mapping[str, Outcome]
    ) -> dict[Heading, Message]:
        # The accounts file may have changed since: the alert is still owed.
        nameless = Department(key=alert.department, name=alert.department, timezone="UTC", accounts=())
        department = self.book.department(alert.department) or nameless
        evidence = await gather(self.index, alert, self.book, sleep=self.sleep)
        told = tuple(dict.fromkeys([*(item.channel for item in sending), *(c for c, o in before.items() if o.told)]))
        # Who was told of nothing before (it was below the channel's severity) is not told that "it has grown".
        again = alert.step in (AlertStep.ESCALATED, AlertStep.TURNED)
        grown_unseen = again and not any(outcome.told for outcome in before.values())
        alert = replace(alert, step=AlertStep.OPENED) if grown_unseen else alert
        return {
            heading: render(
                alert, department, evidence, self.now(), told, heading=heading, desk_url=self.settings.desk_url
            )
            for heading in {item.heading for item in sending}
        }
