"""Every topic: name, key, what it holds, partitions, retention, who writes and who reads it.

They are created here, before any worker starts: a topic that the broker makes by itself has one partition and would
break every table that is keyed on it.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

from soundings.services.settings import KafkaSettings
from soundings.streams.connection import client_options


class Key(StrEnum):
    DEPARTMENT = "department"
    """As many partitions as configured; `partition_of` says which. All that is known of a department is in one."""
    NAME = "name"
    """One partition: few records, read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    name: str
    holds: str
    key: Key
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    kept: timedelta | None
    """None: compacted, the last record of a key is kept."""


TEXT_KEPT = timedelta(days=7)
"""Text is on a topic for at most a week: long enough to bring a worker back after a bad weekend."""

COUNTS_KEPT = timedelta(days=30)

ROLLED = timedelta(hours=12)
"""Kafka removes records by the file, when the youngest in it is over its time: without this a file is written to for a
week, and its oldest record stays for two. Each topic expires by as much earlier, so that *kept* is the most."""

COMPACTED_WITHIN = timedelta(days=1)
"""A state that was replaced or deleted may hold pseudonyms and ids: it goes within a day, also if little is written."""

TOPICS = (
    Topic(
        name="mentions.raw",
        holds="a post for one of its departments as a source delivered it, pseudonymised; ticks",
        key=Key.DEPARTMENT,
        written_by=("ingest",),
        read_by=("intake",),
        kept=TEXT_KEPT,
    ),
    Topic(
        name="mentions",
        holds="mentions with their tags, statements, ticks",
        key=Key.DEPARTMENT,
        written_by=("intake",),
        read_by=("firestorms", "themes", "indexing"),
        kept=TEXT_KEPT,
    ),
    Topic(
        name="urgent",
        holds="posts that somebody should read at once, without their text",
        key=Key.DEPARTMENT,
        written_by=("intake",),
        read_by=("alerts", "indexing"),
        kept=TEXT_KEPT,
    ),
    Topic(
        name="quarantine",
        holds="what could not be read, sealed, and why",
        key=Key.NAME,
        written_by=("ingest", "intake", "indexing"),
        read_by=("status",),
        kept=TEXT_KEPT,
    ),
    Topic(
        name="redactions",
        holds="posts that were taken back, by the id of the post; each worker reads it whole, before anything else",
        key=Key.NAME,
        written_by=("ingest", "erase"),
        read_by=("intake", "indexing"),
        kept=None,
    ),
    Topic(
        name="ledger",
        holds="for each source and each department the counts of records by their fate, and the source's cursor",
        key=Key.NAME,
        written_by=("ingest", "intake"),
        read_by=("ingest", "status"),
        kept=None,
    ),
    Topic(
        name="volumes",
        holds="what was counted for an account in a minute",
        key=Key.DEPARTMENT,
        written_by=("firestorms",),
        read_by=("indexing",),
        kept=TEXT_KEPT,
    ),
    Topic(
        name="firestorms",
        holds="each state of each firestorm",
        key=Key.DEPARTMENT,
        written_by=("firestorms",),
        read_by=("indexing",),
        kept=COUNTS_KEPT,
    ),
    Topic(
        name="alerts",
        holds="notices owed to the press office",
        key=Key.DEPARTMENT,
        written_by=("firestorms",),
        read_by=("alerts", "indexing"),
        kept=COUNTS_KEPT,
    ),
    Topic(
        name="themes",
        holds="themes of a department's week as last reported, and which the report names",
        key=Key.DEPARTMENT,
        written_by=("themes",),
        read_by=("indexing",),
        kept=COUNTS_KEPT,
    ),
    Topic(
        name="notifications",
        holds="what became of each notice, by channel",
        key=Key.DEPARTMENT,
        written_by=("alerts",),
        read_by=("indexing",),
        kept=COUNTS_KEPT,
    ),
)

STATEFUL = ("intake", "firestorms", "themes", "alerts")
"""Parts that keep state in a Faust table, whose changelog is a compacted topic with the partitions of its stream."""


def topic_name(settings: KafkaSettings, name: str) -> str:
    """The topic's name on the broker."""
    return f"{settings.prefix}{name}"


