"""What is counted and decided: volumes, verdicts with reasons, firestorms."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from soundings.services.domain.posts import PostKind


class StormKind(StrEnum):
    FIRESTORM = "firestorm"
    """Hostile, aimed at us."""
    INCIDENT = "incident"
    """People report or ask about an event in the world."""
    CAMPAIGN = "campaign"
    """Few voices, copied text, coordinated timing."""
    POSITIVE = "positive"
    NOISE = "noise"
    """Not about us: a namesake abroad, spam, somebody else is meant."""


class StormState(StrEnum):
    BUILDING = "building"
    OPEN = "open"
    PEAKED = "peaked"
    SUBSIDING = "subsiding"
    OVER = "over"


class Severity(StrEnum):
    """Decides who is woken. Kept in rising order."""

    WATCH = "watch"
    """On the dashboards only; nobody is told."""
    NOTABLE = "notable"
    """Told to the press office's channel, to be read in working hours."""
    SERIOUS = "serious"
    """Wakes the duty press officer."""
    CRITICAL = "critical"
    """Wakes the duty press officer; the head of news should hear of it within the hour."""

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    @property
    def wakes(self) -> bool:
        return self.rank >= Severity.SERIOUS.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What was counted for an account in one minute. `usual_*` is the baseline's expectation, None while learning."""

    department: str
    account: str
    minute: datetime
    posts: int
    originals: int
    replies: int
    quotes: int
    reposts: int
    voices: int
    hostile_voices: int
    usual_voices: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One piece of evidence of a verdict, in numbers and in words."""

    code: str
    """Stable name, e.g. `voices`, `hostility`, `focus`."""
    words: str
    """For the press officer: `31 people in 15 minutes; usual 3`. Never holds text of a post."""
    value: float
    usual: float | None
    weight: float
    """Signed contribution to the score: positive speaks for a storm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the detector says of a department's minute, and why."""

    minute: datetime
    fires: bool
    score: float
    threshold: float
    kind: StormKind
    severity: Severity
    reasons: tuple[Reason, ...]


class Whose(StrEnum):
    OURS = "ours"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The post that most of the storm gathers around."""

    post: str
    """Post id."""
    whose: Whose
    voices: int
    """People who answer, quote or repost it in the storm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """What was said in a quarter of an hour."""

    voices: int
    speaking: int
    """Of them, people with words of their own: they answer, quote or write anew."""
    hostile: int
    """Of those who speak."""
    mostly: PostKind | None = None
    """The kind of post that more than half of the people wrote."""
    around: str | None = None
    """Id of the post that most people gathered around, if some did."""
    gathered: int = 0
    """People around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What changed: the last quarter of an hour beside the one before it."""

    now: Quarter
    before: Quarter
    gathered_before: int = 0
    """People who gathered in the quarter before around the post that most gather around now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firestorm:
    """An episode of a department at one decided minute. Holds ids and counts, never text."""

    id: str
    """`department:minute in which it was first noticed`, the same in Kafka, in a replay and in a backtest."""
    department: str
    accounts: tuple[str, ...]
    """Account keys, those with most voices first."""
    state: StormState
    kind: StormKind
    severity: Severity
    began_at: datetime
    """When it began, before it was noticed."""
    opened_at: datetime
    """End of the minute that decided it."""
    updated_at: datetime
    """End of the last decided minute."""
    peaked_at: datetime | None = None
    closed_at: datetime | None = None
    trigger: Trigger | None = None
    statement: str | None = None
    """Post id of the statement of ours that it turns on, if there is one."""
    voices: int
    """Distinct people since it began."""
    hostile_voices: int
    posts: int
    usual_voices: float
    """People to be expected in as long a time at that hour."""
    doubling_minutes: float | None = None
    """While it grows: the time in which the voices of a window double."""
    half_life_minutes: float | None = None
    """After the peak: the time in which they halve."""
    next_hour_voices: tuple[float, float, float] | None = None
    """Forecast of the next hour: low, middle, high (80 % interval)."""
    large_accounts: int | None = None
    """Voices of large accounts among them; None where follower counts are unknown."""
    reposts_collected: bool = True
    reasons: tuple[Reason, ...] = ()
    sample: tuple[str, ...] = ()
    """Ids of telling posts, at most 20; their text is fetched when it is shown."""
    lately: Lately | None = None
    """None in records of older versions."""
