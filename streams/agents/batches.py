"""Batches of events that are acknowledged only when their work is done.

Faust's own `take()` acknowledges even when the body raises, and so loses what was in the batch. Here nothing is
acknowledged before the caller comes back for the next batch, and an error ends the process before anything is.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import faust

from soundings.services import metrics

SIZE = 1000
"""Records of a batch at most: about 0.2 s of tagging."""

LINGER = 0.1
"""Seconds that a batch waits to fill; an alert waits at most three of these (intake, detection, delivery)."""


async def batches(
    app: faust.App, stream: Any, part: str, *, size: int = SIZE, linger: float = LINGER
) -> AsyncIterator[list[Any]]:
    """Yield lists of events; each list is acknowledged when the next one is asked for."""
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
                # A rebalance came in between: whoever has the partition now is given these events again.
                batch = [event for event in batch if event.message.generation_id == app.consumer_generation_id]
                if batch:
                    yield batch
                for event in batch:
                    await stream.ack(event)
    finally:
        upcoming.cancel()
