"""Real workers on the real servers: each test has topics, groups and indices of its own by a prefix."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from soundings.deploy.local.stack import Stack
from soundings.deploy.scenario import ACCOUNTS_TOML, posts
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Alert, AlertStep, Notification
from soundings.services.domain.firestorms import Firestorm
from soundings.services.domain.posts import Mention
from soundings.services.firestorms.archive import Archive, Taken
from soundings.services.firestorms.watch import Watch
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.settings import ElasticsearchSettings, KafkaSettings, PrivacySettings, Settings
from soundings.services.tagging.tagger import load_tagger
from soundings.streams import topics
from soundings.streams.ingest import Account, Ingest
from soundings.streams.lag import lags
from soundings.streams.ledger import Ledger, read_ledger
from soundings.streams.quarantine import Seal
from soundings.streams.sources.replay import Pace, Replay

KEY = "a key of pseudonyms for tests only"
PATIENCE = 240.0
"""Seconds for a replay to be worked off; two busy cores need a fifth of it."""


Episode = tuple[str, datetime, str | None]
"""Department, minute of opening, trigger: what must be the same however a storm was decided."""

Offline = Callable[[Path], list[Episode]]


@dataclass
class Worker:
    part: str
    instance: int
    process: subprocess.Popen[bytes]
    health_file: Path
    log: Path

    def ready(self) -> bool:
        try:
            address = json.loads(self.health_file.read_text())["health"]
            return httpx.get(f"{address}/health", timeout=1.0).status_code == 200
        except (OSError, ValueError, httpx.HTTPError):
            return False

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@dataclass
class System:
    """One installation: workers are started and killed by the test; everything ends with it."""

    settings: Settings
    folder: Path
    book: AccountBook
    extra: dict[str, str] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    may_end_with: set[int] = field(default_factory=lambda: {0, -signal.SIGKILL})
    """Exit codes that are no surprise."""

    def start(self, *parts: str, instance: int = 0, wait: bool = True, code: str | None = None) -> list[Worker]:
        """Start a worker for each part. `code` replaces the worker's module, to make it fail in a chosen way."""
        started = [self._spawn(part, instance, code) for part in parts]
        self.workers += started
        if wait:
            for worker in started:
                self.until(worker.ready, f"{worker.part} ready", 60)
        return started

    def _spawn(self, part: str, instance: int, code: str | None) -> Worker:
        health = self.folder / f"{part}-{instance}-{uuid.uuid4().hex[:6]}.json"
        log = self.folder / f"{part}-{instance}.log"
        program = ["-c", code] if code else ["-m", "soundings.streams.worker"]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *program, part, "--instance", str(instance)],
                env={**self.environment, "SOUNDINGS_HEALTH_FILE": str(health)},
                stdout=output,
                stderr=output,
            )
        return Worker(part, instance, process, health, log)

    @property
    def environment(self) -> dict[str, str]:
        """Of every process of this installation."""
        return {
            **os.environ,
            "SOUNDINGS_KAFKA__BOOTSTRAP": self.settings.kafka.bootstrap,
            "SOUNDINGS_KAFKA__PREFIX": self.settings.kafka.prefix,
            "SOUNDINGS_ELASTICSEARCH__URL": self.settings.elasticsearch.url,
            "SOUNDINGS_ELASTICSEARCH__PREFIX": self.settings.elasticsearch.prefix,
            "SOUNDINGS_PRIVACY__PSEUDONYM_KEY": KEY,
            "SOUNDINGS_ACCOUNTS": str(self.settings.accounts),
            "SOUNDINGS_CONFIG": str(self.folder),
            "SOUNDINGS_STATE": str(self.folder / "state"),
            **self.extra,
        }

    def replay(self, file: Path) -> Account:
        source = Replay(file, self.book, Pseudonyms(KEY, self.book.named), Pace())
        return Ingest(self.settings.kafka, self.book, Seal(KEY)).run(source)

    def worked_off(self) -> None:
        """Wait until no part that the test has started has anything left to read."""
        quiet = 0
        started = {worker.part for worker in self.workers}

        def looked() -> bool:
            nonlocal quiet
            waiting = lags(self.settings.kafka)
            quiet = 0 if any(waiting[part] for part in started) else quiet + 1
            return quiet >= 2  # a record may be between two topics at the first look

        self.until(looked, "everything worked off", PATIENCE)

    def until(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            for worker in self.workers:
                code = worker.process.poll()
                assert code is None or code in self.may_end_with, (
                    f"{worker.part} ended with {code}\n{worker.log.read_text()}"
                )
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}; lags {lags(self.settings.kafka)}"
            time.sleep(0.3)

    @property
    def ledger(self) -> Ledger:
        return read_ledger(self.settings.kafka)

    def ask(self, question: Callable[[ElasticsearchIndex], Any]) -> Any:
        """Ask the index, all that was put being readable."""

        async def answer() -> Any:
            index = ElasticsearchIndex.at(self.settings.elasticsearch)
            try:
                await index.prepare()
                await index.refresh()
                return await question(index)
            finally:
                await index.close()

        return asyncio.run(answer())

    def totals(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.ask(lambda index: index.totals())
        return found

    def alerts(self) -> tuple[Alert, ...]:
        found: tuple[Alert, ...] = self.ask(
            lambda index: index.alerts(None, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        )
        return found

    def notifications(self) -> tuple[Notification, ...]:
        ids = [alert.id for alert in self.alerts()]
        found: tuple[Notification, ...] = self.ask(lambda index: index.notifications(ids))
        return found

    def told(self) -> list[Episode]:
        """Storms as the alerts in the index tell them."""
        return sorted((_episode(alert.firestorm) for alert in self.alerts() if alert.step is AlertStep.OPENED), key=str)

    def stop(self) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.wait(10)


@pytest.fixture
def system(stack: Stack, tmp_path: Path) -> Iterator[System]:
    """A fresh installation for the made-up departments of the scenario, its workers not started yet."""
    name = f"t{uuid.uuid4().hex[:8]}-"
    settings = Settings(
        accounts=ACCOUNTS_TOML,
        kafka=KafkaSettings(bootstrap=stack.kafka_bootstrap, prefix=name),
        elasticsearch=ElasticsearchSettings(url=stack.elasticsearch_url, prefix=name.rstrip("-")),
        privacy=PrivacySettings(pseudonym_key=SecretStr(KEY)),
    )
    topics.create(settings.kafka)
    running = System(settings, tmp_path, load_accounts(ACCOUNTS_TOML))
    running.totals()  # makes the indices
    yield running
    running.stop()


class Receiver(ThreadingHTTPServer):
    """A press office's webhook: remembers every message and its id."""

    daemon_threads = True

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.got: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Hook)


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.ids.append(self.headers["Idempotency-Key"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests need no access log."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _episode(storm: Firestorm) -> Episode:
    return storm.department, storm.opened_at, storm.trigger.post if storm.trigger else None


@pytest.fixture(scope="session")
def offline() -> Offline:
    """Storms of a file by the same decisions in one process, without Kafka; worked out once a file."""
    book = load_accounts(ACCOUNTS_TOML)

    @cache
    def storms(file: Path) -> list[Episode]:
        watches = {department.key: Watch(department) for department in book.departments}
        found: list[Episode] = []
        for event in Archive(file, book, Pseudonyms(KEY, book.named), load_tagger()).read(datetime.now(UTC)):
            if isinstance(event, Taken):
                watch = watches[event.department]
                if isinstance(event.record, Mention):
                    watch.observe(event.record)
                else:
                    watch.state_ours(event.record)
                continue
            steps = [step for watch in watches.values() for step in watch.advance(event).steps]
            found += [_episode(storm) for step, storm in steps if step is AlertStep.OPENED]
        return sorted(found, key=str)

    return storms


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last week of the scenario: quiet days, the firestorm."""
    return _since("2026-10-08", tmp_path_factory.mktemp("evening") / "evening.jsonl")


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last three weeks of the scenario: a flood, a wave of thanks, a campaign, ordinary days, the firestorm."""
    return _since("2026-09-22", tmp_path_factory.mktemp("story") / "story.jsonl")


def _since(day: str, file: Path) -> Path:
    with file.open("w", encoding="utf-8") as handle:
        handle.writelines(json.dumps(row) + "\n" for row in posts() if str(row["created_at"]) >= day)
    return file
