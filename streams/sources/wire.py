"""What a platform's connection tells the source, and what reading one of its frames gives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from soundings.services.domain.posts import Post
from soundings.services.domain.redactions import Redaction
from soundings.streams.sources.source import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One message of the platform, as it came."""

    raw: bytes
    kind: str = ""
    """What it is in the platform's own words, where the frame itself does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """The platform was heard at `at` (wall clock): what it had to send by then is here or on its way."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """Connected."""

    filling: bool = False
    """What was missed is being fetched: nothing is promised until `Filled`."""
    jump: timedelta | None = None
    """If the first frame is later than where we wanted to go on by more than this, what lies between is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was missed has been fetched, or the gap has been told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """The connection is gone; the next attempt comes after a while."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will not have us; trying again is of no use."""

    why: str


Item = Frame | Alive | Up | Filled | Down | Refused | Gap
Put = Callable[[Item], None]


class WireStopped(Exception):
    """Nobody listens any more: raised by `put`, ends the connection."""


class WireLost(Exception):
    """The connection could not be made or broke. Try again after a while."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        """`wait`: seconds that the platform asks for. `why` holds no token and no address."""
        super().__init__(why)
        self.why = why
        self.wait = wait


class WireRefused(Exception):
    """Trying again is of no use: a wrong token, rules that do not fit. The message says what to do."""


class Wire(Protocol):
    """One connection to a platform, used from one thread."""

    def run(self, since: datetime | None, put: Put) -> None:
        """Connect, hand over what comes from `since` on (None: from now), until the connection ends.

        Raises:
            WireLost, WireRefused: see there.
            WireStopped: as raised by `put`.
        """

    def stop(self) -> None:
        """Let go soon; called from another thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A record that is none. `why` never quotes it."""

    why: str
    raw: bytes | None = None
    """The record, where it is not the whole frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a frame says."""

    events: tuple[Post | Redaction | Problem, ...] = ()
    stamp: datetime | None = None
    """When the platform saw it, where its frames come in this order."""
    outdated: bool = False
    """The platform says that it no longer has what we wanted to go on from."""


class Reader(Protocol):
    """Pure, but for what it remembers of posts."""

    def read(self, frame: Frame, now: datetime) -> Reading:
        """What the frame says.

        Raises:
            Malformed: nothing; the message says why.
        """
