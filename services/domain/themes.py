"""What people keep saying: the posts that are read for it, and themes as the machine proposes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from soundings.services.domain.posts import Mention, PostKind, SpeechAct


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemePost:
    """What theme finding reads of a post. All but id and text may be unknown."""

    id: str
    text: str
    created_at: datetime | None = None
    voice: str = ""
    kind: PostKind = PostKind.ORIGINAL
    lang: str | None = None
    acts: tuple[SpeechAct, ...] = ()
    hostility: float = 0.0

    @staticmethod
    def of(mention: Mention) -> "ThemePost":
        post, tags = mention.post, mention.tags
        return ThemePost(
            id=post.id,
            text=post.text,
            created_at=post.created_at,
            voice=post.voice,
            kind=post.kind,
            lang=tags.lang,
            acts=tags.acts,
            hostility=tags.hostility,
        )


class Skipped(StrEnum):
    """Why a post has no theme."""

    NO_WORDS = "no words"
    SAMPLED_OUT = "sampled out: storm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where a post went at the moment it was read; never changed afterwards."""

    post: str
    theme: str | None
    """The theme its micro-cluster belonged to then."""
    micro: int | None
    """Its micro-cluster: the lasting part. What theme that belongs to now, the engine's lineage tells."""
    skipped: Skipped | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a theme rests on in a span of weeks. Ids and counts; the text is fetched when it is shown."""

    posts: int
    """Posts in people's own words, copies of a text included, reposts not."""
    reposts: int
    texts: int
    """Distinct texts among posts and reposts."""
    voices: int
    """Distinct people; exact to 256, standard error 6 % above that. Never added up across pseudonym periods."""
    hostile: int
    questions: int
    suggestions: int

    @property
    def support(self) -> int:
        return self.posts + self.reposts


class Trend(StrEnum):
    NEW = "new"
    GROWING = "growing"
    STEADY = "steady"
    FADING = "fading"
    BACK = "back"
    """Seen before, silent for at least two weeks, here again."""
    QUIET = "quiet"
    """Not in this week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    trend: Trend
    weeks_present: int
    """Weeks with at least three posts or reposts, of the last `weeks_looked_at`."""
    weeks_looked_at: int
    first_week: str
    reason: str
    """In words, e.g. `in 7 of the last 8 weeks; 240 this week, usually 90`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A candidate: what the machine proposes. What a person decided about it is a register entry."""

    id: str
    title: str
    keywords: tuple[str, ...]
    evidence: Evidence
    weeks: Mapping[str, int]
    """ISO week to posts and reposts in it, oldest first; the key is empty where posts have no time."""
    recurrence: Recurrence
    representatives: tuple[str, ...]
    """Post ids: central, distinct, not hostile, no reposts."""
    questions: tuple[str, ...]
    suggestions: tuple[str, ...]
    campaign: bool
    """Mostly copies of a few texts, or few voices behind many posts: shown apart from what people say themselves."""
    formed_from: tuple[str, ...] = ()
    """Ids of themes that it took in."""
    split_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A proposed theme that the rules over the whole set kept back, and why."""

    id: str
    rule: str
    reason: str
    support: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeReport:
    week: str | None
    """None: the whole time that is remembered."""
    themes: tuple[Theme, ...]
    left_out: tuple[LeftOut, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    """What became of the posts read: `received = assigned + duplicate + no words + sampled out: storm`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeWeek:
    """A department's theme in one ISO week, as last reported: rewritten while the week goes on, then left."""

    department: str
    week: str
    """ISO week, `2021-W09`, in the department's local time."""
    at: datetime
    """Event time of the report."""
    theme: Theme
    areas: tuple[str, ...] = ()
    """Names of the policy areas that its posts belong to by words or account, most posts first."""

    @property
    def id(self) -> str:
        return theme_week_id(self.department, self.week, self.theme.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesRead:
    """What a department's report of one ISO week rests on, and which themes are in it."""

    department: str
    week: str
    at: datetime
    themes: tuple[str, ...]
    """Ids of the themes in the report, in its order. A ThemeWeek of the week that is not named here is out of date."""
    left_out: tuple[LeftOut, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """What became of the posts read: `received = assigned + duplicate + no words + sampled out: storm`."""

    @property
    def id(self) -> str:
        return reading_id(self.department, self.week)


def reading_id(department: str, week: str) -> str:
    return f"{department}/{week}"


def theme_week_id(department: str, week: str, theme: str) -> str:
    return f"{department}/{week}/{theme}"