def group_name(settings: KafkaSettings, part: str) -> str:
    """The consumer group of a part, which is also the id of its Faust application."""
    return f"{settings.prefix}soundings-{part}"


def state_topic(settings: KafkaSettings, part: str) -> str:
    """Name of the changelog of a part's table: Faust derives it from the ids of app and table."""
    return f"{group_name(settings, part)}-state-changelog"


def partition_of(department: str, partitions: int) -> int:
    """The partition of a department on every topic keyed by it (CRC-32 of the key, modulo)."""
    return zlib.crc32(department.encode()) % partitions


def partitions_in_use(departments: Iterable[str], partitions: int) -> tuple[int, ...]:
    """Partitions that any department lies on: the others need no tick."""
    return tuple(sorted(by_partition(departments, partitions)))


def by_partition(departments: Iterable[str], partitions: int) -> dict[int, list[str]]:
    """The departments that lie on each partition, in their order; a partition with none is not there."""
    found: dict[int, list[str]] = {}
    for department in departments:
        found.setdefault(partition_of(department, partitions), []).append(department)
    return found


def declared(settings: KafkaSettings) -> list[NewTopic]:
    """All topics with the settings that they are created with, the changelogs included."""
    topics = [
        _new(topic_name(settings, topic.name), partitions_for(topic, settings), topic.kept, settings)
        for topic in TOPICS
    ]
    return topics + [_new(state_topic(settings, part), settings.partitions, None, settings) for part in STATEFUL]


def partitions_for(topic: Topic, settings: KafkaSettings) -> int:
    """How many partitions a topic has."""
    return settings.partitions if topic.key is Key.DEPARTMENT else 1


def create(settings: KafkaSettings) -> list[str]:
    """Create the topics that do not exist yet, and keep the times of those that do; returns the names of the new ones.

    Safe if two do it at once.

    Raises:
        ValueError: a keyed topic exists with another number of partitions than configured.
        kafka.errors.KafkaError: the broker is down or refuses.
    """
    admin = KafkaAdminClient(**client_options(settings))
    try:
        present = set(admin.list_topics())
        wanted = declared(settings)
        _refuse_other_partitions(admin, [topic for topic in wanted if topic.name in present])
        _set_times(admin, [topic for topic in wanted if topic.name in present])
        missing = [topic for topic in wanted if topic.name not in present]
        for topic in missing:
            try:
                admin.create_topics([topic])
            except TopicAlreadyExistsError:
                continue
        return [topic.name for topic in missing]
    finally:
        admin.close()


def _refuse_other_partitions(admin: KafkaAdminClient, topics: list[NewTopic]) -> None:
    if not topics:
        return
    expected = {topic.name: topic.num_partitions for topic in topics}
    for described in admin.describe_topics(list(expected)):
        name, found = described["name"], len(described["partitions"])
        if found != expected[name]:
            raise ValueError(
                f"topic {name} has {found} partitions, SOUNDINGS_KAFKA__PARTITIONS says {expected[name]}: "
                "departments would move to other partitions than their state"
            )


def _set_times(admin: KafkaAdminClient, topics: list[NewTopic]) -> None:
    """What a topic was created with by an earlier version may keep its records for longer than is promised now."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=topic.topic_configs) for topic in topics]
    if resources:
        admin.alter_configs(resources)


def _new(name: str, partitions: int, kept: timedelta | None, settings: KafkaSettings) -> NewTopic:
    if kept is None:
        # Small segments, compacted early: a state that is rewritten with each batch must not make recovery long.
        config = {
            "cleanup.policy": "compact",
            "segment.bytes": str(16 * 1024 * 1024),
            "min.cleanable.dirty.ratio": "0.2",
            "max.compaction.lag.ms": _millis(COMPACTED_WITHIN),
            "max.message.bytes": str(4 * 1024 * 1024),
        }
    else:
        config = {
            "cleanup.policy": "delete",
            "retention.ms": _millis(kept - ROLLED),
            "segment.ms": _millis(ROLLED),
        }
    return NewTopic(name, num_partitions=partitions, replication_factor=settings.replication, topic_configs=config)


def _millis(span: timedelta) -> str:
    return str(int(span.total_seconds() * 1000))
