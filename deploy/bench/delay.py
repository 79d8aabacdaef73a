"""How soon an alert is out: the same storms once more, the minutes round each alert at a walking pace.

Measured is, on one wall clock, from the moment at which ingest takes the tick that ends the deciding minute until the
outcome of the sending by webhook is recorded: Kafka three times, tagging, the decision, the search for evidence, the
rendering, the signed request. Not in it: what the platform takes to hand a post over, the rest of the minute in which
it comes, and the at most 5 s until a live source's next tick.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from soundings.services.domain.alerts import Alert, Notification, Outcome
from soundings.services.domain.posts import Tick
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.settings import ElasticsearchSettings
from soundings.streams.sources.replay import Replay
from soundings.streams.sources.source import Event, SourceStatus

BEFORE, AFTER = timedelta(minutes=2), timedelta(minutes=1)
"""What goes slowly round an alert: its own minute begins with nothing left to do."""

STEP = 0.5
"""Seconds a minute of event time takes there: 120 times faster than life, and still three times the pipeline's own
waiting for batches to fill."""

LIMIT = 240.0
"""Seconds at most that are spent on slow minutes; alerts after that are not measured."""


class Stepped:
    """A replay that goes slowly round given moments and notes when each of its ticks there was told."""

    live = False

    def __init__(self, replay: Replay, moments: Sequence[datetime], idle: Callable[[], object]) -> None:
        self.name = replay.name
        self._replay = replay
        self._moments = moments
        self._idle = idle
        self._ends = time.monotonic() + LIMIT
        self._slow = False
        self.told: list[tuple[datetime, datetime]] = []
        """Event time and wall clock of each slow tick, rising."""

    def events(self, cursor: str) -> Iterator[Event]:
        for event in self._replay.events(cursor):
            if isinstance(event, Tick):
                self._pace(event.time)
            yield event

    def _pace(self, at: datetime) -> None:
        slow = time.monotonic() < self._ends and any(near(at, moment) for moment in self._moments)
        if slow and not self._slow:
            self._idle()  # what went by at full speed must not stand in the way
        self._slow = slow
        if slow:
            time.sleep(STEP)
            self.told.append((at, datetime.now(UTC)))

    def status(self) -> SourceStatus:
        return self._replay.status()

    def close(self) -> None:
        self._replay.close()


def near(at: datetime, moment: datetime) -> bool:
    return moment - BEFORE <= at <= moment + AFTER


def delays(
    told: Sequence[tuple[datetime, datetime]], alerts: Sequence[Alert], notifications: Sequence[Notification]
) -> list[float]:
    """Seconds from the first tick that ended an alert's minute to its sending, rising; only of alerts at slow times."""
    sent = {each.alert: each.at for each in notifications if each.outcome is Outcome.SENT}
    found = []
    for alert in alerts:
        due = next((wall for at, wall in told if at >= alert.at and near(at, alert.at)), None)
        if due is not None and alert.id in sent:
            found.append((sent[alert.id] - due).total_seconds())
    return sorted(found)


def share(values: Sequence[float], part: float) -> float | None:
    """The smallest of the rising values that at least this part of them does not exceed; None if there are none."""
    if not values:
        return None
    return round(values[max(0, math.ceil(part * len(values)) - 1)], 2)


def outcome(settings: ElasticsearchSettings) -> tuple[tuple[Alert, ...], tuple[Notification, ...]]:
    """Every alert in the index, and what became of each."""

    async def ask() -> tuple[tuple[Alert, ...], tuple[Notification, ...]]:
        index = ElasticsearchIndex.at(settings)
        try:
            await index.refresh()
            alerts = tuple(await index.alerts(None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)))
            return alerts, tuple(await index.notifications([alert.id for alert in alerts]))
        finally:
            await index.close()

    return asyncio.run(ask())
