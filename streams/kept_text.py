"""What the topics that hold text still have of a post or a voice: read for an erasure, changed by nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kafka import TopicPartition

from soundings.services.domain.posts import Mention, Post, PostKind, Statement
from soundings.services.settings import KafkaSettings
from soundings.streams.codecs import Undecodable, decode
from soundings.streams.records import Delivery
from soundings.streams.topics import TEXT_KEPT, TOPICS, partitions_for, topic_name
from soundings.streams.whole import read_whole

WITH_POSTS = ("mentions.raw", "mentions")


@dataclass(slots=True)
class Kept:
    posts: set[str] = field(default_factory=set)
    """Ids of the posts that these records are."""
    records: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WITH_POSTS, 0))
    """By topic."""
    until: datetime | None = None
    """When the last of the records goes by itself."""


def kept_of_post(settings: KafkaSettings, post: str) -> Kept:
    """Records that hold the text of a post, its reposts included.

    Raises:
        kafka.errors.KafkaError: the broker is down, or stopped answering (KafkaTimeoutError).
    """

    def holds(each: Post) -> bool:
        return each.id == post or (each.kind is PostKind.REPOST and each.reference == post)

    return _kept(settings, post, holds)


def kept_of_voice(settings: KafkaSettings, voice: str) -> Kept:
    """Records that hold what a voice said; not what others repeat of it."""
    return _kept(settings, voice, lambda each: each.voice == voice)


def _kept(settings: KafkaSettings, name: str, wanted: Callable[[Post], bool]) -> Kept:
    found = Kept()
    for topic, written, value in _records(settings):
        # Most records are told by their bytes alone: decoding all of them takes ten times as long.
        post = _post(value) if name.encode() in value else None
        if post is None or not wanted(post):
            continue
        found.records[topic] += 1
        found.posts.add(post.id)
        goes = written + TEXT_KEPT
        found.until = max(found.until, goes) if found.until else goes
    return found


def _records(settings: KafkaSettings) -> Iterator[tuple[str, datetime, bytes]]:
    """Topic, time of writing and bytes of everything that is there when this begins."""
    topics = {topic_name(settings, topic.name): topic for topic in TOPICS if topic.name in WITH_POSTS}
    partitions = [
        TopicPartition(name, number)
        for name, topic in topics.items()
        for number in range(partitions_for(topic, settings))
    ]
    for partition, message in read_whole(settings, partitions):
        written = datetime.fromtimestamp(message.timestamp / 1000, UTC)
        yield topics[partition.topic].name, written, message.value or b""


def _post(value: bytes) -> Post | None:
    try:
        record = decode(value)
    except Undecodable:
        return None
    return record.post if isinstance(record, Delivery | Mention | Statement) else None
