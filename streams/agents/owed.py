"""Events that wait to be acknowledged until the state that holds them is stored."""

from dataclasses import dataclass, field
from typing import Any

from soundings.streams.agents.batches import Batch

MOST = 8_000
"""Events of a partition: 20 MB of them in memory, and two to four seconds to read again after a crash."""

BYTES_A_SECOND = 50_000
"""What storing the state of one department may cost Kafka: the 2.5 MB of a busy one every 50 s, a small one at once."""

SHORTEST = 1.0
"""Seconds between two storings: shorter than Faust's own interval of committing would gain nothing."""

IDLE = 1.0
"""Second without an event after which all is stored: whoever waits for the end of a replay shall see it."""


@dataclass(slots=True)
class Owed:
    """Of one partition; times are the event loop's."""

    since: float
    batch: Batch | None = None
    changed: set[str] = field(default_factory=set)
    """Departments whose state has changed since it was stored."""
    offset: int = -1
    last: float = 0.0
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes of a department's state when it was last stored."""

    def add(self, event: Any, batch: Batch, now: float) -> None:
        if self.batch is None:
            self.batch, self.since = Batch([], batch.app, batch.stream), now
        self.batch.events.append(event)
        self.offset, self.last = event.message.offset, now

    def is_due(self, now: float) -> bool:
        if self.batch is None:
            return False
        cost = sum(self.sizes.get(department, 0) for department in self.changed)
        return (
            len(self.batch.events) >= MOST
            or now - self.last >= IDLE
            or now - self.since >= max(SHORTEST, cost / BYTES_A_SECOND)
        )

    def next(self) -> "Owed":
        """What is owed after everything was stored: nothing yet."""
        return Owed(self.last, sizes=self.sizes)

    async def acknowledge(self) -> None:
        if self.batch is not None:
            await self.batch.acknowledge()
