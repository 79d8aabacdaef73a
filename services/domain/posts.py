"""What is said: posts as a source delivers them, already pseudonymised, and what we know about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PostKind(StrEnum):
    ORIGINAL = "original"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"


class Sentiment(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class SpeechAct(StrEnum):
    """What somebody does by posting; a post may do several things."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    REPORT = "report"
    OTHER = "other"


def post_id(platform: str, instance: str, native_id: str) -> str:
    """`platform:instance:native id`, the id of a post everywhere, its Elasticsearch document included."""
    return f"{platform}:{instance}:{native_id}"


def native_id(identifier: str) -> str:
    """The platform's own id inside a post id."""
    return identifier.split(":", 2)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post after pseudonymisation. Fields that a source may lack are None (unknown), never zero.

    `text` of a repost is the full text of the original, without an `RT @name:` before it.
    """

    id: str
    created_at: datetime
    """Timezone-aware, UTC: event time, the only clock of every decision."""
    voice: str
    """The author's pseudonym; changes every 13 ISO weeks."""
    text: str
    kind: PostKind
    source: str
    """Name of the source that delivered it, e.g. `x`, `replay:archive.jsonl`."""
    accounts: tuple[str, ...] = ()
    """Keys of the configured accounts that it addresses, sorted."""
    departments: tuple[str, ...] = ()
    """Keys of the departments of these accounts, sorted: the same full list on every copy."""
    own_account: str | None = None
    """Set if one of our accounts wrote it: a Statement or an answer, not a Mention."""
    reference: str | None = None
    """Id of the post that it answers, quotes or reposts."""
    thread: str | None = None
    """Id of the conversation's first post."""
    reply_to_voice: str | None = None
    quoted_account: str | None = None
    """Key of the configured account whose post it quotes."""
    public_author: str | None = None
    """Key of a configured public account (a newsroom, a public body) that wrote it."""
    lang: str | None = None
    text_complete: bool = True
    url: str | None = None
    """The post's public address: kept unindexed, for evidence and deletion only."""
    media: tuple[str, ...] = ()
    """Kinds of what is attached: `photo`, `video`, `link`."""
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    reference_likes: int | None = None
    """Likes of the post that it refers to, as its source told them with this one, at that moment."""
    reference_answers: int | None = None
    """Likewise its replies and quotes together."""
    reach: int | None = None
    """floor(log10(followers + 1)) of the author at that moment: coarse on purpose, no profile of a person."""
    verified: bool | None = None
    edited_at: datetime | None = None
    """When this version was written, if it is not the first one. UTC."""
    version_of: str | None = None
    """Id of the first version, where a newer one has an id of its own (X)."""
    unknown: Mapping[str, object] = field(default_factory=dict)
    """Fields of a newer codec that this version does not know: passed on as they are."""

    @property
    def said_at(self) -> datetime:
        """When this version was written: of two versions under one id the later one stands."""
        return self.edited_at or self.created_at


HOSTILE_FROM = 0.5
"""From this hostility on a post counts as hostile: a press officer would more likely than not call it so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What the text is taken to be. Estimates, not facts."""

    lang: str
    """ISO 639-1, or `und` where it cannot be told."""
    sentiment: Sentiment
    hostility: float
    """0 to 1: how likely a press officer would call it hostile."""
    offensive: bool
    acts: tuple[SpeechAct, ...]
    """In the order of the enum, at least one."""

    @property
    def hostile(self) -> bool:
        return self.hostility >= HOSTILE_FROM


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A public post that addresses an Account, with its tags."""

    post: Post
    tags: Tags
    revised: bool = False
    """A newer version of a post that was passed on before: it takes its place in the index and counts nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A post of ours; an answer is a statement whose post has a reference to somebody else's."""

    post: Post
    revised: bool = False
    """As for a mention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A source's word that everything up to `time` has been delivered to this partition."""

    source: str
    time: datetime
    live: bool
    """False in a replay: what is decided from it must wake nobody."""
    ended: bool = False
    """The source has nothing more to say and need not be waited for."""
