"""How far the indexing part has come: what it has acknowledged is in the index."""

import asyncio
from typing import Protocol

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from soundings.services.settings import KafkaSettings
from soundings.streams.connection import client_options
from soundings.streams.topics import group_name, topic_name


class Indexed(Protocol):
    async def reached(self, partition: int, offset: int) -> bool:
        """Whether all mentions of the partition before the offset are in the index, or never will be."""
        ...


class IndexedInKafka:
    """Asks Kafka for the offsets that the indexing part has committed."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._admin: KafkaAdminClient | None = None

    async def reached(self, partition: int, offset: int) -> bool:
        return await asyncio.to_thread(self._reached, partition, offset)

    def close(self) -> None:
        if self._admin is not None:
            self._admin.close()

    def _reached(self, partition: int, offset: int) -> bool:
        group = group_name(self._settings, "indexing")
        try:
            if self._admin is None:
                self._admin = KafkaAdminClient(**client_options(self._settings))
            committed = self._admin.list_group_offsets({group: None}).get(group, {})
        except KafkaError:
            return False  # asked again in a moment
        place = committed.get(TopicPartition(topic_name(self._settings, "mentions"), partition))
        return place is not None and place.offset >= offset
