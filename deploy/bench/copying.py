"""The bare copy: the least that anybody would have to do to get the same posts from Kafka into Elasticsearch.

One consumer of kafka-python reads the raw records and sends them to Elasticsearch a thousand at a time, as they are:
nothing is parsed, tagged, counted or decided, nothing remembered, nothing acknowledged. The index has the fields of
the mentions' index, so that Elasticsearch has the same work with a post.
"""

import asyncio
import time
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition

from soundings.deploy.local.errors import StackError
from soundings.services.domain.posts import Tick
from soundings.services.index.connection import connect
from soundings.services.index.fields import Kind, PostField
from soundings.services.index.mappings import SETTINGS
from soundings.services.index.shapes import PROPERTIES
from soundings.services.settings import Settings
from soundings.streams.codecs import TAGS
from soundings.streams.connection import client_options
from soundings.streams.topics import topic_name

BATCH = 1000
"""As the pipeline's own batches."""

TICK = f'"t":"{TAGS[Tick]}"'.encode()
HEAD = 40
"""Bytes that hold the type of a record."""


def copy(settings: Settings, index: str) -> tuple[int, float]:
    """Copy every post in `mentions.raw` into a new index.

    Returns:
        The number of records, and the seconds that it took.

    Raises:
        StackError: Elasticsearch refused a record.
    """
    return asyncio.run(_copy(settings, index))


async def _copy(settings: Settings, index: str) -> tuple[int, float]:
    topic = topic_name(settings.kafka, "mentions.raw")
    # `unknown` is an object on the topic and a text in the index; all else has the same form.
    post = {name: field for name, field in PROPERTIES[Kind.MENTIONS].items() if name != PostField.UNKNOWN}
    fields = {"d": {"properties": {"post": {"properties": post}}}}
    consumer = KafkaConsumer(**client_options(settings.kafka), group_id=None, enable_auto_commit=False)
    copied = 0
    try:
        async with connect(settings.elasticsearch) as client:
            await client.indices.create(
                index=index, mappings={"dynamic": False, "properties": fields}, settings=SETTINGS
            )
            places = [TopicPartition(topic, number) for number in range(settings.kafka.partitions)]
            consumer.assign(places)
            ends = consumer.end_offsets(places)
            consumer.seek_to_beginning(*places)
            began = time.monotonic()
            while any(consumer.position(place) < end for place, end in ends.items()):
                lines: list[Any] = []
                for place, records in consumer.poll(timeout_ms=1000, max_records=BATCH).items():
                    for record in records:
                        if TICK not in record.value[:HEAD]:
                            target = {"_index": index, "_id": f"{place.partition}-{record.offset}"}
                            lines += (orjson.dumps({"index": target}), record.value)
                if lines:
                    answer = await client.bulk(operations=lines, filter_path=("errors",))
                    if answer["errors"]:
                        raise StackError("Elasticsearch refused a record of the bare copy")
                    copied += len(lines) // 2
            return copied, time.monotonic() - began
    finally:
        consumer.close()
