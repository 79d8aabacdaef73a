"""Ingest: every record of a source is in Kafka and in its account, and a source goes on where it stopped."""

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from kafka.errors import KafkaError, KafkaTimeoutError

from soundings.services.domain.accounts import Account as OurAccount
from soundings.services.domain.accounts import AccountBook, Department, Platform
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Post, PostKind, Tick
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.settings import KafkaSettings
from soundings.streams import ingest
from soundings.streams.codecs import decode
from soundings.streams.ingest import GAPS_KEPT, LARGEST, Account, Ingest
from soundings.streams.ledger import Ledger
from soundings.streams.quarantine import Seal
from soundings.streams.records import Delivery, LedgerEntry
from soundings.streams.sources.source import Delivered, Event, Gap, Passed, SourceFailed, SourceStatus
from soundings.streams.topics import partition_of

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SETTINGS = KafkaSettings(bootstrap="127.0.0.1:1", partitions=4)
SEAL = Seal("a key of enough characters")


def department(key: str) -> Department:
    account = OurAccount(platform=Platform.X, handle=key)
    return Department(key=key, name=key.title(), timezone="Europe/London", accounts=(account,))


BOOK = AccountBook(departments=(department("agency"), department("ministry")))


class Kafka:
    """A broker as the producer sees it: holds records, and the ledger that is read back from them."""

    def __init__(self) -> None:
        self.held: list[tuple[str, str, Any, int]] = []
        self.failing: list[Exception] = []
        """Raised by the next sendings, one each."""

    def producer(self, **options: Any) -> "Kafka":
        assert options["acks"] == "all"
        return self

    def send(self, topic: str, *, value: bytes, key: bytes, partition: int) -> Any:
        if self.failing:
            error = self.failing.pop(0)
            return SimpleNamespace(add_errback=lambda call: call(error))
        self.held.append((topic, key.decode(), decode(value), partition))
        return SimpleNamespace(add_errback=lambda call: None)

    def flush(self) -> None:
        """All is there at once."""

    def close(self, timeout: float) -> None:
        """Nothing is open."""

    def records(self, topic: str) -> list[Any]:
        return [record for name, _, record, _ in self.held if name == topic]

    def ledger(self, settings: KafkaSettings) -> Ledger:
        entries: Mapping[str, LedgerEntry] = {entry.name: entry for entry in self.records("ledger")}
        return Ledger(sources={name.removeprefix("source/"): entry for name, entry in entries.items()})


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    broker = Kafka()
    monkeypatch.setattr(ingest, "KafkaProducer", broker.producer)
    monkeypatch.setattr(ingest, "read_ledger", broker.ledger)
    monkeypatch.setattr(ingest, "FIRST_PAUSE", 0.001)
    return broker


class Listed:
    """A source whose cursor is the number of events delivered."""

    def __init__(self, *events: Event, live: bool = False, fails: bool = False) -> None:
        self.name, self.live, self._all, self._fails = "listed", live, events, fails
        self.cursors: list[str] = []

    def events(self, cursor: str) -> Iterator[Event]:
        self.cursors.append(cursor)
        yield from self._all[int(cursor or 0) :]
        if self._fails:
            raise SourceFailed("cut off")

    def status(self) -> SourceStatus:
        return SourceStatus(name=self.name, connected=True)

    def close(self) -> None:
        """Nothing is open."""


def post(number: int, *departments: str, **changes: Any) -> Post:
    fields: dict[str, Any] = {"text": "t", "created_at": AT} | changes
    return Post(
        id=f"x::{number}", voice="v", kind=PostKind.ORIGINAL, source="listed", departments=departments, **fields
    )


def delivered(number: int, *departments: str, **changes: Any) -> Delivered:
    return Delivered(cursor=str(number), raw=b"raw of a_person", post=post(number, *departments, **changes))


def run(source: Listed, **how: Any) -> Account:
    return Ingest(SETTINGS, BOOK, SEAL).run(source, **how)


