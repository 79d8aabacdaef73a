"""Faust's recovery, with its last step in an order that loses nothing."""

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery


class OrderlyRecovery(Recovery):
    """Holds the fetcher while the stream partitions are sought to their committed offsets.

    Faust 0.15.3 opens these partitions first and seeks afterwards, with the fetcher running. What was fetched in
    between comes again after the seek; meanwhile the read position of the first pass stands, and records below it are
    dropped unprocessed. Seen as a worker that, in one of two restarts after a kill, skipped some dozen records and
    never committed their partition again (docs/decisions/0001).
    """

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        self.app.consumer.stop_flow()
        await super().on_recovery_completed(generation_id)  # resumes the flow after the seek


class OrderlyTables(TableManager):
    """Faust's tables, recovered by OrderlyRecovery."""

    @property
    def recovery(self) -> Recovery:
        if self._recovery is None:
            self._recovery = OrderlyRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery
