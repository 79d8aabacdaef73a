"""Where holds are kept, and the index as retention sees it: ports with adapters in memory and in Elasticsearch."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from soundings.services.domain.holds import Hold
from soundings.services.domain.posts import Statement
from soundings.services.domain.retention import RetentionRun
from soundings.services.index.fields import Kind


class HoldChanged(Exception):
    """Somebody else decided about the same hold meanwhile: read it again, then decide."""


class HoldStore(Protocol):
    """Each method may raise IndexUnavailable."""

    async def get(self, item: str) -> Hold | None:
        """The hold on an item with its history, also if it was released."""

    async def all(self) -> tuple[Hold, ...]:
        """All holds there ever were, by item."""

    async def put(self, hold: Hold) -> None:
        """Keep a hold that has one step more than the one that is kept; readable at once.

        Raises:
            HoldChanged: it has not.
        """


def check_follows(known: Hold | None, new: Hold) -> None:
    """For every store: the history that is kept is never changed, only added to.

    Raises:
        HoldChanged: it would be.
    """
    before = known.history if known else ()
    if new.history[:-1] != before:
        raise HoldChanged(f"somebody else decided about {new.item} meanwhile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A document as far as retention needs to know it: nothing that anybody said."""

    kind: Kind
    part: str
    """The month that it lies in, or `first`."""
    id: str
    at: datetime
    departments: tuple[str, ...] = ()
    refers: str = ""
    """Id of the alert (notifications), the firestorm (alerts) or the post (urgent) that it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A monthly index."""

    kind: Kind
    part: str
    """`2026-03`."""


class Shelves(Protocol):
    """The index as retention sees it. Each method may raise IndexUnavailable."""

    async def months(self, kind: Kind) -> tuple[Month, ...]:
        """The monthly indices of a kind, oldest first; `first` is none of them."""

    async def drop(self, month: Month) -> int:
        """Remove a month with all that is in it; how many documents that were."""

    def due(self, kind: Kind, before: datetime) -> AsyncIterator[Stored]:
        """Documents of a kind whose time lies before, oldest first; may be removed while this is read."""

    async def remove(self, documents: Sequence[Stored]) -> int:
        """Remove these documents and none of another kind; how many were there."""

    def naming(self, before: datetime) -> AsyncIterator[Statement]:
        """Statements from before which still hold a pseudonym: of whom they answer, or in their text."""

    async def rewrite(self, statements: Sequence[Statement]) -> None:
        """Put statements in the place of those of the same id."""

    async def settle(self, kinds: Collection[Kind]) -> None:
        """Ask for what was removed from these kinds to be overwritten on disk."""

    async def record(self, run: RetentionRun) -> None:
        """Keep the record of a run; readable at once."""

    async def last_run(self) -> RetentionRun | None:
        """The run that began last."""

    async def close(self) -> None:
        """Let go of connections."""
