"""What waits for a channel that takes it no longer: handed over to others, or said to be heard by nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import structlog

from soundings.services import metrics
from soundings.services.alerts.handover import HandOver, steps
from soundings.services.domain.alerts import Notification, Outcome

log = structlog.get_logger()


class Notice(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=Notice)
Recorded = Callable[[N, Notification], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class HandingOver(Generic[N]):
    """Of one kind of notice."""

    kind: str
    waiting: Outcome
    """What is recorded of a notice that waits."""
    turn: Callable[[N], asyncio.Lock]
    """Held by whoever tells the notice."""
    instead: Callable[[N, str], HandOver | None]
    """Who tells it instead of a channel; None: nobody needs to."""
    now: Callable[[], datetime]
    _unheard: int = field(init=False, default=0)

    async def look(
        self, waiting: Mapping[str, Iterable[N]], recorded: Recorded[N], goes_on: Callable[[], bool]
    ) -> Mapping[str, list[N]]:
        """Hand over what must be; by channel, what is still to be told there.

        Args:
            waiting: by channel, what waits for it.
            goes_on: whether the partitions are still ours.
        """
        here: dict[str, list[N]] = {}
        unheard: set[str] = set()
        for channel, several in waiting.items():
            for notice in several:
                if self.instead(notice, channel) is None:
                    here.setdefault(channel, []).append(notice)
                elif goes_on():
                    for other in await self._hand_over(notice, channel, recorded, unheard):
                        here.setdefault(other, []).append(notice)
        self._say(len(unheard))
        return here if goes_on() else {}  # whoever has the partitions now tells it

    async def _hand_over(self, notice: N, channel: str, recorded: Recorded[N], unheard: set[str]) -> tuple[str, ...]:
        """The channels that tell it from now on."""
        turn = self.turn(notice)
        if turn.locked():  # it is being told: the next look sees what became of it
            return ()
        async with turn:
            instead = self.instead(notice, channel)
            if instead is None:
                return ()
            if not instead.settled:
                unheard.add(notice.id)
                return ()
            log.info("handed over", notice=notice.id, channel=channel, to=instead.to, why=instead.reason)
            for name, outcome in steps(channel, instead.to, self.waiting):
                await recorded(notice, Notification(alert=notice.id, channel=name, outcome=outcome, at=self.now()))
            return instead.to

    def _say(self, unheard: int) -> None:
        metrics.UNHEARD.labels(self.kind).set(unheard)
        if unheard and unheard != self._unheard:
            log.error("notices wait and no channel takes them any more", kind=self.kind, notices=unheard)
        self._unheard = unheard
