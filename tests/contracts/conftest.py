"""An index of each kind, for the suites that hold both to one contract."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from soundings.services.domain.posts import Mention
from soundings.services.index import schema
from soundings.services.index.connection import connect
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import Index
from soundings.services.settings import ElasticsearchSettings

NUMBERS = count()


@dataclass(frozen=True)
class Held:
    """An index and the loop that it lives in."""

    index: Index
    runner: asyncio.Runner

    def run(self, call: Any) -> Any:
        return self.runner.run(call)

    def put(self, *records: Any) -> None:
        assert self.run(self.index.put(records)) == ()
        self.run(self.index.refresh())

    def all(self, department: str, start: datetime, end: datetime) -> list[Mention]:
        async def gather() -> list[Mention]:
            return [mention async for mention in self.index.scan_mentions(department, start, end)]

        found: list[Mention] = self.run(gather())
        return found


@pytest.fixture(scope="module", params=["memory", pytest.param("elasticsearch", marks=pytest.mark.stack)])
def held(request: pytest.FixtureRequest) -> Iterator[Held]:
    with asyncio.Runner() as runner:
        if request.param == "memory":
            yield Held(MemoryIndex(), runner)
            return
        url = request.getfixturevalue("stack").elasticsearch_url
        there = ElasticsearchSettings(url=url, prefix=f"contract-{datetime.now(UTC):%H%M%S%f}")
        index = ElasticsearchIndex.at(there)
        runner.run(index.prepare())
        yield Held(index, runner)
        runner.run(index.close())
        runner.run(forget(there))


async def forget(there: ElasticsearchSettings) -> None:
    """Remove the indices of a run: the node is shared, and has room for a thousand shards."""
    async with connect(there) as client:
        await schema.forget(client, there.prefix)


@pytest.fixture
def department() -> str:
    """A department that no other test knows."""
    return f"department-{next(NUMBERS)}"
