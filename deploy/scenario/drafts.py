"""A post before it has an id: what the episodes hand to the press that prints the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from soundings.deploy.scenario.people import Desk, Person


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """One post. `eq=False`: two people may say the same in the same millisecond, and stay two posts."""

    at: datetime
    author: Person
    kind: str
    """original, reply, retweet, quote"""
    text: str
    desk: Desk | None = None
    """The department addressed; None for what our accounts say to the world at large."""
    ref: "Draft | None" = None
    media: tuple[str, ...] = ()
    lang: str = "en"
    asks: bool = False
    """Whether an answer would be due."""
    liked: float = 3.0
    """Likes for each repost: a storm's post is reposted and quoted more than it is liked."""

    @property
    def root(self) -> "Draft":
        found = self
        while found.kind == "reply" and found.ref is not None:
            found = found.ref
        return found


def repost(author: Person, original: Draft, at: datetime) -> Draft:
    """On X a repost names whom it repeats; elsewhere it is the plain text."""
    text = f"RT @{original.author.name}: {original.text}" if author.platform == "x" else original.text
    return Draft(
        at=at,
        author=author,
        kind="retweet",
        text=text,
        desk=original.desk,
        ref=original,
        media=original.media,
        lang=original.lang,
        liked=original.liked,
    )


def addressed(author: Person, desk: Desk, text: str, ref: Draft | None = None) -> str:
    """The text with the names that the platform puts before it; Bluesky keeps the names of a reply out of the text."""
    ours = f"@{desk.handle(author.platform)}"
    if ref is None:
        return text if ours in text else f"{ours} {text}"
    if author.platform == "bluesky":
        return text
    other = "" if ref.author.ours or ref.author is author else f"@{ref.author.name} "
    return f"{other}{ours} {text}"


@dataclass(slots=True, kw_only=True)
class Shelf:
    """Posts that somebody might still answer, quote or repost, newest last."""

    drafts: list[Draft] = field(default_factory=list)
    size: int = 40
    """Nobody scrolls further back."""

    def put(self, draft: Draft) -> None:
        self.drafts.append(draft)
        del self.drafts[: -self.size]

    def pick(self, rng: Random, now: datetime, within: timedelta, platform: str) -> Draft | None:
        """A recent post on this platform, the newer the likelier; None if there is none."""
        fresh: Sequence[Draft] = [d for d in self.drafts if d.author.platform == platform and now - d.at <= within]
        return fresh[-1 - int(rng.random() ** 2 * len(fresh))] if fresh else None
