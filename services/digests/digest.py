"""What a digest holds: a week of a department or policy area, counted and quoted. Plain values, ready to be shown."""

from dataclasses import dataclass
from datetime import date, datetime

from soundings.services.digests.quote import Quote
from soundings.services.digests.theme_items import Themes
from soundings.services.digests.urgent_items import UrgentWeek
from soundings.services.domain.firestorms import Severity, StormKind, Whose


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    day: date
    posts: int
    people: int
    usual: float | None
    """People on that weekday in the weeks before; None if too few are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was collected and what was missed."""

    sources: tuple[tuple[str, tuple[int, ...]], ...]
    """Each source with its posts on each day of the week."""
    gaps: tuple[str, ...]
    """What is missing or cannot be known, as sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    people: int
    posts: int
    reposts: int
    hostile_people: int
    usual_people: float | None
    """Median of the weeks before; None if fewer than four of them are known."""
    weeks_known: int
    days: tuple[DayCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A phrase that many people use while a storm is on."""

    words: str
    people: int
    posts: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    id: str
    kind: StormKind
    severity: Severity
    began_at: datetime
    closed_at: datetime | None
    minutes: float
    people: int
    hostile_people: int
    usual_people: float
    trigger_whose: Whose | None
    statement: Quote | None
    told: tuple[tuple[str, datetime], ...]
    """Channels and when they were told."""
    not_told: tuple[str, ...]
    """Why others were not, as sentences; empty where somebody was."""
    live: bool
    """False: it was decided from a replay, and what is said of telling is an exercise."""
    here: bool
    """Whether it is about this policy area, as far as its posts tell."""
    sayings: tuple[Saying, ...]
    """What was repeated most while it was on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A post that many people passed on by reposting it."""

    people: int
    ours: bool
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """One text, posted over and over."""

    people: int
    posts: int
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Much the same question, asked by several people."""

    people: int
    posts: int
    answered: int
    """Posts of it that one of our accounts replied to."""
    oldest: datetime
    """When the first that is not answered was asked; if all are, the first of all."""
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What people do: complain, suggest, praise."""

    name: str
    people: int
    posts: int
    usual_people: float | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The questions of the week, and whether they were answered."""

    people: int
    posts: int
    answered: int | None
    """Posts that one of our accounts replied to; None if no reply of ours is in the data at all."""
    groups: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    id: str
    """The same whenever the digest of this week, department and area is made again."""
    department: str
    department_key: str
    area: str
    """Empty: the whole department."""
    owner: str
    week: str
    dates: str
    timezone: str
    made_at: datetime
    coverage: Coverage
    volume: Volume
    themes: Themes
    urgent: UrgentWeek
    storms: tuple[Storm, ...]
    spread: tuple[Spread, ...]
    copies: tuple[Copied, ...]
    questions: Asked
    acts: tuple[Act, ...]
    dashboard: str
    """Address of the dashboard for this week; empty if none is configured."""
