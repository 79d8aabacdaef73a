"""`soundings ingest` against real Kafka and a stand-in platform: delivered, stopped by a signal, gone on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from kafka import KafkaConsumer, TopicPartition

from soundings.deploy.local.stack import Stack
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Tick
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.settings import KafkaSettings
from soundings.streams.codecs import decode
from soundings.streams.ingest import Ingest
from soundings.streams.ledger import read_ledger
from soundings.streams.quarantine import Seal
from soundings.streams.records import Delivery, LedgerEntry
from soundings.streams.sources.rehearsal import BOOK, OUR_DID, bluesky_event
from soundings.streams.sources.source import Event, Gap, Passed, SourceStatus
from soundings.streams.sources.stand_in_bluesky import JetstreamStandIn
from soundings.streams.sources.stand_in_http import TOKEN
from soundings.streams.topics import create

pytestmark = pytest.mark.stack

ACCOUNTS = f"""
[[department]]
name = "Example"
[[department.account]]
platform = "bluesky"
handle = "dept.example.gov.uk"
native_id = "{OUR_DID}"
"""

PATIENCE = 60.0
"""Seconds: a Python with all its libraries starts within ten on two busy cores."""


@pytest.fixture(scope="module")
def kafka(stack: Stack) -> KafkaSettings:
    settings = KafkaSettings(bootstrap=stack.kafka_bootstrap)
    create(settings)
    return settings


def until(condition: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.2)


def records(kafka: KafkaSettings, topic: str) -> list[object]:
    """All records of a topic, decoded."""
    consumer = KafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=None)
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        found: list[object] = []
        while any(consumer.position(each) < ends[each] for each in partitions):
            for batch in consumer.poll(timeout_ms=1000).values():
                found += [decode(record.value) for record in batch]
        return found
    finally:
        consumer.close()


class Command:
    """The command in a process of its own, as an operator runs it."""

    def __init__(self, stack: Stack, url: str, folder: Path, platform: str = "bluesky") -> None:
        (folder / "accounts.toml").write_text(ACCOUNTS)
        self.health_file = folder / "health.json"
        self.log = folder / "log"
        program = "import typer; from soundings.deploy.commands.ingest import ingest; typer.run(ingest)"
        environment = {
            "SOUNDINGS_KAFKA__BOOTSTRAP": stack.kafka_bootstrap,
            "SOUNDINGS_ELASTICSEARCH__URL": stack.elasticsearch_url,
            "SOUNDINGS_ACCOUNTS": str(folder / "accounts.toml"),
            "SOUNDINGS_STATE": str(folder),
            "SOUNDINGS_CONFIG": str(folder),
            "SOUNDINGS_PRIVACY__PSEUDONYM_KEY": "a key for tests only",
            "SOUNDINGS_BLUESKY__URL": url,
            "SOUNDINGS_HEALTH_FILE": str(self.health_file),
        }
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, platform],
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
            )

    def health(self) -> dict[str, object]:
        import json

        try:
            address = json.loads(self.health_file.read_text())["health"]
            answer: dict[str, object] = httpx.get(f"{address}/health").json()
            return answer
        except (OSError, httpx.HTTPError, ValueError):
            return {}

    def stop(self) -> float:
        """Seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0, self.log.read_text()
        return time.monotonic() - began


@pytest.fixture
def jetstream() -> Iterator[tuple[JetstreamStandIn, str]]:
    stand_in = JetstreamStandIn()
    with stand_in.running() as address:
        yield stand_in, f"ws://{address}/xrpc"


def entry(kafka: KafkaSettings) -> LedgerEntry | None:
    return read_ledger(kafka).sources.get("bluesky")


def received(kafka: KafkaSettings) -> int:
    found = entry(kafka)
    return found.received if found else 0


def test_the_command_delivers_stops_within_ten_seconds_and_goes_on(
    stack: Stack, kafka: KafkaSettings, jetstream: tuple[JetstreamStandIn, str], tmp_path: Path
) -> None:
    stand_in, url = jetstream
    command = Command(stack, url, tmp_path)
    until(lambda: stand_in.connections == 1)
    stand_in.add(bluesky_event(1, datetime.now(UTC)))
    stand_in.add_raw(0, b'{"did": broken')
    until(lambda: received(kafka) == 2)
    assert command.health() == {"part": "ingest-bluesky", "ready": True, "waiting_for": []}
    time.sleep(6)  # a tick, which is when the cursor is told
    assert command.stop() < 10
    stand_in.add(bluesky_event(2, datetime.now(UTC)))
    gone = bluesky_event(1, datetime.now(UTC))
    gone["commit"] = {**gone["commit"], "operation": "delete", "record": None}
    stand_in.add(gone)
    again = Command(stack, url, tmp_path)
    until(lambda: [each for each in records(kafka, "redactions") if isinstance(each, Redaction)])
    stand_in.refusing = True
    stand_in.cut()
    until(lambda: again.health().get("waiting_for") == ["bluesky"])
    until(lambda: (found := entry(kafka)) is not None and found.problem)
    again.stop()
    posts = {
        each.post.id
        for each in records(kafka, "mentions.raw")
        if isinstance(each, Delivery) and each.post.source == "bluesky"
    }
    assert len(posts) == 2
    redactions = [
        each for each in records(kafka, "redactions") if isinstance(each, Redaction) and each.source == "bluesky"
    ]
    assert {each.reason for each in redactions} == {RedactionReason.DELETED}
    assert {each.post for each in redactions} <= posts
    ledger = entry(kafka)
    assert ledger is not None and ledger.live and ledger.counts == {Fate.QUARANTINED: 1} and ledger.cursor
    assert "jo-citizen" not in command.log.read_text()


def test_a_missing_token_names_its_setting_and_starts_nothing(stack: Stack, tmp_path: Path) -> None:
    command = Command(stack, "ws://127.0.0.1:1/xrpc", tmp_path, platform="mastodon")
    assert command.process.wait(PATIENCE) != 0
    assert "SOUNDINGS_MASTODON__URL" in command.log.read_text()
    assert TOKEN not in command.log.read_text()


class Told:
    """A source that says one thing of each kind."""

    name = "told"
    live = True

    def events(self, cursor: str) -> Iterator[Event]:
        now = datetime.now(UTC)
        yield Passed(cursor="41")
        yield Gap(begin=now - timedelta(hours=2), end=now - timedelta(hours=1), why="a test")
        yield Redaction(post="x:x.com:5", reason=RedactionReason.ERASED, at=now, source="told")
        yield Tick(source="told", time=now, live=True)
        yield Passed(cursor="42")

    def status(self) -> SourceStatus:
        return SourceStatus(name=self.name, connected=False, problem="it rains")

    def close(self) -> None:
        """Nothing to let go of."""


def test_gaps_cursors_and_problems_are_in_the_ledger_and_gaps_add_up(kafka: KafkaSettings) -> None:
    for times in (1, 2):
        Ingest(kafka, BOOK, Seal("a key for tests only")).run(Told())
        ledger = read_ledger(kafka).sources["told"]
        assert (ledger.cursor, ledger.problem, len(ledger.gaps)) == ("42", "it rains", times)
        begin, _, end = ledger.gaps[-1].partition("/")
        assert datetime.fromisoformat(end) - datetime.fromisoformat(begin) == timedelta(hours=1)
    posts = [each.post for each in records(kafka, "redactions") if isinstance(each, Redaction)]
    assert "x:x.com:5" in posts
