"""The agent of themes on a bench: made-up weeks of two departments, and successors that recover."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from soundings.services.alerts.example import DEPARTMENT
from soundings.services.domain.accounts import AccountBook, PolicyArea
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags, Tick
from soundings.services.domain.themes import ThemesRead
from soundings.services.index.memory import MemoryIndex
from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.register_store import MemoryRegister
from soundings.streams.agents.batches import Batch
from soundings.streams.agents.themes import ThemesAgent
from soundings.streams.health import Health
from soundings.streams.topics import partition_of

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)  # winter: London is at UTC
HOME = replace(
    DEPARTMENT,
    key="office-of-examples",
    accounts=(),
    timezone="Europe/London",
    policy_areas=(PolicyArea(name="Bridges", keywords=("bridge",)), PolicyArea(name="Buses", keywords=("bus",))),
)
OTHER = replace(HOME, key="office-of-examples-too")  # on the same partition, as the bench makes sure
MATTERS = (
    "the bridge over the mill stream is closed again and nobody says for how long, day {}",
    "bus number seven to the market came late again this morning, number {} of my complaints",
    "when will the library on station road open its doors again, asked for the time {}",
)


class AllIndexed:
    async def reached(self, partition: int, offset: int) -> bool:
        return True


class Bench:
    """Agents one after the other, each recovering from what the last one sent. The index has every mention at once."""

    department, other = HOME, OTHER

    def __init__(self, wire: Any) -> None:
        self.wire, self.index, self.register = wire, MemoryIndex(), MemoryRegister()
        self.home = partition_of(HOME.key, wire.settings.partitions)
        self.acknowledged: list[int] = []
        self.read = 0
        """How many events the agent was given, or its successor begins behind."""
        assert self.home == partition_of(OTHER.key, wire.settings.partitions)
        self.agent = self.new()

    def new(self) -> ThemesAgent:
        agent = ThemesAgent(
            self.wire.app("themes"),
            self.wire.settings,
            AccountBook(departments=(HOME, OTHER)),
            index=self.index,
            indexed=AllIndexed(),
            register=self.register,
            encoder=NoEncoder(),
            health=Health("themes"),
        )
        recovered: ThemesAgent = self.wire.recovered(agent, "themes")
        return recovered

    def events(self, records: list[Any]) -> list[Any]:
        made = []
        for record in records:
            if isinstance(record, Mention):
                self.wire.run(self.index.put([record]))
            key = "" if isinstance(record, Tick) else record.post.departments[0]
            event = self.wire.event(record, key=key, partition=self.home)
            event.message.generation_id = 1
            made.append(event)
        return made

    def give(self, events: list[Any], *, store: bool = True) -> None:
        async def ack(event: Any) -> None:
            self.acknowledged.append(event.message.offset)

        async def given() -> None:
            assert await self.agent.process(events)
            app: Any = SimpleNamespace(consumer_generation_id=1)
            self.agent.owe(Batch(events, app, SimpleNamespace(ack=ack)))
            self.read += len(events)
            if store:
                await self.agent.store(all_of_it=True)

        self.wire.run(given())

    def restart(self) -> None:
        """After a kill: Kafka gives what follows the last acknowledged record."""
        self.agent, self.read = self.new(), len(self.acknowledged)

    @staticmethod
    def said(
        number: int, *, matter: int | None = None, department: str = HOME.key, hours: float | None = None
    ) -> Mention:
        at = MONDAY + timedelta(hours=number if hours is None else hours)
        post = Post(
            id=f"x::{department}-{number}",
            created_at=at,
            voice=f"voice-{number}",
            text=MATTERS[number % 3 if matter is None else matter].format(number),
            kind=PostKind.ORIGINAL,
            source="s",
            departments=(department,),
        )
        tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.COMPLAINT,))
        return Mention(post=post, tags=tags)

    @staticmethod
    def tick(hours: float, *, live: bool = False, ended: bool = False) -> Tick:
        return Tick(source="s", time=MONDAY + timedelta(hours=hours), live=live, ended=ended)

    def story(self, hours: int, every: int = 3) -> list[Any]:
        """A post of each of two departments an hour, and a tick now and then."""
        records: list[Any] = []
        for hour in range(hours):
            records += [self.said(hour), self.said(hour, department=OTHER.key)]
            if hour % every == 0:
                records.append(self.tick(hour))
        return records

    def published(self) -> dict[str, Any]:
        """What the index would hold: of each document the latest."""
        held: dict[str, Any] = {}
        for record in self.wire.records("themes"):
            if record.id not in held or record.at >= held[record.id].at:
                held[record.id] = record
        return held

    def reads(self) -> list[ThemesRead]:
        return [record for record in self.wire.records("themes") if isinstance(record, ThemesRead)]


@pytest.fixture
def bench(wire: Any) -> Bench:
    return Bench(wire)
