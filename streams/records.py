"""Records that only travel: what is on a topic and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from soundings.services.domain.posts import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A post for one department, with its place in what the source delivered."""

    department: str
    position: int
    post: Post
    live: bool = False
    """Whether its source delivers what is said now. False where it is not known: what wakes people must be certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """What could not be read. The content is sealed: it may hold what has not been pseudonymised."""

    source: str
    position: int
    reason: str
    at: datetime
    sealed: str
    """Fernet token (github.com/fernet/spec) of the first 16 kB, under a key derived from the pseudonym key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """Running counts. `received` is counted by sources only; intake counts by department."""

    name: str
    """`source/<name>` or `department/<key>`."""
    counts: Mapping[str, int]
    """Number of records by fate."""
    received: int = 0
    position: int = 0
    cursor: str = ""
    """Where the source goes on, in its own words."""
    live: bool = False
    ended: bool = False
    late: int = 0
    """Records that came after the tick that promised them."""
    tick: datetime | None = None
    at: datetime
    """Wall clock of the writing."""
    gaps: tuple[str, ...] = field(default=())
    """Stretches that could not be filled, as `from/to`."""
    problem: str = ""
    """Why a live source is not connected to its platform."""
