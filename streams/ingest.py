"""Ingest: what a source delivers → `mentions.raw`, a record for each department, ticks, and the ledger's account.

What must go (a deleted post) goes to `redactions`; a stretch that could not be filled into the ledger.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog
from kafka import KafkaProducer
from kafka.errors import KafkaError

from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Post, Tick
from soundings.services.domain.redactions import Redaction
from soundings.services.settings import KafkaSettings
from soundings.streams.codecs import Undecodable, encode
from soundings.streams.connection import client_options
from soundings.streams.ledger import read_ledger
from soundings.streams.quarantine import Seal
from soundings.streams.records import Delivery, LedgerEntry
from soundings.streams.sources.source import Delivered, Event, Gap, Passed, Source
from soundings.streams.topics import partition_of, partitions_in_use, topic_name

SAVE_EVERY = 1.0
"""Seconds between writings of cursor and counts: what a kill makes a source deliver again."""

LARGEST = 900_000
"""Bytes of a record: a broker takes 1 MiB by default. The longest text that a source lets pass has half of it."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between attempts while Kafka is down, doubled."""

GAPS_KEPT = 100
"""Gaps in the ledger, the newest: the entry is written every second and must stay small."""

log = structlog.get_logger()


@dataclass(slots=True)
class Account:
    """The source's side of the ledger since its first day."""

    received: int = 0
    position: int = 0
    cursor: str = ""
    late: int = 0
    ended: bool = False
    tick: datetime | None = None
    counts: dict[Fate, int] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)

    @classmethod
    def from_entry(cls, entry: LedgerEntry | None) -> "Account":
        if entry is None:
            return cls()
        return cls(
            received=entry.received,
            position=entry.position,
            # A source that came to its end begins anew; positions go on rising, so that all is counted again, as
            # duplicates.
            cursor="" if entry.ended else entry.cursor,
            late=entry.late,
            counts={Fate(fate): number for fate, number in entry.counts.items()},
            gaps=list(entry.gaps),
        )

    def copy(self) -> "Account":
        return replace(self, counts=dict(self.counts))

    def since(self, before: "Account") -> "Account":
        """What has been counted since an earlier moment."""
        return replace(
            self,
            received=self.received - before.received,
            late=self.late - before.late,
            counts={fate: number - before.counts.get(fate, 0) for fate, number in self.counts.items()},
        )

    def entry(self, source: Source) -> LedgerEntry:
        return LedgerEntry(
            name=f"source/{source.name}",
            received=self.received,
            position=self.position,
            cursor=self.cursor,
            counts={str(fate): number for fate, number in self.counts.items()},
            live=source.live,
            late=self.late,
            ended=self.ended,
            tick=self.tick,
            at=datetime.now(UTC),
            gaps=tuple(self.gaps[-GAPS_KEPT:]),
            problem=source.status().problem,
        )


