"""The clock of a partition: event time, told by the ticks of its sources."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from soundings.services.domain.posts import Tick

STALE_AFTER = timedelta(minutes=2)
"""Live sources tick every 5 s; two minutes are 24 ticks missed, more than a reconnect with back-off needs."""

FORGOTTEN_AFTER = timedelta(days=7)
"""The longest gap that any source can fill (X's recent search): what is silent for longer is not waited for."""


class PartitionClock:
    """The time up to which everything has been delivered: the smallest tick of the sources that are not stale.

    Staleness is measured against the newest tick, not against the wall clock, so that a replay decides what the live
    stream decided. The time never goes back: a source that joins with an older time is late, not a reason to decide
    minutes anew.
    """

    def __init__(self, ticks: Mapping[str, Tick] | None = None, time: datetime | None = None) -> None:
        self._ticks = dict(ticks or {})
        self._time = time

    @property
    def time(self) -> datetime | None:
        return self._time

    @property
    def ticks(self) -> Mapping[str, Tick]:
        return self._ticks

    @property
    def live(self) -> bool:
        """Whether a live source is among those that tell the time; if none is, nobody may be woken."""
        return any(tick.live for tick in self._fresh())

    @property
    def stale(self) -> tuple[str, ...]:
        """Sources that are silent: what they would have said is not known."""
        fresh = {tick.source for tick in self._fresh()}
        return tuple(sorted(source for source in self._ticks if source not in fresh))

    def tick(self, tick: Tick) -> datetime | None:
        """Take a tick in; returns the partition's time, None before the first tick."""
        known = self._ticks.get(tick.source)
        if known is None or tick.time >= known.time:
            self._ticks[tick.source] = tick
        if fresh := self._fresh():
            time = min(each.time for each in fresh)
            self._time = max(self._time, time) if self._time else time
        self._forget(tick)
        return self._time

    def _fresh(self) -> list[Tick]:
        if not self._ticks:
            return []
        newest = max(tick.time for tick in self._ticks.values())
        return [tick for tick in self._ticks.values() if tick.time >= newest - STALE_AFTER]

    def _forget(self, last: Tick) -> None:
        if last.ended:
            self._ticks.pop(last.source, None)
        if self._time is not None:
            horizon = self._time - FORGOTTEN_AFTER
            self._ticks = {source: tick for source, tick in self._ticks.items() if tick.time >= horizon}
