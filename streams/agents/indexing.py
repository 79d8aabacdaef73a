"""Agent of indexing: what was said, counted, decided and sent → the index. Waits, and says so, while it is down."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import faust
import structlog

from soundings.services import metrics
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Mention, Statement, Tick
from soundings.services.domain.urgent import Urgent
from soundings.services.index.port import Index, Rejected
from soundings.services.settings import KafkaSettings
from soundings.streams.agents.batches import batches
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.agents.outbox import Outbox, raw_topic
from soundings.streams.agents.removal import Removal
from soundings.streams.agents.waiting import when_there
from soundings.streams.codecs import decode
from soundings.streams.health import Health
from soundings.streams.quarantine import Seal
from soundings.streams.redactions import Redactions

TOPICS = ("mentions", "volumes", "firestorms", "alerts", "notifications", "urgent", "themes")

FIRST_PAUSE = 0.5
"""Seconds before a batch is sent again to an index that is down: it is heavier than a question."""

log = structlog.get_logger()


class IndexingAgent:
    """Keeps no state: a document's id is its record's, so that any redelivery writes the same document.

    What was taken back is remembered first and removed then; storing and removing exclude each other (`Removal`).
    """

    def __init__(
        self,
        app: faust.App,
        settings: KafkaSettings,
        index: Index,
        seal: Seal,
        health: Health,
        redactions: Redactions,
    ) -> None:
        self._index = index
        self._redactions = redactions
        self._lock = asyncio.Lock()
        self.removal = Removal(index, self._lock, health)
        redactions.listen(self.removal.owe)
        self._seal = seal
        self._health = health
        self._outbox = Outbox(app, settings, "quarantine")
        records = raw_topic(app, settings, *TOPICS)

        @ends_the_process
        async def indexing(stream: Any) -> None:
            async for batch in batches(app, stream, "indexing"):
                await self.process(batch.events)
                await batch.acknowledge()

        app.agent(records, name="indexing")(indexing)

    def forget(self, partitions: set[int]) -> None:
        """Nothing is kept."""

    async def process(self, batch: list[Any]) -> None:
        """Store the batch's records; what the index can never take goes to quarantine."""
        records = [record for event in batch if not isinstance(record := decode(event.message.value), Tick)]
        if not records:
            return
        for rejected in await self._put(records):
            self._refuse(rejected)
        await self._outbox.flush()

    async def _put(self, records: list[Any]) -> tuple[Rejected, ...]:
        await self._redactions.known()
        attempts = 0

        async def put() -> tuple[Rejected, ...]:
            nonlocal attempts
            attempts += 1
            async with self._lock:
                left = [record for record in records if not self._taken_back(record)]
                return await self._index.put(left) if left else ()

        rejected = await when_there(put, self._health, first=FIRST_PAUSE, records=len(records))
        if attempts > 1:  # what was given up on may have been stored all the same, after its removal
            self.removal.owe_again(each for each in records if self._taken_back(each))
        return rejected

    def _taken_back(self, record: Any) -> bool:
        taken_back = self._redactions.taken_back
        if _is_post(record):
            return taken_back.covers(record.post)
        return isinstance(record, Urgent) and taken_back.gone(record.post)

    def _refuse(self, rejected: Rejected) -> None:
        content = rejected.id.encode()
        record = self._seal.quarantined("index", 0, rejected.reason, content, datetime.now(UTC))
        self._outbox.add("quarantine", "indexing", record, 0)
        metrics.RECORDS.labels("indexing", Fate.QUARANTINED).inc()
        log.error("quarantined by the index", reason=rejected.reason)


def _is_post(record: Any) -> bool:
    return isinstance(record, Mention | Statement)
