"""The whole system on real servers: nothing lost, nothing counted twice, the same storms as the backtest."""

import json
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
