"""Topics are read whole, or it is said why not; nobody waits for ever for a broker that died meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaTimeoutError

from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.settings import KafkaSettings
from soundings.streams import whole
from soundings.streams.codecs import encode
from soundings.streams.kept_text import kept_of_post
from soundings.streams.ledger import read_ledger
from soundings.streams.redaction_log import read_redactions

SETTINGS = KafkaSettings(bootstrap="127.0.0.1:1", partitions=2)
AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Broker:
    """Holds two records in each partition and answers only the first `answers` polls, with a record each."""

    def __init__(self, values: list[bytes], answers: int) -> None:
        self.values, self.answers = values, answers
        self.at: dict[TopicPartition, int | None] = {}
        self.closed = False

    def consumer(self, **options: Any) -> "Broker":
        return self

    def assign(self, partitions: list[TopicPartition]) -> None:
        self.at = dict.fromkeys(partitions)

    def seek_to_beginning(self, *partitions: TopicPartition) -> None:
        """It is not known yet where that is."""

    def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, len(self.values))

    def position(self, partition: TopicPartition, timeout_ms: int | None = None) -> int | None:
        return self.at[partition]

    def poll(self, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        behind = [each for each, at in self.at.items() if (at or 0) < len(self.values)]
        if not self.answers or not behind:
            return {}
        self.answers -= 1
        at = self.at[behind[0]] or 0
        self.at[behind[0]] = at + 1
        return {behind[0]: [SimpleNamespace(value=self.values[at], timestamp=0)]}

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is five seconds later."""
    ticks = iter(range(0, 10_000, 5))
    monkeypatch.setattr(whole, "time", SimpleNamespace(monotonic=lambda: float(next(ticks))))


def redaction(reason: RedactionReason) -> bytes:
    return encode(Redaction(post="x::1", reason=reason, at=AT, source="x"))


READERS: list[Callable[[KafkaSettings], Any]] = [
    read_ledger,
    read_redactions,
    lambda settings: kept_of_post(settings, "x::1"),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("answers", [0, 1])
def test_a_broker_that_stops_answering_is_given_up(
    monkeypatch: pytest.MonkeyPatch, clock: None, answers: int, read: Callable[[KafkaSettings], Any]
) -> None:
    """Before the first record, or between two: an error that says where it stood, and the connection is let go."""
    broker = Broker([redaction(RedactionReason.EDITED), redaction(RedactionReason.DELETED)], answers)
    monkeypatch.setattr(whole, "KafkaConsumer", broker.consumer)
    with pytest.raises(KafkaTimeoutError, match=f"stopped answering .*/0 at {answers or None} of 2"):
        read(SETTINGS)
    assert broker.closed


def test_of_an_edit_and_a_deletion_the_deletion_counts(monkeypatch: pytest.MonkeyPatch, clock: None) -> None:
    broker = Broker([redaction(RedactionReason.DELETED), redaction(RedactionReason.EDITED)], answers=99)
    monkeypatch.setattr(whole, "KafkaConsumer", broker.consumer)
    assert read_redactions(SETTINGS)["x::1"].reason is RedactionReason.DELETED
    assert broker.closed
