"""Asking what may be away for a while: the index, and the part that fills it. Waits, and says so."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import structlog

from soundings.services.domain.posts import Mention
from soundings.services.index.port import Index, IndexMismatch, IndexUnavailable
from soundings.streams.health import Health
from soundings.streams.indexed import Indexed

PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds between two attempts: doubled, up to what an operator hardly notices."""

log = structlog.get_logger()

T = TypeVar("T")


def _still_wanted() -> None:
    """For what is wanted whatever happens meanwhile."""


async def when_there(
    ask: Callable[[], Awaitable[T]],
    health: Health,
    still: Callable[[], None] = _still_wanted,
    *,
    first: float = PAUSE,
    **about: int,
) -> T:
    """The answer of the index, as soon as it gives one.

    Args:
        still: raises if the answer is no longer wanted.
        first: seconds before the second attempt.
        about: numbers for the log.
    """
    pause = first
    while True:
        try:
            answer = await ask()
        except (IndexUnavailable, IndexMismatch) as error:
            health.waiting_for("elasticsearch")
            log.warning("waits for the index", seconds=pause, why=type(error).__name__, **about)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            still()
        else:
            health.goes_on("elasticsearch")
            still()
            return answer


class Texts:
    """Posts from the index, which may be behind what was read from Kafka."""

    def __init__(self, index: Index, indexed: Indexed, health: Health) -> None:
        self._index, self._indexed, self._health = index, indexed, health

    async def fetch(
        self, ids: Sequence[str], partition: int, offset: int, still: Callable[[], None]
    ) -> Mapping[str, Mention]:
        """Mentions by id. What is missing after everything before the offset was indexed has been deleted."""

        async def ask() -> Mapping[str, Mention]:
            return await self._index.mentions(ids)

        found = await when_there(ask, self._health, still)
        if len(found) == len(ids):
            return found
        await self._until_indexed(partition, offset, still)
        await when_there(self._index.refresh, self._health, still)
        return await when_there(ask, self._health, still)

    async def _until_indexed(self, partition: int, offset: int, still: Callable[[], None]) -> None:
        pause = PAUSE
        while not await self._indexed.reached(partition, offset):
            still()
            if pause == LONGEST_PAUSE:
                self._health.waiting_for("indexing")
                log.warning("waits for indexing", partition=partition, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._health.goes_on("indexing")
        still()
