"""Every record is accounted for, once: what was received is the sum of what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What became of a record. `received` is the sum of these, before fan-out to departments."""

    MENTION = "mentions"
    STATEMENT = "statements"
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off-topic"
    QUARANTINED = "quarantined"
    REDACTED = "redacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many records met which fate."""

    counts: Mapping[Fate, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def plus(self, other: "Tally") -> "Tally":
        return Tally(counts={fate: self.of(fate) + other.of(fate) for fate in Fate if self.of(fate) or other.of(fate)})

    def of(self, fate: Fate) -> int:
        return self.counts.get(fate, 0)
