"""Themes on real servers: kills, two workers and a second replay leave the same documents as one engine offline."""

import asyncio
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from soundings.services.domain.posts import Mention, Tick
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.themes.department import DepartmentThemes
from soundings.services.themes.encoder import StaticEncoder
from soundings.streams.agents.owed import Owed
from soundings.streams.codecs import decode
from soundings.streams.connection import client_options
from soundings.streams.indexed import IndexedInKafka
from soundings.streams.topics import partition_of, topic_name

pytestmark = pytest.mark.stack

STORED_SELDOM = """
from soundings.streams.agents import owed
owed.SHORTEST, owed.IDLE = 1.5, 4.0
from soundings.streams.worker import main
main()
"""
"""Most kills then come between two storings."""

Week = tuple[ThemesRead, tuple[ThemeWeek, ...]]


def test_kills_and_two_workers_and_a_second_replay_leave_what_one_engine_says(system: Any, evening: Path) -> None:
    chance = random.Random(5)
    system.start("intake", "indexing")
    workers = {n: system.start("themes", instance=n, code=STORED_SELDOM)[0] for n in (0, 1)}
    system.replay(evening)
    for n in (0, 1):
        system.until(Pause(chance.uniform(0.5, 2.5)), "a moment", 5)
        workers[n].kill()
        (workers[n],) = system.start("themes", instance=n, code=STORED_SELDOM)
    system.worked_off()
    told = weeks(system)
    assert len(told) == 4, "a week that is over and one that goes on, of two departments"
    assert told == offline(system)
    asyncio.run(check_how_far_indexing_is(system))

    system.replay(evening)
    system.worked_off()
    assert weeks(system) == told


async def check_how_far_indexing_is(system: Any) -> None:
    """What it has acknowledged is told from what it has not; of another installation nothing is known."""
    home = partition_of(system.book.departments[0].key, system.settings.kafka.partitions)
    indexed = IndexedInKafka(system.settings.kafka)
    assert await indexed.reached(home, 100)
    assert not await indexed.reached(home, 10**9)
    indexed.close()
    strange = system.settings.kafka.model_copy(update={"prefix": "strange-"})
    elsewhere = IndexedInKafka(strange)
    assert not await elsewhere.reached(home, 0)
    elsewhere.close()


class Pause:
    """A condition that holds after some seconds."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def __call__(self) -> bool:
        return time.monotonic() >= self._until


def weeks(system: Any) -> dict[str, Week]:
    """What the index tells of each department's weeks."""

    async def ask(index: Any) -> dict[str, Week]:
        found: dict[str, Week] = {}
        for department in system.book.departments:
            for number in range(36, 44):
                read = await index.themes_read(department.key, week := f"2026-W{number}")
                if read is not None:
                    found[read.id] = read, await index.theme_weeks(department.key, week)
        return found

    answer: dict[str, Week] = system.ask(ask)
    return answer


def offline(system: Any) -> dict[str, Week]:
    """The same by one engine a department, over the records of the first replay."""
    found: dict[str, Week] = {}
    encoder = StaticEncoder()
    for department in system.book.departments:
        themes = DepartmentThemes(department, encoder)
        held: dict[str, Mention] = {}
        clock: datetime | None = None
        for key, record in records(system, partition_of(department.key, system.settings.kafka.partitions)):
            if isinstance(record, Mention) and key == department.key:
                held[record.post.id] = record
                themes.read([record])
            elif isinstance(record, Tick) and (clock is None or record.time > clock or record.ended):
                clock = record.time
                for due in themes.due(clock, ended=record.ended):
                    if themes.worth_grouping(due):
                        themes.group(due, ())
                    if due.final or record.ended:
                        *told, read = themes.report(due, partial(_of, held))
                        assert isinstance(read, ThemesRead)
                        named = tuple(each for each in told if isinstance(each, ThemeWeek))
                        found[read.id] = read, tuple(each for each in named if each.theme.id in read.themes)
                    themes.passed(due)
                if record.ended:
                    break
    return found


def _of(held: Mapping[str, Mention], ids: Sequence[str]) -> Mapping[str, Mention]:
    return {name: held[name] for name in ids}


def records(system: Any, partition: int) -> Iterator[tuple[str, Any]]:
    place = TopicPartition(topic_name(system.settings.kafka, "mentions"), partition)
    consumer = KafkaConsumer(
        **client_options(system.settings.kafka), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        consumer.assign([place])
        end = consumer.end_offsets([place])[place]
        while consumer.position(place) < end:
            for message in consumer.poll(timeout_ms=1000).get(place, []):
                yield (message.key or b"").decode(), decode(message.value)
    finally:
        consumer.close()


def test_what_storing_costs_is_bounded() -> None:
    """A large state is stored seldom, a small one at once, and what waits is bounded whatever the size."""
    event: Any = type("Event", (), {"message": type("Message", (), {"offset": 7})})
    batch: Any = type("Batch", (), {"app": None, "stream": None})
    owed = Owed(0.0, changed={"busy"}, sizes={"busy": 2_500_000})
    owed.add(event, batch, 0.0)
    owed.last = 49.0
    assert not owed.is_due(49.0) and owed.is_due(50.0)
    owed.last = 0.0
    assert owed.is_due(1.0), "nothing has come for a second"
    small = Owed(0.0)
    small.add(event, batch, 0.0)
    assert not small.is_due(0.9) and small.is_due(1.0)
    for _ in range(8_000):
        owed.add(event, batch, 1.0)
    assert owed.is_due(1.0)
