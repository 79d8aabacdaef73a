"""State of a part: a Faust table whose changelog is written and confirmed before anything is acknowledged."""

from collections.abc import Iterator, Mapping
from typing import Any

import faust
from faust.types import TP

from soundings.services.settings import KafkaSettings
from soundings.streams.agents.outbox import Outbox
from soundings.streams.topics import partition_of

PARTITION_ENTRY = "partition:"
"""Key of what belongs to a partition and not to a department: its clock."""


class State(Mapping[str, bytes]):
    """Entries of the departments on the partitions of this worker; reading is reading a mapping.

    Keys begin with the department's key (`home-office`, `home-office/412345`), so that an entry lies on the changelog
    partition of its department, where the worker that has the department finds it.
    """

    def __init__(self, app: faust.App, settings: KafkaSettings) -> None:
        self._app: Any = app
        self._partitions = settings.partitions
        self._outbox = Outbox(app, settings)
        self._table: Any = app.Table(
            "state",
            partitions=settings.partitions,
            key_type=bytes,
            value_type=bytes,
        )

    def __getitem__(self, key: str) -> bytes:
        value: bytes = self._table.data[key.encode()]
        return value

    def __iter__(self) -> Iterator[str]:
        return (key.decode() for key in list(self._table.data))

    def __len__(self) -> int:
        return len(self._table.data)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.encode() in self._table.data

    async def put(self, changes: Mapping[str, bytes | None]) -> None:
        """Store the entries (None deletes one) and wait until Kafka has them."""
        for key, value in changes.items():
            raw = key.encode()
            # Not `table[key] = value`: that sends without a way to wait for the sending.
            self._outbox.put(self._table.changelog_topic, raw, value, self._partition(key))
            if value is None:
                self._table.data.data.pop(raw, None)
            else:
                self._table.data.data[raw] = value
        await self._outbox.flush()

    def forget(self, partitions: set[int]) -> None:
        """Drop entries of partitions that another worker may have now; if the partition comes back, so do they.

        In a rebalance every partition is revoked, also one that stays. For that Faust would go on recovering where it
        stopped the last time, and what is dropped here would be missing: it is told to begin at the beginning.
        """
        topic = self._table.changelog_topic.get_topic_name()
        for partition in partitions:
            self._app.tables.recovery.revoke(TP(topic, partition))
        for key in list(self):
            if self._partition(key) in partitions:
                self._table.data.data.pop(key.encode(), None)

    def _partition(self, key: str) -> int:
        if key.startswith(PARTITION_ENTRY):
            return int(key.removeprefix(PARTITION_ENTRY))
        return partition_of(key.split("/", 1)[0], self._partitions)
