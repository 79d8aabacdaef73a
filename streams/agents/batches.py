"""Batches of events that are acknowledged only when their work is done.

Faust's own `take()` acknowledges even when the body raises, and so loses what was in the batch. Here nothing is
acknowledged before the caller comes back for the next batch, and an error ends the process before anything is.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import faust

from soundings.services import metrics

SIZE = 1000
"""Records of a batch at most: about 0.2 s of tagging."""

LINGER = 0.1
"""Seconds that a batch waits to fill; an alert waits at most three of these (intake, detection, delivery)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one generation of the consumer group, and the way to acknowledge them."""

    events: list[Any]
    app: faust.App
    stream: Any

    async def acknowledge(self) -> None:
        """Call it when everything that follows from the events is in Kafka, the state included.

        After a rebalance nothing is acknowledged: whoever has the partitions now is given the events again.
        """
        for event in _current(self.events, self.app):
            await self.stream.ack(event)


async def batches(
    app: faust.App, stream: Any, part: str, *, size: int = SIZE, linger: float = LINGER
) -> AsyncIterator[Batch]:
    """Yield batches as they fill up or their time is over."""
    events = aiter(stream.noack().events())
    upcoming = asyncio.ensure_future(anext(events))
    try:
        while True:
            await asyncio.wait({upcoming})
            with metrics.BATCHES.labels(part).time():
                batch: list[Any] = []
                until = asyncio.get_running_loop().time() + linger
                while len(batch) < size:
                    left = until - asyncio.get_running_loop().time()
                    done, _ = await asyncio.wait({upcoming}, timeout=max(left, 0))
                    if not done:
                        break
                    try:
                        batch.append(upcoming.result())
                    except StopAsyncIteration:
                        return
                    upcoming = asyncio.ensure_future(anext(events))
                if batch := _current(batch, app):
                    yield Batch(batch, app, stream)
    finally:
        upcoming.cancel()


def _current(events: list[Any], app: faust.App) -> list[Any]:
    """Those that no rebalance has taken away since they were read."""
    return [event for event in events if event.message.generation_id == app.consumer_generation_id]
