"""The stores in memory: for tests, held to the same contract as those in Elasticsearch."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime

import orjson

from soundings.services.domain.holds import Hold
from soundings.services.domain.posts import Statement
from soundings.services.domain.retention import RetentionRun
from soundings.services.index import decoding
from soundings.services.index.documents import FIRST, millis
from soundings.services.index.fields import Kind
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.shelves import stored
from soundings.services.retention.plan import names_somebody
from soundings.services.retention.store import HoldStore, Month, Shelves, Stored, check_follows


class MemoryHolds(HoldStore):
    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}

    async def get(self, item: str) -> Hold | None:
        return self._holds.get(item)

    async def all(self) -> tuple[Hold, ...]:
        return tuple(hold for _, hold in sorted(self._holds.items()))

    async def put(self, hold: Hold) -> None:
        check_follows(self._holds.get(hold.item), hold)
        self._holds[hold.item] = hold


class MemoryShelves(Shelves):
    """Of an index in memory."""

    def __init__(self, index: MemoryIndex) -> None:
        self._index = index
        self._runs: list[RetentionRun] = []

    async def months(self, kind: Kind) -> tuple[Month, ...]:
        parts = {held.part for held in self._index.shelf(kind).values()} - {FIRST}
        return tuple(Month(kind=kind, part=part) for part in sorted(parts))

    async def drop(self, month: Month) -> int:
        shelf = self._index.shelf(month.kind)
        gone = [name for name, held in shelf.items() if held.part == month.part]
        for name in gone:
            del shelf[name]
        return len(gone)

    async def due(self, kind: Kind, before: datetime) -> AsyncIterator[Stored]:
        shelf = self._index.shelf(kind)
        found = [stored(kind, held.part, name, orjson.loads(held.body)) for name, held in shelf.items()]
        for each in sorted(found, key=lambda each: each.at):
            if millis(each.at) < millis(before):
                yield each

    async def remove(self, documents: Sequence[Stored]) -> int:
        return sum(self._index.shelf(each.kind).pop(each.id, None) is not None for each in documents)

    async def naming(self, before: datetime) -> AsyncIterator[Statement]:
        held = self._index.shelf(Kind.STATEMENTS).values()
        for statement in [decoding.statement(orjson.loads(each.body)) for each in held]:
            post = statement.post
            if post.created_at < before and (post.reply_to_voice or names_somebody(post.text)):
                yield statement

    async def rewrite(self, statements: Sequence[Statement]) -> None:
        await self._index.put(statements)

    async def settle(self, kinds: Collection[Kind]) -> None:
        self._index.shelf(Kind.MENTIONS)

    async def record(self, run: RetentionRun) -> None:
        self._index.shelf(Kind.RETENTION)
        self._runs.append(run)

    async def last_run(self) -> RetentionRun | None:
        self._index.shelf(Kind.RETENTION)
        return max(self._runs, key=lambda run: run.at, default=None)

    async def close(self) -> None:
        """Nothing is open."""
