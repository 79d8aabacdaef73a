"""Workers that are killed, that fail, and that are told to stop while something is wrong."""

import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from soundings.services.domain.alerts import Outcome
from soundings.services.domain.ledger import Fate
from soundings.streams import topics

if TYPE_CHECKING:
    System = Any

pytestmark = pytest.mark.stack

PARTS = ("intake", "firestorms", "indexing", "alerts")
FAILED = 70


class Receiver(ThreadingHTTPServer):
    """A press office's webhook: remembers the id of every message."""

    daemon_threads = True

    def __init__(self) -> None:
        self.ids: list[str] = []
        super().__init__(("127.0.0.1", 0), _Hook)


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
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


def hooked(receiver: Receiver) -> dict[str, str]:
    channel = {
        "kind": "webhook",
        "name": "hook",
        "url": f"http://127.0.0.1:{receiver.server_address[1]}/alerts",
        "secret": "a secret of tests only",
        "allow_private": True,
        "min_severity": "notable",
        "rehearsal": True,
    }
    return {"SOUNDINGS_ALERTS__CHANNELS": json.dumps([channel])}


def everything(system: "System") -> tuple[Any, ...]:
    """What must not depend on how often workers died."""
    alerts = {(alert.id, alert.at, alert.firestorm.trigger) for alert in system.alerts()}
    ledger = system.ledger
    return ledger.received, ledger.under_way, dict(ledger.tally.counts), dict(system.totals()), alerts


def test_killed_workers_change_nothing_and_no_notice_is_missing(
    system: "System", receiver: Receiver, evening: Path
) -> None:
    chance = random.Random(5)
    system.extra = hooked(receiver)
    system.start(*PARTS)
    replaying = threading.Thread(target=system.replay, args=(evening,))
    replaying.start()
    for _ in range(6):
        time.sleep(chance.uniform(1.0, 4.0))
        victim = chance.choice([worker for worker in system.workers if worker.process.poll() is None])
        victim.kill()
        system.start(victim.part, instance=victim.instance, wait=False)
    replaying.join()
    system.worked_off()
    after_kills = everything(system)
    notices = system.notifications()
    assert {(each.alert, each.outcome) for each in notices} == {(each.id, Outcome.SENT) for each in system.alerts()}
    assert after_kills[1] == 0

    # A second installation in which nobody is killed.
    calm = type(system)(
        system.settings.model_copy(
            update={
                "kafka": system.settings.kafka.model_copy(update={"prefix": "calm" + system.settings.kafka.prefix}),
                "elasticsearch": system.settings.elasticsearch.model_copy(
                    update={"prefix": "calm" + system.settings.elasticsearch.prefix}
                ),
            }
        ),
        system.folder,
        system.book,
    )
    ids = Counter(receiver.ids)
    receiver.ids.clear()
    calm.extra = hooked(receiver)
    try:
        topics.create(calm.settings.kafka)
        calm.start(*PARTS)
        calm.replay(evening)
        calm.worked_off()
        assert everything(calm) == after_kills
        assert set(receiver.ids) == set(ids), "the same notices, under the same ids"
    finally:
        calm.stop()


FAILING = """
import itertools
from soundings.services.{module} import {name} as Kind
work, calls = Kind.{method}, itertools.count(1)
def failing(self, *arguments):
    if next(calls) == {at}:
        raise RuntimeError("made to fail")
    return work(self, *arguments)
Kind.{method} = failing
from soundings.streams.worker import main
main()
"""


def test_agents_that_fail_on_any_message_lose_none(system: "System", evening: Path) -> None:
    chance = random.Random(11)
    system.may_end_with |= {FAILED}
    intake = FAILING.format(module="intake.intake", name="Intake", method="take", at=chance.randrange(2, 6))
    watch = FAILING.format(module="firestorms.watch", name="Watch", method="observe", at=chance.randrange(500, 3000))
    delivered = system.replay(evening)
    failing = [*system.start("intake", code=intake), *system.start("firestorms", code=watch)]
    for worker in failing:
        system.until(lambda worker=worker: worker.process.poll() is not None, f"{worker.part} has failed", 120)
        assert worker.process.poll() == FAILED
        assert "made to fail" not in worker.log.read_text(), "an error's message could quote a post"
    system.start(*PARTS)
    system.worked_off()
    ledger = system.ledger
    assert ledger.received == delivered.received == ledger.tally.total
    assert system.totals()["mentions"] == ledger.tally.of(Fate.MENTION)
    assert any(alert.firestorm.severity.wakes for alert in system.alerts())


def test_a_signal_ends_every_worker_within_ten_seconds(system: "System") -> None:
    for worker in system.start(*PARTS):
        began = time.monotonic()
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(10) == 0
        assert time.monotonic() - began < 10


def test_a_signal_ends_a_worker_that_waits_for_a_dead_members_place(system: "System") -> None:
    (dead,) = system.start("firestorms", instance=0)
    dead.kill()
    (waiting,) = system.start("firestorms", instance=1, wait=False)
    time.sleep(4)
    waiting.process.send_signal(signal.SIGTERM)
    assert waiting.process.wait(10) == 0
