"""The ledger is read whole; what if its broker dies meanwhile is under test in test_streams_whole.py."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import TopicPartition

from soundings.services.settings import KafkaSettings
from soundings.streams import ledger, whole
from soundings.streams.codecs import encode
from soundings.streams.records import LedgerEntry

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SETTINGS = KafkaSettings(bootstrap="127.0.0.1:1")


class Topic:
    """A broker that holds these entries and answers `answers` polls."""

    def __init__(self, entries: list[LedgerEntry], answers: int) -> None:
        self.entries, self.answers = entries, answers
        self.at: int | None = None
        self.closed = False

    def consumer(self, **options: Any) -> "Topic":
        return self

    def assign(self, partitions: list[TopicPartition]) -> None:
        """There is one."""

    def seek_to_beginning(self, partition: TopicPartition) -> None:
        """It stands there."""

    def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, len(self.entries))

    def position(self, partition: TopicPartition, timeout_ms: int) -> int | None:
        return self.at

    def poll(self, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        if not self.answers:
            return {}
        self.answers -= 1
        at = self.at or 0
        self.at = at + 1
        partition = TopicPartition(f"{SETTINGS.prefix}ledger", 0)
        return {partition: [SimpleNamespace(value=encode(self.entries[at]))]}

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is five seconds later."""
    ticks = iter(range(0, 10_000, 5))
    monkeypatch.setattr(whole, "time", SimpleNamespace(monotonic=lambda: float(next(ticks))))


def entry(name: str, received: int) -> LedgerEntry:
    return LedgerEntry(name=name, counts={"mentions": received}, received=received, at=AT)


def test_the_last_entry_of_each_name_counts(monkeypatch: pytest.MonkeyPatch, clock: None) -> None:
    topic = Topic([entry("source/x", 1), entry("department/rivers", 2), entry("source/x", 3)], answers=99)
    monkeypatch.setattr(whole, "KafkaConsumer", topic.consumer)
    found = ledger.read_ledger(SETTINGS)
    assert found.sources["x"].received == 3
    assert set(found.departments) == {"rivers"}
    assert topic.closed


def test_an_empty_ledger_is_read_at_once(monkeypatch: pytest.MonkeyPatch, clock: None) -> None:
    topic = Topic([], answers=0)
    topic.at = 0
    monkeypatch.setattr(whole, "KafkaConsumer", topic.consumer)
    assert ledger.read_ledger(SETTINGS) == ledger.Ledger()
