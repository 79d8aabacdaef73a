"""Retention every day: waits while Elasticsearch is down, says so, and makes up for a day that was missed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import structlog

from soundings.services import metrics
from soundings.services.index.port import IndexMismatch, IndexUnavailable
from soundings.services.retention.job import Retention
from soundings.services.retention.plan import next_run

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between attempts while the index is down: doubled, up to what does not matter in a day."""

LOOK = 60.0
"""Seconds between looks at the clock: a machine that slept runs late by no more."""

log = structlog.get_logger()


class Told(Protocol):
    """Who hears what the process waits for."""

    def waiting_for(self, server: str) -> None: ...

    def goes_on(self, server: str) -> None: ...


async def daily(
    retention: Retention,
    told: Told,
    clock: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run whenever a day has passed since the last run of anybody; ends only by being cancelled."""
    pause = FIRST_PAUSE
    while True:
        try:
            wait = await _look(retention, clock)
        except (IndexUnavailable, IndexMismatch) as error:
            told.waiting_for("elasticsearch")
            log.warning("retention waits for the index", seconds=pause, why=type(error).__name__)
            wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
        else:
            told.goes_on("elasticsearch")
            pause = FIRST_PAUSE
        await sleep(wait)


async def _look(retention: Retention, clock: Callable[[], datetime]) -> float:
    """Run if it is time; seconds until the next look."""
    now = clock()
    last = await retention.shelves.last_run()
    due = next_run(last.at if last else None, now)
    if due <= now:
        await retention.run(now)
        return LOOK
    if last is not None:
        metrics.RETENTION_RAN.set(last.at.timestamp())
    return min(LOOK, (due - now).total_seconds())
