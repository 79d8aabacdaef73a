"""The agent of indexing: stores what it is given, waits for an index that is down, seals what can never be stored."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from soundings.services.domain.posts import Post, PostKind, Statement, Tick
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import IndexMismatch, IndexUnavailable, Record, Rejected
from soundings.streams.agents import indexing, waiting
from soundings.streams.agents.indexing import IndexingAgent
from soundings.streams.health import Health
from soundings.streams.quarantine import Seal
from soundings.streams.redactions import Redactions

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SEAL = Seal("a key of enough characters")
POST = Post(id="x:x.com:1", created_at=AT, voice="v", text="t", kind=PostKind.ORIGINAL, source="s", departments=("d",))
STATEMENT = Statement(post=POST)
TICK = Tick(source="s", time=AT, live=True)


class Shaky(MemoryIndex):
    """Fails as told, then works; refuses what it was told to refuse."""

    def __init__(self, *failures: Exception, rejected: tuple[Rejected, ...] = ()) -> None:
        super().__init__()
        self.failures, self.rejected, self.calls = list(failures), rejected, 0
        self.health = Health("indexing")
        self.seen: list[object] = []
        """What the part said that it waits for, at each call."""

    async def put(self, records: Sequence[Record]) -> tuple[Rejected, ...]:
        self.calls += 1
        self.seen.append(self.health.state()["waiting_for"])
        if self.failures:
            raise self.failures.pop(0)
        return self.rejected or await super().put(records)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(waiting, "LONGEST_PAUSE", 0.001)


def agent(wire: Any, index: MemoryIndex, health: Health, redactions: Redactions | None = None) -> IndexingAgent:
    if redactions is None:
        redactions = Redactions()
        redactions.read_whole()
    return IndexingAgent(wire.app("indexing"), wire.settings, index, SEAL, health, redactions)


def test_records_are_stored_and_ticks_are_not(wire: Any) -> None:
    index = Shaky()
    wire.run(agent(wire, index, Health("indexing")).process([wire.event(TICK), wire.event(STATEMENT)]))
    assert wire.run(index.statements([POST.id])) == {POST.id: STATEMENT}


def test_a_batch_of_ticks_asks_nothing_of_the_index(wire: Any) -> None:
    index = Shaky()
    wire.run(agent(wire, index, Health("indexing")).process([wire.event(TICK)]))
    assert index.calls == 0


def test_an_index_that_is_down_is_waited_for_and_said_so(wire: Any) -> None:
    health = Health("indexing")
    index = Shaky(IndexUnavailable(), IndexUnavailable(), IndexMismatch())
    index.health = health
    wire.run(agent(wire, index, health).process([wire.event(STATEMENT)]))
    assert wire.run(index.statements([POST.id])) == {POST.id: STATEMENT}
    assert index.seen == [[], *[["elasticsearch"]] * 3]
    assert health.state()["waiting_for"] == []


def test_what_the_index_can_never_take_is_sealed_and_counted(wire: Any) -> None:
    index = Shaky(rejected=(Rejected(id=POST.id, reason="a field is too long"),))
    wire.run(agent(wire, index, Health("indexing")).process([wire.event(STATEMENT)]))
    (record,) = wire.records("quarantine")
    assert record.reason == "a field is too long"
    assert SEAL.open(record) == POST.id.encode()
