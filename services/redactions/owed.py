"""What has still to be removed from the index."""

from collections.abc import Iterable
from datetime import datetime

from soundings.services.domain.redactions import Redaction


class Owed:
    """Posts to remove, each with the time before which what was said goes; None: whatever there is of it.

    The last one asked for is the first to go: a deletion of this minute does not wait for all that a new worker does
    once more.
    """

    def __init__(self) -> None:
        self._posts: dict[str, datetime | None] = {}

    def __len__(self) -> int:
        return len(self._posts)

    def add(self, redactions: Iterable[Redaction]) -> None:
        for each in redactions:
            self.owe(each.post, None if each.final else each.at)

    def take(self, most: int) -> dict[str, datetime | None]:
        """The newest ones; they are no longer owed unless they are put back."""
        return dict(self._posts.popitem() for _ in range(min(most, len(self._posts))))

    def put_back(self, posts: dict[str, datetime | None]) -> None:
        """They could not be removed."""
        for post in reversed(posts):
            self.owe(post, posts[post])

    def owe(self, post: str, before: datetime | None) -> None:
        known = self._posts.pop(post, before)
        self._posts[post] = max(known, before) if known is not None and before is not None else None
