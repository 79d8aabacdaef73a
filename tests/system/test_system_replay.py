"""The whole system on real servers: nothing lost, nothing counted twice, the same storms as the backtest."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Mention
from soundings.services.firestorms.archive import Archive, Taken
from soundings.services.firestorms.watch import Watch
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.tagging.tagger import load_tagger

if TYPE_CHECKING:
    System = Any

pytestmark = pytest.mark.stack

Episode = tuple[str, datetime, str | None]
PARTS = ("intake", "firestorms", "indexing", "alerts")


def expected(file: Path, book: AccountBook, key: str) -> list[Episode]:
    """Storms by the same decisions in one process, without Kafka."""
    watches = {department.key: Watch(department) for department in book.departments}
    found: list[Episode] = []
    for event in Archive(file, book, Pseudonyms(key, book.named), load_tagger()).read(datetime.now(UTC)):
        if isinstance(event, Taken):
            watch = watches[event.department]
            if isinstance(event.record, Mention):
                watch.observe(event.record)
            else:
                watch.state_ours(event.record)
            continue
        for watch in watches.values():
            for step, storm in watch.advance(event).steps:
                if step is AlertStep.OPENED:
                    found.append((storm.department, storm.opened_at, storm.trigger.post if storm.trigger else None))
    return sorted(found, key=str)


def told(system: "System") -> list[Episode]:
    """Storms as the alerts in the index tell them."""
    return sorted(
        (
            (alert.department, alert.firestorm.opened_at, alert.firestorm.trigger and alert.firestorm.trigger.post)
            for alert in system.alerts()
            if alert.step is AlertStep.OPENED
        ),
        key=str,
    )


def test_a_replay_is_accounted_for_to_the_last_record_and_a_second_one_adds_nothing(
    system: "System", story: Path
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
    episodes = told(system)
    assert len(episodes) >= 2, "the story has a flood and a firestorm"
    assert episodes == expected(story, system.book, "a key of pseudonyms for tests only")
    sent = system.notifications()
    assert {notification.alert for notification in sent} == {alert.id for alert in system.alerts()}

    again = system.replay(story)
    system.worked_off()
    assert again.received == len(rows)
    ledger = system.ledger
    assert ledger.received == 2 * len(rows) == ledger.tally.total
    assert ledger.tally.of(Fate.DUPLICATE) == len(rows) - off_topic
    assert system.totals() == totals
    assert told(system) == episodes


def test_a_backlog_caught_up_by_two_workers_of_each_part_gives_the_same_storms(system: "System", story: Path) -> None:
    system.replay(story)
    system.start(*PARTS)
    system.start("intake", "firestorms", instance=1)
    system.worked_off()
    assert system.ledger.under_way == 0
    assert told(system) == expected(story, system.book, "a key of pseudonyms for tests only")