def test_a_post_goes_to_each_of_its_departments_on_their_partitions(kafka: Kafka) -> None:
    run(Listed(delivered(1, "agency", "ministry")))
    sent = [(key, record, partition) for topic, key, record, partition in kafka.held if topic == "mentions.raw"]
    assert sent == [
        (key, Delivery(department=key, position=1, post=post(1, "agency", "ministry")), partition_of(key, 4))
        for key in ("agency", "ministry")
    ]


def test_received_is_the_sum_of_what_became_of_each_record(kafka: Kafka) -> None:
    """What went on is counted by intake; what did not is counted here, once."""
    account = run(
        Listed(
            delivered(1, "agency", "ministry"),
            delivered(2),
            Delivered(cursor="3", raw=b"{", problem="not JSON (column 1)"),
            delivered(4, "agency", text="half \ud83d"),
        )
    )
    assert account.received == account.position == 4
    assert account.counts == {Fate.OFF_TOPIC: 1, Fate.QUARANTINED: 2}
    (entry,) = kafka.records("ledger")
    assert (entry.received, entry.counts, entry.cursor) == (4, {"off-topic": 1, "quarantined": 2}, "4")


def test_what_cannot_be_read_is_sealed(kafka: Kafka, capsys: pytest.CaptureFixture[str]) -> None:
    run(Listed(Delivered(cursor="1", raw=b"raw of a_person", problem="not JSON (column 1)")))
    (record,) = kafka.records("quarantine")
    assert (record.source, record.position, record.reason) == ("listed", 1, "not JSON (column 1)")
    assert SEAL.open(record) == b"raw of a_person"
    told = capsys.readouterr()
    assert "a_person" not in told.out + told.err


def test_a_record_that_no_broker_takes_is_quarantined_and_not_waited_for(kafka: Kafka) -> None:
    account = run(Listed(delivered(1, "agency", text="x" * (LARGEST + 1)), delivered(2, "agency")))
    assert (account.received, account.counts) == (2, {Fate.QUARANTINED: 1})
    assert [record.position for record in kafka.records("mentions.raw")] == [2]


def test_ticks_go_to_every_partition_that_holds_a_department(kafka: Kafka) -> None:
    tick = Tick(source="listed", time=AT, live=False)
    run(Listed(tick))
    partitions = sorted(partition for *_, record, partition in kafka.held if record == tick)
    assert partitions == sorted({partition_of("agency", 4), partition_of("ministry", 4)})


def test_a_post_from_before_the_last_tick_is_sent_and_counted_as_late(kafka: Kafka) -> None:
    late = delivered(1, "agency", created_at=AT - timedelta(seconds=1))
    account = run(Listed(Tick(source="listed", time=AT, live=False), late, delivered(2, "agency")))
    assert account.late == 1
    assert len([each for each in kafka.records("mentions.raw") if isinstance(each, Delivery)]) == 2


def test_redactions_gaps_and_cursors_are_passed_on(kafka: Kafka) -> None:
    redaction = Redaction(post="x::1", reason=RedactionReason.DELETED, at=AT, source="listed")
    gap = Gap(begin=AT, end=AT + timedelta(minutes=1), why="offline")
    account = run(Listed(redaction, gap, Passed(cursor="3")))
    assert kafka.records("redactions") == [redaction]
    assert (account.received, account.cursor) == (0, "3")
    assert account.gaps == ["2026-05-04T12:00:00+00:00/2026-05-04T12:01:00+00:00"]


def test_a_file_that_came_to_its_end_is_ended_and_begins_anew_at_a_higher_position(kafka: Kafka) -> None:
    source = Listed(delivered(1, "agency"), delivered(2, "agency"))
    run(source)
    assert kafka.ledger(SETTINGS).sources["listed"].ended
    again = run(source)
    assert source.cursors == ["", ""]
    assert again.received == 2
    assert [each.position for each in kafka.records("mentions.raw")] == [1, 2, 3, 4]


