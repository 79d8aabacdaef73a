"""Legal holds: what must be kept although it would be due for removal, because somebody with the authority says so."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HeldItem(StrEnum):
    """What a hold may name."""

    POST = "post"
    FIRESTORM = "firestorm"
    """With its evidence: the trigger, the statement, the sampled posts, its alerts and what became of them."""
    ALERT = "alert"
    """With the storm as it was then, and its evidence."""
    WEEK = "week"
    """All that a department's digest of an ISO week rests on."""


class HoldAction(StrEnum):
    PLACED = "placed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldStep:
    """One decision of one person. Steps are only ever added."""

    at: datetime
    who: str
    action: HoldAction
    why: str
    """Never empty: a request's reference, an inquiry, a claim."""
    until: datetime | None = None
    """The hold ends by itself then; None: when somebody releases it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold with its full history, oldest step first; placed again after a release, it is the same hold."""

    item: str
    """`x::123`, `home-office:2026-03-01T12:00Z`, the same with `/opened`, or `home-office/2026-W10`."""
    kind: HeldItem
    department: str = ""
    """Key of the department; empty for a post."""
    start: datetime | None = None
    """Of a week: its span in the department's local time, fixed when it was first placed. UTC."""
    end: datetime | None = None
    """Exclusive."""
    history: tuple[HoldStep, ...]

    @property
    def last(self) -> HoldStep:
        return self.history[-1]

    @property
    def version(self) -> int:
        """Rises with every step."""
        return len(self.history)

    def holds(self, now: datetime) -> bool:
        """Whether it stands."""
        return self.last.action is HoldAction.PLACED and (self.last.until is None or now < self.last.until)
