"""One message over one channel, until it is taken, refused or too late."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from soundings.services.alerts.evidence import Sleep, Texts
from soundings.services.alerts.message import Message
from soundings.services.alerts.notifier import Notifier, Refused, TryAgain
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Outcome
from soundings.services.settings import AlertSettings

_FIRST, _LONGEST = 2.0, 60.0
"""Seconds between attempts: doubled from two, so that a hiccup costs little, up to a minute, so that a channel that is
back is noticed. No jitter: there are few channels, and one process sends."""
log = structlog.get_logger(__name__)


def utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What delivering needs, put together once at the start. `notifiers` has one for each of the settings' channels."""

    settings: AlertSettings
    book: AccountBook
    notifiers: Mapping[str, Notifier]
    index: Texts
    now: Callable[[], datetime] = field(default=utc)
    sleep: Sleep = field(default=asyncio.sleep)

    async def send(self, channel: str, message: Message, deadline: datetime) -> Outcome:
        """See the function."""
        return await send(self.notifiers[channel], message, deadline, now=self.now, sleep=self.sleep)


async def send(
    notifier: Notifier, message: Message, deadline: datetime, *, now: Callable[[], datetime], sleep: Sleep
) -> Outcome:
    """Try until the channel takes it (SENT), refuses it (FAILED), or the next attempt would come after the deadline
    (LATE)."""
    pause = _FIRST
    while True:
        try:
            await notifier.send(message)
        except Refused as error:
            log.error("refused", message=message.id, channel=notifier.name, why=str(error))
            return Outcome.FAILED
        except TryAgain as error:
            wait = max(pause, error.after)
            if now() + timedelta(seconds=wait) > deadline:
                log.error("given up for now", message=message.id, channel=notifier.name, why=str(error))
                return Outcome.LATE
            log.warning(
                "waits for the channel", message=message.id, channel=notifier.name, seconds=wait, why=str(error)
            )
            await sleep(wait)
            pause = min(2 * pause, _LONGEST)
        else:
            log.info("sent", message=message.id, channel=notifier.name)
            return Outcome.SENT
