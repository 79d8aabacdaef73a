"""The ledger: the running counts of every source and department, one compacted topic, read whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kafka import TopicPartition

from soundings.services.domain.ledger import Fate, Tally
from soundings.services.settings import KafkaSettings
from soundings.streams.codecs import Undecodable, decode
from soundings.streams.records import LedgerEntry
from soundings.streams.topics import topic_name
from soundings.streams.whole import read_whole


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
    entries: dict[str, LedgerEntry] = {}
    for _, record in read_whole(settings, [partition]):
        try:
            entry = decode(record.value)
        except Undecodable:
            continue
        if isinstance(entry, LedgerEntry):
            entries[entry.name] = entry
    return Ledger(sources=_under(entries, "source/"), departments=_under(entries, "department/"))


def _under(entries: Mapping[str, LedgerEntry], prefix: str) -> dict[str, LedgerEntry]:
    return {name.removeprefix(prefix): entry for name, entry in entries.items() if name.startswith(prefix)}
