"""The ledger: the running counts of every source and department, one compacted topic, read whole."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError

from soundings.services.domain.ledger import Fate, Tally
from soundings.services.settings import KafkaSettings
from soundings.streams.codecs import Undecodable, decode
from soundings.streams.connection import client_options
from soundings.streams.records import LedgerEntry
from soundings.streams.topics import topic_name

READ_TIMEOUT_MS = 5000

PATIENCE = 30.0
"""Seconds without a new record after which the broker is given up: as long as the client waits for any answer. A ledger
is some hundred records, which come within one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything in the ledger at one moment."""

    sources: Mapping[str, LedgerEntry] = field(default_factory=dict)
    """By source name."""
    departments: Mapping[str, LedgerEntry] = field(default_factory=dict)
    """By department key; what names no department is counted by its partition, `partition:3`."""

    @property
    def received(self) -> int:
        return sum(entry.received for entry in self.sources.values())

    @property
    def tally(self) -> Tally:
        """What became of the records, over all sources and departments."""
        total = Tally()
        for entry in (*self.sources.values(), *self.departments.values()):
            total = total.plus(Tally(counts={Fate(fate): number for fate, number in entry.counts.items()}))
        return total

    @property
    def under_way(self) -> int:
        """Records that were received and have not met their fate yet: 0 when all has been worked off."""
        return self.received - self.tally.total


def read_ledger(settings: KafkaSettings) -> Ledger:
    """The ledger as it stands.

    Raises:
        kafka.errors.KafkaError: the broker is down, or stopped answering (KafkaTimeoutError).
    """
    partition = TopicPartition(topic_name(settings, "ledger"), 0)
    consumer = KafkaConsumer(
        **client_options(settings), group_id=None, enable_auto_commit=False, consumer_timeout_ms=READ_TIMEOUT_MS
    )
    entries: dict[str, LedgerEntry] = {}
    try:
        consumer.assign([partition])
        end = consumer.end_offsets([partition])[partition]
        consumer.seek_to_beginning(partition)
        heard = time.monotonic()
        # None: it is not known yet where to begin.
        while (at := consumer.position(partition, timeout_ms=READ_TIMEOUT_MS)) is None or at < end:
            records = consumer.poll(timeout_ms=READ_TIMEOUT_MS).get(partition, ())
            if records:
                heard = time.monotonic()
            elif time.monotonic() - heard > PATIENCE:
                raise KafkaTimeoutError(f"Kafka stopped answering while the ledger was read (at {at} of {end})")
            for record in records:
                try:
                    entry = decode(record.value)
                except Undecodable:
                    continue
                entries[entry.name] = entry
    finally:
        consumer.close()
    return Ledger(sources=_under(entries, "source/"), departments=_under(entries, "department/"))


def _under(entries: Mapping[str, LedgerEntry], prefix: str) -> dict[str, LedgerEntry]:
    return {name.removeprefix(prefix): entry for name, entry in entries.items() if name.startswith(prefix)}
