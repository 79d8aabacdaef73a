"""Following what was taken back."""

import asyncio
from typing import Any

import pytest

from soundings.services.settings import KafkaSettings
from soundings.streams import redactions as following
from soundings.streams.health import Health
from soundings.streams.redactions import Redactions, follow


def test_a_topic_that_was_restored_is_read_anew_and_not_from_its_end_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the place at which a worker stands is gone, Kafka's client goes where this option says: by default past
    all that has been written since."""
    asked: list[Any] = []

    def consumer(**options: Any) -> Any:
        asked.append(options["auto_offset_reset"])
        raise OSError

    async def once() -> None:
        following_it = asyncio.ensure_future(
            follow(KafkaSettings(bootstrap="127.0.0.1:1"), Redactions(), Health("indexing"))
        )
        while not asked:
            await asyncio.sleep(0.001)
        following_it.cancel()

    monkeypatch.setattr(following, "AIOKafkaConsumer", consumer)
    asyncio.run(asyncio.wait_for(once(), 20))
    assert set(asked) == {"earliest"}
