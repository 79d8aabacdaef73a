"""What was taken back, as a worker hears of it: the whole of `redactions` first, then each as it is written."""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from soundings.services.domain.redactions import Redaction
from soundings.services.redactions.memory import TakenBack
from soundings.services.settings import KafkaSettings
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.codecs import Undecodable, decode
from soundings.streams.connection import client_options
from soundings.streams.health import Health
from soundings.streams.topics import topic_name

TOPIC = "redactions"

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between attempts while Kafka is down, doubled: as ingest does."""

LISTENS_MS = 1_000
"""Milliseconds that are waited for records; they are handed over as soon as they come."""

PATIENCE_MS = 10_000
"""Milliseconds for an answer of the broker, asked in every silence: what is longer is said to be down."""

Listener = Callable[[Sequence[Redaction]], None]

log = structlog.get_logger()


class Redactions:
    """What this worker knows of them. For one event loop."""

    def __init__(self) -> None:
        self.taken_back = TakenBack()
        self._listeners: list[Listener] = []
        self._whole = asyncio.Event()

    def listen(self, listener: Listener) -> None:
        """`listener` is called with what takes back more than was known, after it has been remembered."""
        self._listeners.append(listener)

    def hear(self, redactions: Sequence[Redaction]) -> None:
        new = [each for each in redactions if self.taken_back.add(each)]
        if new:
            for listener in self._listeners:
                listener(new)

    def read_whole(self) -> None:
        """Everything that was written before this worker began is known."""
        self._whole.set()

    async def known(self) -> None:
        """Wait until everything is known: before that no text may be passed on or stored."""
        await self._whole.wait()


@ends_the_process
async def follow(settings: KafkaSettings, redactions: Redactions, health: Health) -> None:
    """Read the topic from its beginning and go on reading; while Kafka is down, wait and say so. Never returns.

    No consumer group: every worker reads all of it, and what it has done with it is not kept by Kafka.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            await _read(settings, redactions, health)
        except (KafkaError, OSError) as error:
            health.waiting_for("kafka")
            log.warning("waits for redactions", seconds=pause, why=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _read(settings: KafkaSettings, redactions: Redactions, health: Health) -> None:
    """From the beginning each time: what is known already is passed over by whoever remembers it."""
    partition = TopicPartition(topic_name(settings, TOPIC), 0)
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        group_id=None,
        enable_auto_commit=False,
        request_timeout_ms=PATIENCE_MS,
        # A topic that was restored from a backup ends before this place: it is read anew, not from its end on.
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        end: int | None = (await consumer.end_offsets([partition]))[partition]
        health.goes_on("kafka")
        while True:
            if end is not None and await consumer.position(partition) >= end:
                log.info("redactions are known", posts=len(redactions.taken_back))
                redactions.read_whole()
                end = None
            found = (await consumer.getmany(partition, timeout_ms=LISTENS_MS)).get(partition, ())
            redactions.hear([each for record in found if (each := _redaction(record.value)) is not None])
            if not found:
                await consumer.end_offsets([partition])
    finally:
        await consumer.stop()


def _redaction(value: bytes | None) -> Redaction | None:
    try:
        record = decode(value)
    except Undecodable as problem:
        log.error("a redaction cannot be read", why=str(problem))
        return None
    return record if isinstance(record, Redaction) else None
