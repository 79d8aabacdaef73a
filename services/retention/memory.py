"""The stores in memory: for tests, held to the same contract as those in Elasticsearch."""

from soundings.services.domain.holds import Hold
from soundings.services.retention.store import HoldStore, check_follows


class MemoryHolds(HoldStore):
    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}

    async def get(self, item: str) -> Hold | None:
        return self._holds.get(item)

    async def all(self) -> tuple[Hold, ...]:
        return tuple(hold for _, hold in sorted(self._holds.items()))

    async def put(self, hold: Hold) -> None:
        check_follows(self._holds.get(hold.item), hold)
        self._holds[hold.item] = hold
