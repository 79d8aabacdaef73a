"""Workers that are killed, that fail, and that are told to stop while something is wrong."""

import json
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from soundings.services.domain.alerts import Outcome
from soundings.services.domain.ledger import Fate

pytestmark = pytest.mark.stack

PARTS = ("intake", "firestorms", "indexing", "alerts")
FAILED = 70


def hooked(receiver: Any) -> dict[str, str]:
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


def test_killed_workers_change_nothing_and_no_notice_is_missing(
    system: Any, receiver: Any, evening: Path, offline: Any
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
    rows = [json.loads(line) for line in evening.read_text().splitlines()]
    own = sum(1 for row in rows if row["own_account"])
    off_topic = sum(1 for row in rows if not row["accounts"] and not row["own_account"])
    fates = {Fate.STATEMENT: own, Fate.OFF_TOPIC: off_topic, Fate.MENTION: len(rows) - own - off_topic}
    ledger = system.ledger
    assert ledger.received == len(rows)
    assert ledger.tally.counts == {fate: number for fate, number in fates.items() if number}
    totals = system.totals()
    assert (totals["mentions"], totals["statements"]) == (fates[Fate.MENTION], own)
    assert system.told() == offline(evening) != []
    alerts = {alert.id for alert in system.alerts()}
    sent = [notification for notification in system.notifications() if notification.outcome is Outcome.SENT]
    assert {notification.alert for notification in sent} == alerts, "no notice is missing"
    told = {identifier.removesuffix("/exercise") for identifier in receiver.ids if is_of_a_storm(identifier)}
    assert told == alerts, "a notice that was sent again carries the same id"


def test_a_worker_started_again_keeps_what_it_knows_when_another_comes_and_goes(system: Any, evening: Path) -> None:
    """In each rebalance a partition that stays is revoked and given back: nothing stored before may be missing then."""
    (worker,) = system.start("intake")
    system.replay(evening)
    system.worked_off()
    before = system.ledger.tally.counts
    worker.kill()
    system.start("intake")
    (other,) = system.start("intake", instance=1)
    other.kill()
    system.replay(evening)
    system.worked_off()
    off_topic = before.get(Fate.OFF_TOPIC, 0)
    known = sum(before.values()) - off_topic
    after = Counter(before) + Counter({Fate.DUPLICATE: known, Fate.OFF_TOPIC: off_topic})
    assert system.ledger.tally.counts == dict(after)


def is_of_a_storm(identifier: str) -> bool:
    """The evening has posts that cannot wait, too: they are told one by one or gathered."""
    return ":urgent/" not in identifier and not identifier.startswith("gathered/")


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


def test_agents_that_fail_on_any_message_lose_none(system: Any, evening: Path, offline: Any) -> None:
    chance = random.Random(11)
    system.may_end_with |= {FAILED}
    intake = FAILING.format(module="intake.intake", name="Intake", method="take", at=chance.randrange(2, 6))
    watch = FAILING.format(module="firestorms.watch", name="Watch", method="observe", at=chance.randrange(200, 1500))
    delivered = system.replay(evening)
    for part, code in (("intake", intake), ("firestorms", watch)):
        (worker,) = system.start(part, code=code)
        system.until(lambda worker=worker: worker.process.poll() is not None, f"{part} has failed", 120)
        assert worker.process.poll() == FAILED
        assert "made to fail" not in worker.log.read_text(), "an error's message could quote a post"
        system.start(part)
    system.start("indexing", "alerts")
    system.worked_off()
    ledger = system.ledger
    assert ledger.received == delivered.received == ledger.tally.total
    assert system.totals()["mentions"] == ledger.tally.of(Fate.MENTION)
    assert system.told() == offline(evening) != []


def test_a_signal_ends_every_worker_within_ten_seconds(system: Any) -> None:
    for worker in system.start(*PARTS):
        began = time.monotonic()
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(10) == 0
        assert time.monotonic() - began < 10


def test_a_signal_ends_a_worker_that_waits_for_a_dead_members_place(system: Any) -> None:
    (dead,) = system.start("firestorms", instance=0)
    dead.kill()
    (waiting,) = system.start("firestorms", instance=1, wait=False)
    system.until(waiting.health_file.exists, "it tells of its health", 60)  # a busy machine takes long to get so far
    time.sleep(3)
    waiting.process.send_signal(signal.SIGTERM)
    assert waiting.process.wait(10) == 0
