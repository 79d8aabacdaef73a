"""What a batch sends: collected, sent together, and confirmed by Kafka before the batch is acknowledged."""

import asyncio
from typing import Any

import faust

from soundings.services.settings import KafkaSettings
from soundings.streams.codecs import encode
from soundings.streams.topics import topic_name


def raw_topic(app: faust.App, settings: KafkaSettings, *names: str) -> Any:
    """Topics as bytes: our own codec reads and writes them."""
    full = [topic_name(settings, name) for name in names]
    return app.topic(*full, key_serializer="raw", value_serializer="raw")


class Outbox:
    """Sends records over Faust's producer."""

    def __init__(self, app: faust.App, settings: KafkaSettings, *topics: str) -> None:
        self._topics = {name: raw_topic(app, settings, name) for name in topics}
        self._waiting: list[tuple[Any, bytes, bytes | None, int | None]] = []

    def add(self, topic: str, key: str, record: object, partition: int | None = None) -> None:
        self._waiting.append((self._topics[topic], key.encode(), encode(record), partition))

    def forward(self, topic: str, key: bytes | None, value: bytes, partition: int) -> None:
        """Pass bytes on as they came."""
        self._waiting.append((self._topics[topic], key or b"", value, partition))

    def put(self, topic: Any, key: bytes, value: bytes | None, partition: int) -> None:
        """An entry of a table's changelog."""
        self._waiting.append((topic, key, value, partition))

    async def flush(self) -> None:
        """Send all, in order, and wait until Kafka has them."""
        waiting, self._waiting = self._waiting, []
        futures = [
            await topic.send(key=key, value=value, partition=partition) for topic, key, value, partition in waiting
        ]
        await asyncio.gather(*futures)