def test_a_source_that_was_stopped_is_not_ended_and_goes_on_at_its_cursor(kafka: Kafka) -> None:
    source = Listed(delivered(1, "agency"), delivered(2, "agency"))
    stopping = threading.Event()
    stopping.set()
    first = run(source, stopping=stopping)
    assert (first.received, first.ended) == (1, False)
    assert not kafka.ledger(SETTINGS).sources["listed"].ended
    second = run(source)
    assert source.cursors == ["", "1"]
    assert (second.received, second.ended) == (1, True)


def test_a_source_that_was_stopped_at_its_last_record_is_not_ended(kafka: Kafka) -> None:
    """It ends by itself when it is told to stop: that is not the end of the file."""
    stopping = threading.Event()

    class Stopped(Listed):
        def events(self, cursor: str) -> Iterator[Event]:
            stopping.set()
            return iter(())

    assert not run(Stopped(), stopping=stopping).ended


def test_a_live_source_never_ends(kafka: Kafka) -> None:
    assert not run(Listed(delivered(1, "agency"), live=True)).ended


def test_what_a_failed_source_delivered_counts(kafka: Kafka) -> None:
    with pytest.raises(SourceFailed, match="cut off"):
        run(Listed(delivered(1, "agency"), fails=True))
    entry = kafka.ledger(SETTINGS).sources["listed"]
    assert (entry.received, entry.cursor, entry.ended) == (1, "1", False)


def test_what_kafka_did_not_confirm_is_delivered_again_under_the_same_positions(kafka: Kafka) -> None:
    kafka.failing = [KafkaTimeoutError()]
    account = run(Listed(*(delivered(number, "agency") for number in (1, 2, 3))))
    assert account.received == 3
    assert [each.position for each in kafka.records("mentions.raw")][-3:] == [1, 2, 3]
    assert kafka.ledger(SETTINGS).sources["listed"].received == 3


def test_nothing_is_saved_as_delivered_that_was_not_confirmed(kafka: Kafka) -> None:
    kafka.failing = [KafkaError()]
    run(Listed(delivered(1, "agency")))
    assert [(entry.received, entry.cursor) for entry in kafka.records("ledger")] == [(1, "1")]


def test_waiting_for_kafka_ends_when_it_is_told_to(kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping = threading.Event()

    def down(settings: KafkaSettings) -> Ledger:
        stopping.set()
        raise KafkaError

    monkeypatch.setattr(ingest, "read_ledger", down)
    assert run(Listed(delivered(1, "agency")), stopping=stopping) == Account()


def test_an_account_comes_back_from_its_entry() -> None:
    account = Account(received=7, position=9, cursor="c", late=2, counts={Fate.OFF_TOPIC: 3}, gaps=["a/b"])
    assert Account.from_entry(account.entry(Listed())) == account
    account.ended = True
    assert Account.from_entry(account.entry(Listed())).cursor == ""
    assert Account.from_entry(None) == Account()


def test_only_the_newest_gaps_are_kept_in_the_ledger() -> None:
    account = Account(gaps=[str(number) for number in range(GAPS_KEPT + 5)])
    gaps = account.entry(Listed()).gaps
    assert (len(gaps), gaps[-1]) == (GAPS_KEPT, str(GAPS_KEPT + 4))


def test_what_was_counted_since_is_the_difference() -> None:
    before = Account(received=7, late=2, counts={Fate.OFF_TOPIC: 3})
    now = before.copy()
    now.received, now.late = 10, 2
    now.counts[Fate.OFF_TOPIC] += 1
    now.counts[Fate.QUARANTINED] = 2
    since = now.since(before)
    assert (since.received, since.late) == (3, 0)
    assert since.counts == {Fate.OFF_TOPIC: 1, Fate.QUARANTINED: 2}
    assert before.counts == {Fate.OFF_TOPIC: 3}
