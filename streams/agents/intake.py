"""Agent of intake: `mentions.raw` → `mentions`, same partition, same order, ticks passed on in their place."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import faust
import structlog

from soundings.services import metrics
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Mention, Tick
from soundings.services.domain.redactions import Redaction
from soundings.services.intake.intake import Arrival, Intake, Taken
from soundings.services.intake.memory import Originals
from soundings.services.intake.urgent import urgent_of
from soundings.services.settings import KafkaSettings
from soundings.services.tagging.tagger import Tagger
from soundings.streams.agents.batches import batches
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.agents.outbox import Outbox, raw_topic
from soundings.streams.agents.state import PARTITION_ENTRY, State
from soundings.streams.codecs import Undecodable, decode
from soundings.streams.quarantine import Seal
from soundings.streams.records import Delivery, LedgerEntry
from soundings.streams.redactions import Redactions

log = structlog.get_logger()


class IntakeAgent:
    """Holds the intake of each department on this worker's partitions."""

    def __init__(
        self,
        app: faust.App,
        settings: KafkaSettings,
        book: AccountBook,
        tagger: Tagger,
        seal: Seal,
        redactions: Redactions,
    ) -> None:
        self._book = book
        self._redactions = redactions
        redactions.listen(self._taken_back)
        self._tagger = tagger
        self._seal = seal
        self._state = State(app, settings)
        self._outbox = Outbox(app, settings, "mentions", "ledger", "quarantine", "urgent")
        self._originals = Originals()
        self._intakes: dict[str, Intake] = {}
        self._tenure = 0
        """Grows with every loss of partitions: what began under an earlier one must not be stored."""
        raw = raw_topic(app, settings, "mentions.raw")

        @ends_the_process
        async def intake(stream: Any) -> None:
            async for batch in batches(app, stream, "intake"):
                if await self.process(batch.events):
                    await batch.acknowledge()

        app.agent(raw, name="intake")(intake)

    def forget(self, partitions: set[int]) -> None:
        """The partitions have gone to another worker."""
        self._tenure += 1
        self._intakes.clear()
        self._state.forget(partitions)

    async def process(self, batch: list[Any]) -> bool:
        """Take the batch's posts, department by department; send in the order of arrival; then store and count.

        Returns:
            Whether all was stored; if not, a rebalance came in between, and the events come again.
        """
        tenure = self._tenure
        await self._redactions.known()
        if tenure != self._tenure:
            return False
        records = [(event, self._read(event.message)) for event in batch]
        arrivals: dict[str, list[Arrival]] = {}
        for _, record in records:
            if isinstance(record, Delivery):
                arrival = Arrival(post=record.post, position=record.position)
                arrivals.setdefault(record.department, []).append(arrival)
        taken = {key: iter(self._of(key).take(items)) for key, items in arrivals.items()}
        changed = set(arrivals)
        for event, record in records:
            message = event.message
            if isinstance(record, Delivery):
                self._pass_on(record, next(taken[record.department]), message.partition)
            elif isinstance(record, Tick):
                self._outbox.forward("mentions", message.key, message.value, message.partition)
            else:
                changed.add(self._refuse(message, record))
        intakes = {key: self._of(key) for key in changed}
        await self._outbox.flush()
        if tenure != self._tenure:
            return False
        await self._account_for(intakes)
        return tenure == self._tenure

    def _read(self, message: Any) -> Delivery | Tick | str:
        """The record of a message, or why it is none of ours."""
        try:
            record = decode(message.value)
        except Undecodable as problem:
            return str(problem)
        if not isinstance(record, Delivery | Tick):
            return "no delivery"
        if isinstance(record, Delivery) and self._book.department(record.department) is None:
            return "its department is not configured"
        return record

    def _of(self, key: str) -> Intake:
        if key not in self._intakes:
            covers = self._redactions.taken_back.covers
            self._intakes[key] = Intake(key, self._state, self._tagger, self._originals, covers)
        return self._intakes[key]

    def _taken_back(self, redactions: Sequence[Redaction]) -> None:
        for redaction in redactions:
            self._originals.forget(redaction.post)

    def _pass_on(self, delivery: Delivery, taken: Taken, partition: int) -> None:
        department = delivery.department
        if taken.record is not None:
            self._outbox.add("mentions", department, taken.record, partition)
        if isinstance(taken.record, Mention):
            urgent = urgent_of(taken.record, department, live=delivery.live)
            if urgent is not None:
                self._outbox.add("urgent", department, urgent, partition)
        metrics.RECORDS.labels("intake", taken.fate).inc()

    def _refuse(self, message: Any, reason: str) -> str:
        """Quarantine the message; it names no department, so its partition accounts for it: returns that key."""
        key = f"{PARTITION_ENTRY}{message.partition}"
        self._of(key).refuse("mentions.raw", message.offset + 1)
        source = f"mentions.raw/{message.partition}"
        content = message.value or b""
        record = self._seal.quarantined(source, message.offset, reason, content, datetime.now(UTC))
        self._outbox.add("quarantine", "intake", record, 0)
        metrics.RECORDS.labels("intake", Fate.QUARANTINED).inc()
        log.warning("quarantined", reason=reason, partition=message.partition, offset=message.offset)
        return key

    async def _account_for(self, intakes: Mapping[str, Intake]) -> None:
        changes: dict[str, bytes | None] = {}
        for intake in intakes.values():
            changes |= intake.changes()
        await self._state.put(changes)
        now = datetime.now(UTC)
        for key, intake in intakes.items():
            counts = {str(fate): number for fate, number in intake.tally.counts.items()}
            entry = LedgerEntry(name=f"department/{key}", counts=counts, at=now)
            self._outbox.add("ledger", entry.name, entry, 0)
        await self._outbox.flush()
