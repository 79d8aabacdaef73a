"""What a worker remembers of all that was ever taken back: asked before a text is tagged, passed on or stored."""

from datetime import UTC, datetime
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.redactions import Redaction

MARK = 8
"""Bytes of a post id's hash: that any of ten million posts is taken for one of a million that were taken back has a
chance of 1 in 2 million (n · m / 2^64)."""

FRESH = 4_096
"""Marks kept unpacked at least; more, up to an eighth of all, so that packing costs little on the whole."""

FINAL = 2**63 - 1
"""A time that nothing was said after."""

Marks = npt.NDArray[np.uint64]
Times = npt.NDArray[np.int64]


class TakenBack:
    """Ids, as hashes, each with the time before which what was said is taken back: 16 bytes an id, 16 MB a million.

    The order of redactions does not matter, nor whether one comes before its post. Not for several threads.
    """

    def __init__(self) -> None:
        self._marks: Marks = np.empty(0, np.uint64)
        """Sorted."""
        self._times: Times = np.empty(0, np.int64)
        self._fresh: dict[int, int] = {}
        """Not packed yet; stands above what is packed."""
        self._count = 0

    def __len__(self) -> int:
        """How many ids."""
        return self._count

    def add(self, redaction: Redaction) -> bool:
        """Remember; True if it takes back more than was known."""
        mark = _mark(redaction.post)
        before = FINAL if redaction.final else micros(redaction.at)
        known = self._before(mark)
        if known is not None and known >= before:
            return False
        self._count += known is None
        self._fresh[mark] = before
        if len(self._fresh) > max(FRESH, len(self._marks) // 8):
            self._pack()
        return True

    def covers(self, post: Post) -> bool:
        """Whether this version of the post must not be held; a repost goes with the text that it repeats."""
        if self._said_too_early(post.id, post.said_at):
            return True
        repeats = post.reference if post.kind is PostKind.REPOST else None
        return repeats is not None and self._said_too_early(repeats, post.created_at)

    def gone(self, post: str) -> bool:
        """Whether it was taken back for good, every version of it."""
        return self._before(_mark(post)) == FINAL

    def _said_too_early(self, post: str, said_at: datetime) -> bool:
        before = self._before(_mark(post))
        return before is not None and micros(said_at) < before

    def _before(self, mark: int) -> int | None:
        fresh = self._fresh.get(mark)
        if fresh is not None or not len(self._marks):
            return fresh
        place = int(np.searchsorted(self._marks, np.uint64(mark)))
        return int(self._times[place]) if place < len(self._marks) and int(self._marks[place]) == mark else None

    def _pack(self) -> None:
        marks = np.fromiter(self._fresh.keys(), np.uint64, len(self._fresh))
        times = np.fromiter(self._fresh.values(), np.int64, len(self._fresh))
        stays = ~np.isin(self._marks, marks)
        marks = np.concatenate([self._marks[stays], marks])
        times = np.concatenate([self._times[stays], times])
        order = np.argsort(marks)
        self._marks, self._times = marks[order], times[order]
        self._fresh = {}


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _mark(post: str) -> int:
    return int.from_bytes(blake2b(post.encode("utf-8", "surrogatepass"), digest_size=MARK).digest())
