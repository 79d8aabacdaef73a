"""Everything that partitions hold at one moment, for commands that ask once and end."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError

from soundings.services.settings import KafkaSettings
from soundings.streams.connection import client_options

ANSWERS_MS = 5_000
"""Milliseconds for one answer of the broker, after which it is asked again."""

PATIENCE = 30.0
"""Seconds without a new record after which the broker is given up: as long as the client waits for any answer. What is
there comes within a second."""


def read_whole(settings: KafkaSettings, partitions: Sequence[TopicPartition]) -> Iterator[tuple[TopicPartition, Any]]:
    """Each record (as Kafka's client gives it) that was there when this began, with its partition.

    Raises:
        kafka.errors.KafkaError: the broker is down, or stopped answering (KafkaTimeoutError).
    """
    consumer = KafkaConsumer(**client_options(settings), group_id=None, enable_auto_commit=False)
    try:
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.seek_to_beginning(*partitions)
        heard = time.monotonic()
        while places := _behind(consumer, ends):
            records = consumer.poll(timeout_ms=ANSWERS_MS)
            if records:
                heard = time.monotonic()
            elif time.monotonic() - heard > PATIENCE:
                raise KafkaTimeoutError(f"Kafka stopped answering while topics were read ({', '.join(places)})")
            for partition, found in records.items():
                for record in found:
                    yield partition, record
    finally:
        consumer.close()


def _behind(consumer: KafkaConsumer, ends: dict[TopicPartition, int]) -> list[str]:
    """Where it stands in each partition that has not been read to its end."""
    places = []
    for partition, end in ends.items():
        at = consumer.position(partition, timeout_ms=ANSWERS_MS)
        if at is None or at < end:  # None: it is not known yet where to begin
            places.append(f"{partition.topic}/{partition.partition} at {at} of {end}")
    return places
