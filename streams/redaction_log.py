"""The topic `redactions` for commands, which ask once and end: what is written there, and one more."""

from collections.abc import Iterable

from kafka import KafkaProducer, TopicPartition

from soundings.services.domain.redactions import Redaction
from soundings.services.settings import KafkaSettings
from soundings.streams.codecs import Undecodable, decode, encode
from soundings.streams.connection import client_options
from soundings.streams.redactions import TOPIC
from soundings.streams.topics import topic_name
from soundings.streams.whole import read_whole

PATIENCE_S = 20.0
"""Seconds for Kafka to confirm: who erases waits for the answer."""


def write_redactions(settings: KafkaSettings, redactions: Iterable[Redaction]) -> None:
    """Write them, and wait until Kafka has them.

    Raises:
        kafka.errors.KafkaError: the broker is down or refuses; some may have been written.
    """
    producer = KafkaProducer(**client_options(settings), acks="all", max_block_ms=int(PATIENCE_S * 1000))
    try:
        name = topic_name(settings, TOPIC)
        sent = [producer.send(name, key=r.key.encode(), value=encode(r), partition=0) for r in redactions]
        for each in sent:
            each.get(timeout=PATIENCE_S)
    finally:
        producer.close(timeout=5)


def read_redactions(settings: KafkaSettings) -> dict[str, Redaction]:
    """By post; of an edit and what is final, the latter.

    Raises:
        kafka.errors.KafkaError: the broker is down, or stopped answering (KafkaTimeoutError).
    """
    found: dict[str, Redaction] = {}
    for _, message in read_whole(settings, [TopicPartition(topic_name(settings, TOPIC), 0)]):
        try:
            record = decode(message.value)
        except Undecodable:
            continue
        if isinstance(record, Redaction) and (record.final or record.post not in found):
            found[record.post] = record
    return found
