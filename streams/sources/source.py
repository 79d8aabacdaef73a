"""The contract of a source: what it yields, and what it promises about time and about going on after a stop."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from soundings.services.domain.posts import Post, Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One record of a source. Exactly one of `post` and `problem` is set."""

    cursor: str
    """Where to go on after this record, in the source's own words."""
    raw: bytes = b""
    """The record as it came, for the quarantine."""
    post: Post | None = None
    """Pseudonymised already: nothing else leaves a source."""
    problem: str | None = None
    """Why it is no post. Never quotes it."""


class SourceFailed(Exception):
    """The source cannot go on; what it delivered stands. The message says why and what to do."""


class Source(Protocol):
    """Delivers every record at least once, across restarts, as long as the cursor of what was delivered is given back.

    A tick promises that every post before its time has been delivered. Live sources tick every 5 s, also in silence.
    """

    name: str
    """How the source is called in records, the ledger and `status`; stable across restarts."""
    live: bool
    """False for a replay: what is decided from it wakes nobody."""

    def events(self, cursor: str) -> Iterator[Delivered | Tick]:
        """Records after the cursor, empty for the beginning.

        Raises:
            SourceFailed: it cannot go on.
        """

    def close(self) -> None:
        """Let go of connections; `events` ends soon after."""
