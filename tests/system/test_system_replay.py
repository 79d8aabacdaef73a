"""The whole system on real servers: nothing lost, nothing counted twice, the same storms as the backtest."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from soundings.services.domain.ledger import Fate

pytestmark = pytest.mark.stack

PARTS = ("intake", "firestorms", "indexing", "alerts")


def test_a_replay_is_accounted_for_to_the_last_record_and_a_second_one_adds_nothing(
    system: Any, story: Path, offline: Any
) -> None:
    rows = [json.loads(line) for line in story.read_text().splitlines()]
    own = sum(1 for row in rows if row["own_account"])
    system.start(*PARTS)
    delivered = system.replay(story)
    system.worked_off()
    ledger = system.ledger
    assert delivered.received == ledger.received == len(rows) == ledger.tally.total
    assert ledger.tally.of(Fate.STATEMENT) == own
    off_topic = sum(1 for row in rows if not row["accounts"] and not row["own_account"])
    assert ledger.tally.of(Fate.OFF_TOPIC) == off_topic
    assert ledger.tally.of(Fate.MENTION) == len(rows) - own - off_topic
    totals = system.totals()
    assert totals["mentions"] == ledger.tally.of(Fate.MENTION)
    assert totals["statements"] == own
    episodes = system.told()
    assert len(episodes) >= 2, "the story has a flood and a firestorm"
    assert episodes == offline(story)
    sent = system.notifications()
    assert {notification.alert for notification in sent} == {alert.id for alert in system.alerts()}

    again = system.replay(story)
    system.worked_off()
    assert again.received == len(rows)
    ledger = system.ledger
    assert ledger.received == 2 * len(rows) == ledger.tally.total
    assert ledger.tally.of(Fate.DUPLICATE) == len(rows) - off_topic
    assert system.totals() == totals
    assert system.told() == episodes


def test_a_backlog_caught_up_by_two_workers_of_each_part_gives_the_same_storms(
    system: Any, evening: Path, offline: Any
) -> None:
    system.replay(evening)
    system.start(*PARTS)
    system.start("intake", "firestorms", instance=1)
    system.worked_off()
    assert system.ledger.under_way == 0
    assert system.told() == offline(evening) != []


def test_a_replay_that_was_killed_goes_on_where_it_stopped(system: Any, evening: Path) -> None:
    rows = len(evening.read_text().splitlines())
    system.start("intake")
    command = [sys.executable, "-c", "from soundings.deploy.cli import main; main()", "replay", str(evening)]
    slow = subprocess.Popen([*command, "--speed", "60000"], env=system.environment, stdout=subprocess.DEVNULL)
    system.until(lambda: system.ledger.received > 0, "the first records", 60)
    slow.kill()
    slow.wait(10)
    before = system.ledger.received
    assert 0 < before < rows
    done = subprocess.run(command, env=system.environment, stdout=subprocess.PIPE, check=True, timeout=200, text=True)
    assert f"Done: {rows - before:,} records" in done.stdout
    system.until(lambda: system.ledger.under_way == 0, "everything accounted for", 120)
    ledger = system.ledger
    assert ledger.received == rows == ledger.tally.total
    assert ledger.tally.of(Fate.DUPLICATE) == 0, "what was delivered again was recognised by its position"


def test_what_cannot_be_read_is_quarantined_and_the_rest_goes_on(system: Any, tmp_path: Path) -> None:
    good = {"author": "a1", "accounts": ["ExampleAffairs"], "kind": "original", "created_at": "2026-10-01T10:00:00Z"}
    lines = [
        json.dumps({**good, "id": "1", "text": "When will the office open again?"}).encode(),
        json.dumps({**good, "id": "2", "text": "cut off"}).encode()[:-9],
        b'{"id": "3", "text": "\xff\xfe"}',
        json.dumps({**good, "id": "4", "text": "no time", "created_at": None}).encode(),
        json.dumps({**good, "id": "5", "text": "tomorrow", "created_at": "2199-01-01T00:00:00Z"}).encode(),
        json.dumps({**good, "id": "6", "text": "somebody else", "accounts": ["NobodyOfOurs"]}).encode(),
        json.dumps({**good, "id": "7", "text": "x" * 1_000_000}).encode(),
        b"[" * 100_000,
        json.dumps({**good, "id": "9", "text": "שלום עולם 👩\u200d👩\u200d👧 \u202e"}).encode(),
    ]
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b"\n".join(lines))
    system.start("intake", "indexing")
    system.replay(file)
    system.until(lambda: system.ledger.under_way == 0, "everything accounted for", 60)
    tally = system.ledger.tally
    assert {fate: tally.of(fate) for fate in (Fate.QUARANTINED, Fate.OFF_TOPIC, Fate.MENTION)} == {
        Fate.QUARANTINED: 6,
        Fate.OFF_TOPIC: 1,
        Fate.MENTION: 2,
    }
    system.until(lambda: system.totals()["mentions"] == 2, "both readable posts indexed", 60)
