"""What a run of retention did: the record that shows that the promise is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """Of one kind of document."""

    removed: int = 0
    held: int = 0
    """Due, and kept for a hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRun:
    """Counts only: a run names nobody."""

    at: datetime
    """When it began; also its id."""
    seconds: float
    text_days: int
    counts_days: int
    kinds: Mapping[str, Retained] = field(default_factory=dict)
    """By the name of the kind, those in which anything was due."""
    months: int = 0
    """Monthly indices dropped whole; their documents are among `removed`."""
    pseudonyms: int = 0
    """Statements that are kept and no longer hold the pseudonym of whom they answer or name."""
    holds: int = 0
    """Holds that stood at its end."""

    @property
    def removed(self) -> int:
        return sum(each.removed for each in self.kinds.values())

    @property
    def held(self) -> int:
        return sum(each.held for each in self.kinds.values())
