"""The contract of a source: what it yields, and what it promises about time and about going on after a stop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from soundings.services.domain.posts import Post, Tick
from soundings.services.domain.redactions import Redaction


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The cursor has moved over records that address none of our accounts; they are neither kept nor counted."""

    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of event time that the source could not deliver and will not: what was said in it is not known."""

    begin: datetime
    end: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How a source is doing at one moment, for people."""

    name: str
    connected: bool
    told: datetime | None = None
    """Everything before this time has been delivered; None before the first tick."""
    last_event: datetime | None = None
    """Wall clock when the platform was last heard, keep-alives included."""
    behind: timedelta | None = None
    """How far `told` lies behind the wall clock."""
    waiting: int = 0
    """Frames received and not yet read: the source is slower than the platform."""
    reconnects: int = 0
    gaps: int = 0
    problem: str = ""
    """Why it is not connected. Never holds a token or an address with one."""


class SourceFailed(Exception):
    """The source cannot go on; what it delivered stands. The message says why and what to do."""


Event = Delivered | Passed | Redaction | Gap | Tick


class Source(Protocol):
    """Delivers every record at least once, across restarts, as long as the cursor last told is given back.

    A tick promises that every post before its time has been delivered, or lies in a gap that was told before the tick.
    Live sources tick every 5 s, also in silence; while the platform is out of reach the tick's time stands still.
    """

    name: str
    """How the source is called in records, the ledger and `status`; stable across restarts."""
    live: bool
    """False for a replay: what is decided from it wakes nobody."""

    def events(self, cursor: str) -> Iterator[Event]:
        """Records after the cursor, empty for the beginning (of a file) or for now (of a live source).

        A second call ends the first.

        Raises:
            SourceFailed: it cannot go on.
        """

    def status(self) -> SourceStatus:
        """May be asked from any thread."""

    def close(self) -> None:
        """Let go of connections; `events` ends soon after."""
