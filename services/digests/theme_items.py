"""What a digest holds about themes: plain values, ready to be shown."""

from dataclasses import dataclass
from datetime import date, datetime

from soundings.services.digests.quote import Quote
from soundings.services.domain.register import Change, Progress
from soundings.services.domain.themes import Recurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeItem:
    id: str
    title: str
    people: int
    people_before: int | None
    """In the week before; None if it was not heard then, or that week was not reported."""
    posts: int
    reposts: int
    hostile: int
    """Posts and reposts."""
    asked: int
    suggested: int
    """Posts that ask or suggest something."""
    recurrence: Recurrence
    standing: str
    areas: tuple[str, ...]
    owner: str
    progress: Progress | None
    quotes: tuple[Quote, ...]
    questions: tuple[Quote, ...]
    suggestions: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A theme that is only named."""

    id: str
    title: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A step of the register."""

    at: datetime
    who: str
    theme: str
    title: str
    words: str
    note: str
    change: Change | None
    progress: Progress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A decision that is asked of the reader."""

    theme: str
    title: str
    words: str
    """What is to be decided, as a sentence without its date."""
    because: str
    due: date
    overdue: bool
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Themes:
    reported: bool
    """False: nothing is known of this week's themes, which is not the same as none."""
    items: tuple[ThemeItem, ...] = ()
    """Those with quotations: new, growing, back, recurring, fading; most people first in each."""
    others: tuple[Named, ...] = ()
    """Smaller ones, named only."""
    stormy: tuple[ThemeItem, ...] = ()
    """What began in a storm: told apart, for in such a week there would be nothing else."""
    campaigns: tuple[ThemeItem, ...] = ()
    silent: tuple[Named, ...] = ()
    """Heard in the week before, by so many people, and not in this one."""
    decisions: tuple[Decision, ...] = ()
    """Of the week, oldest first: *You said, we did*."""
    open: tuple[tuple[Progress, int], ...] = ()
    """How many adopted themes stand at which stage."""
    asks: tuple[Ask, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out, sampled or is not known, as sentences."""
