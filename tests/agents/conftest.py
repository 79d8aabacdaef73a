"""Agents without a broker: what they send is collected, and a successor recovers from it as from the changelog."""

import asyncio
import tempfile
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

from soundings.services.alerts.delivery import Delivery
from soundings.services.alerts.example import DEPARTMENT
from soundings.services.alerts.memory import MemoryNotifier
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Alert, Notification, Outcome
from soundings.services.domain.posts import Mention, Statement
from soundings.services.domain.urgent import Urgent
from soundings.services.settings import AlertSettings, ChannelSettings, KafkaSettings
from soundings.streams.agents.alerts import AlertsAgent
from soundings.streams.agents.outbox import Outbox
from soundings.streams.app import make_app
from soundings.streams.codecs import decode, encode

settings.register_profile("soundings", deadline=None)  # as in tests/properties
settings.load_profile("soundings")

SETTINGS = KafkaSettings(bootstrap="127.0.0.1:1", partitions=2)


class Wire:
    """All that was sent, in order: topic, key, value, partition."""

    def __init__(self) -> None:
        self.settings = SETTINGS
        self.sent: list[tuple[str, bytes, bytes | None, int | None]] = []
        self.on_sending: Callable[[], None] = lambda: None
        """Called at each sending, after it."""
        self._offset = 0
        self.runner = asyncio.Runner()

    def app(self, part: str) -> Any:
        return make_app(part, 0, self.settings, Path(tempfile.gettempdir()))

    def run(self, call: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(call)

    def event(self, value: object, *, key: str = "", partition: int = 0) -> Any:
        """An event of Faust's, as far as agents look at it."""
        self._offset += 1
        content = value if isinstance(value, bytes) or value is None else encode(value)
        message = SimpleNamespace(value=content, key=key.encode(), partition=partition, offset=self._offset)
        return SimpleNamespace(message=message)

    def records(self, topic: str) -> list[Any]:
        """What went to the topic, read as its readers read it."""
        return [decode(value) for name, _, value, _ in self.sent if name == topic]

    def recovered(self, agent: Any, part: str) -> Any:
        """The agent with the state of its predecessor, read from the changelog."""
        for name, key, value, _ in self.sent:
            if name == f"soundings-{part}-state-changelog":
                held = agent._state._table.data.data
                held.pop(key, None)
                if value is not None:
                    held[key] = value
        return agent


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    collected = Wire()

    async def flush(self: Any) -> None:
        waiting, self._waiting = self._waiting, []
        collected.sent += [(topic.get_topic_name(), *rest) for topic, *rest in waiting]
        collected.on_sending()

    monkeypatch.setattr(Outbox, "flush", flush)
    with collected.runner:
        yield collected


class Empty:
    """An index that holds nothing yet."""

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        return {}

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]:
        return {}


class Office:
    """A press office with two channels, five seconds after an evening's alert, and the agent that tells them."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.now = datetime(2026, 7, 3, 20, 31, 5, tzinfo=UTC)
        self.a_minute = 3
        self.channels = {name: MemoryNotifier(name) for name in ("desk", "phone")}
        self.acked: list[str] = []
        self.agent = self.hired()

    def hired(self) -> AlertsAgent:
        channels = tuple(ChannelSettings(kind="terminal", name=name) for name in self.channels)
        delivery = Delivery(
            settings=AlertSettings(channels=channels, urgent_a_minute=self.a_minute),
            book=AccountBook(departments=(DEPARTMENT,)),
            notifiers=self.channels,
            index=Empty(),
            now=lambda: self.now,
            sleep=self.sleep,
        )
        return AlertsAgent(self.wire.app("alerts"), self.wire.settings, delivery)

    def succeeded(self) -> None:
        """Another worker takes over, with the settings of now."""
        self.agent = self.wire.recovered(self.hired(), "alerts")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)

    async def ack(self, event: Any) -> None:
        self.acked.append(event.message.key.decode())

    def tell(self, *owed: Alert | Urgent) -> None:
        """All at once."""

        async def handle(one: Alert | Urgent) -> None:
            of_its_kind = self.agent._urgent_from if isinstance(one, Urgent) else self.agent._handle_from
            await of_its_kind(self)(self.wire.event(one, key=one.id))

        async def all_at_once() -> None:
            await asyncio.gather(*(handle(one) for one in owed))

        self.wire.run(all_at_once())

    def sent(self, channel: str = "desk") -> list[str]:
        return [message.id for message in self.channels[channel].sent]

    def outcomes(self) -> list[tuple[str, str, Outcome]]:
        """In their order: the storm's step or the post, the channel, the outcome."""
        notes: list[Notification] = self.wire.records("notifications")
        return [(note.alert.rsplit("/")[-1], note.channel, note.outcome) for note in notes]


@pytest.fixture
def office(wire: Wire) -> Office:
    return Office(wire)
