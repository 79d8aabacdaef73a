"""What a digest holds about posts that could not wait: numbers and addresses, never their words."""

from dataclasses import dataclass
from datetime import datetime

from soundings.services.domain.urgent import UrgencyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentItem:
    """One appeal or threat, with the copies and reposts of its text."""

    kind: UrgencyKind
    reason: str
    """What was recognised, in our words."""
    at: datetime
    """Time of the first post."""
    posts: int
    told: tuple[tuple[str, datetime], ...]
    """Channels and when they were told."""
    not_told: tuple[str, ...]
    """Why nobody was, as sentences; empty where somebody was."""
    live: bool
    """False: it came from a replay, and what is said of telling is an exercise."""
    answered: bool | None
    """Whether one of our accounts replied to it; None if no reply of ours is in the data at all."""
    post: str
    """Post id."""
    url: str
    """Where it can be read; empty if it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentWeek:
    counts: tuple[tuple[UrgencyKind, int], ...] = ()
    """Appeals and threats of each kind that there was; copies are one."""
    posts: int = 0
    """Copies and reposts among them."""
    items: tuple[UrgentItem, ...] = ()
    """The latest, risk to life first."""
    untold: int = 0
    """Live ones that nobody was told of."""
    elsewhere: int = 0
    """Of the department, but not of this policy area as far as their posts tell."""

    @property
    def number(self) -> int:
        return sum(count for _, count in self.counts)
