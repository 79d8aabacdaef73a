"""Clocks of partitions with the offset at which each stands, for a part that stores less often than it reads."""

from datetime import datetime
from typing import Any

import orjson

from soundings.services import metrics
from soundings.services.domain.clock import PartitionClock
from soundings.services.domain.posts import Tick
from soundings.streams.agents.state import PARTITION_ENTRY, State
from soundings.streams.codecs import decode, encode


class Clocks:
    def __init__(self, state: State, part: str = "themes") -> None:
        self._state, self._part = state, part
        self._clocks: dict[int, tuple[PartitionClock, int]] = {}

    def clear(self) -> None:
        self._clocks.clear()

    def tick(self, tick: Tick, partition: int, offset: int) -> tuple[datetime | None, bool]:
        """The partition's time, and whether it moved. A tick that comes again has done all it could: no time."""
        clock, known = self._of(partition)
        if offset <= known:
            return None, False
        before = clock.time
        time = clock.tick(tick)
        if time is not None and time != before:
            metrics.CLOCK.labels(self._part, str(partition)).set(time.timestamp())
        return time, time != before

    def live(self, partition: int) -> bool:
        return self._of(partition)[0].live

    async def store(self, partition: int, offset: int) -> None:
        clock, _ = self._of(partition)
        packed = orjson.dumps({"offset": offset, "clock": clock_to_bytes(clock).decode()})
        await self._state.put({f"{PARTITION_ENTRY}{partition}": packed})

    def _of(self, partition: int) -> tuple[PartitionClock, int]:
        if partition not in self._clocks:
            packed = self._state.get(f"{PARTITION_ENTRY}{partition}")
            held: dict[str, Any] = orjson.loads(packed) if packed else {"offset": -1, "clock": None}
            clock = clock_from_bytes(held["clock"].encode() if held["clock"] else None)
            self._clocks[partition] = clock, held["offset"]
        return self._clocks[partition]


def clock_to_bytes(clock: PartitionClock) -> bytes:
    ticks = [encode(tick).decode() for tick in clock.ticks.values()]
    return orjson.dumps({"v": 1, "time": clock.time, "ticks": ticks})


def clock_from_bytes(packed: bytes | None) -> PartitionClock:
    if packed is None:
        return PartitionClock()
    content = orjson.loads(packed)
    ticks: list[Tick] = [decode(tick.encode()) for tick in content["ticks"]]
    time = datetime.fromisoformat(content["time"]) if content["time"] else None
    return PartitionClock({tick.source: tick for tick in ticks}, time)
