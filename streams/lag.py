"""How far each part is behind: records of its topics that it has not acknowledged yet."""

from collections.abc import Mapping

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from soundings.services.settings import KafkaSettings
from soundings.streams.connection import client_options
from soundings.streams.topics import TOPICS, group_name, partitions_for, topic_name

PARTS = ("intake", "firestorms", "themes", "indexing", "alerts")


def lags(settings: KafkaSettings) -> Mapping[str, int]:
    """Records that wait, by part.

    Raises:
        kafka.errors.KafkaError: the broker is down.
    """
    # What is compacted is read whole by each worker, outside of its group: nothing of it waits for the group.
    topics = {part: [topic for topic in TOPICS if part in topic.read_by and topic.kept is not None] for part in PARTS}
    partitions = {
        part: [
            TopicPartition(topic_name(settings, topic.name), number)
            for topic in read
            for number in range(partitions_for(topic, settings))
        ]
        for part, read in topics.items()
    }
    consumer = KafkaConsumer(**client_options(settings), group_id=None, enable_auto_commit=False)
    admin = KafkaAdminClient(**client_options(settings))
    try:
        wanted = sorted({each for parts in partitions.values() for each in parts})
        ends = consumer.end_offsets(wanted)
        begins = consumer.beginning_offsets(wanted)
        waiting = {}
        for part, read_partitions in partitions.items():
            group = group_name(settings, part)
            committed = admin.list_group_offsets({group: None}).get(group, {})
            waiting[part] = sum(
                ends[each] - max(committed[each].offset if each in committed else 0, begins[each])
                for each in read_partitions
            )
        return waiting
    finally:
        admin.close()
        consumer.close()
