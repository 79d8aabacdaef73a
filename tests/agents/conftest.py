"""Agents without a broker: what they send is collected, and a successor recovers from it as from the changelog."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

from soundings.services.settings import KafkaSettings
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
