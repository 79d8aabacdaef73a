"""What intake remembers of a department: which posts it has seen, and how many met which fate."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

import orjson

from soundings.services.domain.ledger import Fate, Tally
from soundings.services.domain.posts import Post, Tags

REMEMBERED = timedelta(days=400)
"""How long a post is recognised as a duplicate: a year of archive may be replayed twice, with a month to spare, and the
ledger still counts every post once. It costs 8 bytes a post (80 MB for a department with 25,000 posts a day). The index
needs no such memory: a post's document has the post's id."""

_HASH = 8
"""Bytes of a post id's hash: with 10 million posts the chance that any two collide is 3 in a million (n² / 2^65)."""

_HOURS_AT_HAND = 24 * 14
"""Hours of ids kept decoded; older ones are decoded when a late post needs them."""


EDITED_WITHIN = timedelta(hours=1)
"""X lets a post be edited for so long; each version has an id and a time of its own."""


class SeenPosts:
    """The ids of a department's posts, as sets of hashes by the hour of their event time.

    State is kept by the hour, so that a batch rewrites the hours it touched and no more.
    """

    def __init__(self, department: str, stored: Mapping[str, bytes], newest: int | None) -> None:
        self._department = department
        self._stored = stored
        self._at_hand: OrderedDict[int, set[bytes]] = OrderedDict()
        self._dirty: set[int] = set()
        self._expired: list[int] = []
        self.newest = newest
        """The latest hour seen, in hours since 1970."""

    def known(self, post: Post) -> bool:
        """Whether the post, or an earlier version of it under another id, has been seen; from now on it has."""
        first = post.version_of
        known = first is not None and any(
            self._has(first, post.created_at - age) for age in (timedelta(0), EDITED_WITHIN)
        )
        if first is not None:
            self.add(first, post.created_at)
        return not self.add(post.id, post.created_at) or known

    def newer(self, post: Post) -> bool:
        """Whether it is an edited version that has not been seen yet; from now on it has."""
        return post.edited_at is not None and self.add(f"{post.id} {post.edited_at.isoformat()}", post.created_at)

    def _has(self, identifier: str, at: datetime) -> bool:
        return _mark(identifier) in self._hour(int(at.timestamp()) // 3600)

    def add(self, identifier: str, at: datetime) -> bool:
        """Remember the post; True if it was not known."""
        hour = int(at.timestamp()) // 3600
        seen = self._hour(hour)
        mark = _mark(identifier)
        if mark in seen:
            return False
        seen.add(mark)
        self._dirty.add(hour)
        self._move_on(hour)
        return True

    def changes(self) -> dict[str, bytes | None]:
        """Entries to store since the last call; None deletes one."""
        changed: dict[str, bytes | None] = {self._key(hour): None for hour in self._expired}
        changed |= {self._key(hour): b"".join(sorted(self._at_hand[hour])) for hour in self._dirty}
        self._dirty.clear()
        self._expired.clear()
        while len(self._at_hand) > _HOURS_AT_HAND:
            self._at_hand.popitem(last=False)
        return changed

    def _hour(self, hour: int) -> set[bytes]:
        seen = self._at_hand.get(hour)
        if seen is None:
            packed = self._stored.get(self._key(hour)) or b""
            seen = {packed[at : at + _HASH] for at in range(0, len(packed), _HASH)}
            self._at_hand[hour] = seen
        self._at_hand.move_to_end(hour)
        return seen

    def _move_on(self, hour: int) -> None:
        """Forget the hours that fall out of the memory as time moves on."""
        if self.newest is None or hour <= self.newest:
            self.newest = hour if self.newest is None else self.newest
            return
        kept = int(REMEMBERED.total_seconds()) // 3600
        gone = range(self.newest - kept, min(hour, self.newest + kept + 1) - kept)
        self._expired.extend(old for old in gone if self._key(old) in self._stored)
        self.newest = hour

    def _key(self, hour: int) -> str:
        return f"{self._department}/{hour}"


def _mark(identifier: str) -> bytes:
    return blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=_HASH).digest()


@dataclass(slots=True)
class Count:
    """The running count of a department's records, with the last position counted of each source.

    A position at or below the last one was counted before: redelivery does not count twice.
    """

    positions: dict[str, int]
    counts: dict[Fate, int]
    newest_hour: int | None

    @classmethod
    def from_bytes(cls, packed: bytes | None) -> "Count":
        if packed is None:
            return cls({}, {}, None)
        content = orjson.loads(packed)
        counts = {Fate(fate): number for fate, number in content["counts"].items()}
        return cls(content["positions"], counts, content["newest_hour"])

    def to_bytes(self) -> bytes:
        counts = {str(fate): number for fate, number in self.counts.items()}
        content = {"v": 1, "positions": self.positions, "counts": counts, "newest_hour": self.newest_hour}
        return orjson.dumps(content)

    def counted(self, source: str, position: int) -> bool:
        return position <= self.positions.get(source, 0)

    def count(self, fate: Fate) -> None:
        self.counts[fate] = self.counts.get(fate, 0) + 1

    @property
    def tally(self) -> Tally:
        return Tally(counts=dict(self.counts))


class Originals:
    """What is known of posts that are reposted: text and tags, so that a hundred reposts are read once.

    Only a cache, lost at a restart: a repost whose text was cut then stays cut, and is marked so.
    """

    KEPT = 20_000
    """About 10 MB; posts are rarely reposted much after this many others."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[str, Tags]] = OrderedDict()

    def remember(self, post: Post, tags: Tags) -> None:
        identifier = post.reference or post.id if post.kind == "repost" else post.id
        if post.text_complete:
            self._known[identifier] = (post.text, tags)
            self._known.move_to_end(identifier)
            while len(self._known) > self.KEPT:
                self._known.popitem(last=False)

    def forget(self, identifier: str) -> None:
        """Its text was taken back."""
        self._known.pop(identifier, None)

    def of(self, post: Post) -> tuple[str, Tags] | None:
        """Text and tags of the original of a repost, if they are known."""
        return self._known.get(post.reference) if post.kind == "repost" and post.reference else None