class Ingest:
    """Runs one source into Kafka until it ends or is stopped; goes on where it stopped."""

    def __init__(self, settings: KafkaSettings, book: AccountBook, seal: Seal) -> None:
        self._settings = settings
        self._book = book
        self._seal = seal
        self._tick_to = partitions_in_use((each.key for each in book.departments), settings.partitions)
        self._producer: KafkaProducer | None = None
        self._failed = threading.Event()

    def run(
        self,
        source: Source,
        *,
        stopping: threading.Event | None = None,
        progress: Callable[[Account], None] = lambda account: None,
    ) -> Account:
        """Deliver the source's records; while Kafka is down, wait, say so, and deliver again what was not confirmed.

        Returns:
            What was delivered in this run.

        Raises:
            SourceFailed: the source cannot go on. What it delivered is in Kafka.
        """
        stopping = stopping or threading.Event()
        pause = FIRST_PAUSE
        started: Account | None = None
        while True:
            try:
                account = Account.from_entry(read_ledger(self._settings).sources.get(source.name))
                started = started or account.copy()
                self._deliver(source, account, stopping, progress)
                return account.since(started)
            except KafkaError as error:
                log.warning("waits for Kafka", source=source.name, seconds=pause, why=type(error).__name__)
                self._close()
                if stopping.wait(pause):
                    return Account()
                pause = min(2 * pause, LONGEST_PAUSE)

    def _deliver(
        self, source: Source, account: Account, stopping: threading.Event, progress: Callable[[Account], None]
    ) -> None:
        self._failed.clear()
        self._producer = KafkaProducer(
            **client_options(self._settings), acks="all", linger_ms=20, max_request_size=2 * LARGEST
        )
        saved = time.monotonic()
        try:
            for event in source.events(account.cursor):
                self._handle(source, event, account)
                if time.monotonic() - saved > SAVE_EVERY:
                    self._save(source, account)
                    progress(account)
                    saved = time.monotonic()
                if stopping.is_set():
                    break
            else:
                account.ended = not source.live and not stopping.is_set()
        finally:
            # Also when the source failed: what it delivered must count.
            self._save(source, account)
            self._close()
        progress(account)

    def _handle(self, source: Source, event: Event, account: Account) -> None:
        if isinstance(event, Tick):
            self._tick(event, account)
        elif isinstance(event, Redaction):
            self._produce("redactions", event.key, encode(event), 0)
        elif isinstance(event, Gap):
            account.gaps.append(f"{event.begin.isoformat()}/{event.end.isoformat()}")
            log.warning("gap", source=source.name, begin=event.begin, end=event.end, why=event.why)
        elif isinstance(event, Passed):
            account.cursor = event.cursor
        else:
            self._take(source, event, account)

    def _take(self, source: Source, event: Delivered, account: Account) -> None:
        account.received += 1
        account.position += 1
        account.cursor = event.cursor
        if event.post is None:
            self._quarantine(source, account, event.problem or "no post", event.raw)
        elif not event.post.departments:
            _count(account, Fate.OFF_TOPIC)
        else:
            self._send(source, event.post, event.raw, account)

    def _send(self, source: Source, post: Post, raw: bytes, account: Account) -> None:
        if account.tick is not None and post.created_at < account.tick:
            account.late += 1
        try:
            values = [
                (key, encode(Delivery(department=key, position=account.position, post=post, live=source.live)))
                for key in post.departments
            ]
        except Undecodable as problem:
            self._quarantine(source, account, str(problem), raw)
            return
        if any(len(value) > LARGEST for _, value in values):
            self._quarantine(source, account, f"a record of more than {LARGEST} bytes", raw)
            return
        for department, value in values:
            self._produce("mentions.raw", department, value, partition_of(department, self._settings.partitions))

    def _tick(self, tick: Tick, account: Account) -> None:
        account.tick = tick.time
        value = encode(tick)
        for partition in self._tick_to:
            self._produce("mentions.raw", "", value, partition)

    def _quarantine(self, source: Source, account: Account, reason: str, raw: bytes) -> None:
        _count(account, Fate.QUARANTINED)
        record = self._seal.quarantined(source.name, account.position, reason, raw, datetime.now(UTC))
        self._produce("quarantine", source.name, encode(record), 0)
        log.warning("quarantined", source=source.name, cursor=account.cursor, reason=reason)

    def _produce(self, topic: str, key: str, value: bytes, partition: int) -> None:
        if self._producer is None or self._failed.is_set():
            raise KafkaError("a record was not confirmed")
        name = topic_name(self._settings, topic)
        sent = self._producer.send(name, value=value, key=key.encode(), partition=partition)
        sent.add_errback(lambda error: self._failed.set())

    def _save(self, source: Source, account: Account) -> None:
        """Cursor and counts, only after all that they stand for is in Kafka."""
        if self._producer is None:
            return
        self._producer.flush()
        if self._failed.is_set():
            raise KafkaError("a record was not confirmed")
        entry = account.entry(source)
        self._produce("ledger", entry.name, encode(entry), 0)
        self._producer.flush()
        if self._failed.is_set():
            raise KafkaError("the ledger was not confirmed")

    def _close(self) -> None:
        if self._producer is not None:
            self._producer.close(timeout=5)
            self._producer = None


def _count(account: Account, fate: Fate) -> None:
    account.counts[fate] = account.counts.get(fate, 0) + 1
