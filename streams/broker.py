"""Whether Kafka answers, asked again and again: a part that can take no work must not call itself ready."""

import asyncio

import structlog
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from soundings.services.settings import KafkaSettings
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.connection import client_options
from soundings.streams.health import KAFKA, Health
from soundings.streams.topics import topic_name

EVERY = 3.0
"""Seconds between questions: with `PATIENCE` the truth is told within eight, before anybody has read a dashboard."""

PATIENCE = 5.0
"""Seconds for an answer; a healthy broker needs some thousandths, one that collects garbage a second."""

log = structlog.get_logger()


@ends_the_process
async def watch_broker(settings: KafkaSettings, health: Health) -> None:
    """Tell `health` whether Kafka answers, for as long as the process lives."""
    asked: Broker | None = None
    down = False
    while True:
        asked = asked or Broker(settings)
        if await asked.answers():
            health.goes_on(KAFKA)
            down = False
        else:
            health.waiting_for(KAFKA)
            if not down:
                log.warning("Kafka does not answer")
            down = True
            await asked.close()
            asked = None  # addresses may have changed; a new client looks them up
        await asyncio.sleep(EVERY)


class Broker:
    """One connection to the cluster, for one small question."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._topic = topic_name(settings, "ledger")  # one topic, since a shared cluster may have thousands
        self._client = AIOKafkaClient(**client_options(settings), request_timeout_ms=round(PATIENCE * 1000))
        self._connected = False

    async def answers(self) -> bool:
        """Whether any broker tells where the ledger lies."""
        try:
            async with asyncio.timeout(PATIENCE):
                if not self._connected:
                    await self._client.bootstrap()
                    self._client.set_topics([self._topic])
                    self._connected = True
                return bool(await self._client.force_metadata_update())
        except (KafkaError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        await self._client.close()
