"""Everything that an installation holds or has said, to be searched."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest
import zstandard
from kafka import KafkaConsumer, TopicPartition

from soundings.services.index.fields import PostField
from soundings.streams.codecs import decode
from soundings.streams.records import Quarantined

ZSTANDARD = b"\x28\xb5\x2f\xfd"
"""What every frame of it begins with: states are packed."""


@dataclass
class Held:
    """Everything that the system holds or has said, each piece with its place."""

    pieces: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, content: str) -> None:
        self.pieces.append((place, content))

    def with_any(self, *wanted: str) -> list[tuple[str, str]]:
        """Places that hold one of these, whatever the case, with what is round it; each place once."""
        found: dict[str, str] = {}
        for place, content in self.pieces:
            low = content.casefold()
            for each in wanted:
                at = low.find(each.casefold())
                if at >= 0:
                    found.setdefault(place, content[max(0, at - 60) : at + 60])
        return sorted(found.items())

    def of(self, place: str) -> int:
        return sum(1 for name, _ in self.pieces if name.startswith(place))

    def look_into_kafka(self, system: Any) -> list[Quarantined]:
        """Name, key, headers and value of every record of every topic of this installation; what is in quarantine."""
        prefix = system.settings.kafka.prefix
        consumer = KafkaConsumer(bootstrap_servers=system.settings.kafka.bootstrap, group_id=None)
        refused: list[Quarantined] = []
        try:
            names = sorted(name for name in consumer.topics() if name.startswith(prefix))
            parts = [
                TopicPartition(name, number) for name in names for number in consumer.partitions_for_topic(name) or ()
            ]
            consumer.assign(parts)
            consumer.seek_to_beginning(*parts)
            ends = consumer.end_offsets(parts)
            for name in names:
                self.add(f"topic name {name}", name)
            while any(consumer.position(each) < ends[each] for each in parts):
                for batch in consumer.poll(timeout_ms=1000).values():
                    for record in batch:
                        place = f"topic {record.topic.removeprefix(prefix)}"
                        self.add(place, repr((record.key, record.headers)))
                        for content in readable(record.value or b""):
                            self.add(place, content)
                        if record.topic == f"{prefix}quarantine":
                            refused.append(decode(record.value))
        finally:
            consumer.close()
        return refused

    def look_into_elasticsearch(self, system: Any) -> None:
        """Every document of every index of this installation, and the indices' names and mappings."""
        there = system.settings.elasticsearch
        system.totals()  # readable
        with httpx.Client(base_url=there.url, timeout=60) as client:
            mappings = client.get(f"/{there.prefix}-*/_mapping").json()
            self.add("index names and mappings", json.dumps(mappings))
            for index in mappings:
                kind = index.removeprefix(f"{there.prefix}-").split("-")[0]
                query: dict[str, Any] = {"size": 5000, "sort": ["_doc"]}
                while True:
                    hits = client.post(f"/{index}/_search", json=query).json()["hits"]["hits"]
                    for hit in hits:
                        self.add(f"index {kind}", json.dumps([hit["_id"], without_addresses(hit["_source"])]))
                    if len(hits) < 5000:
                        break
                    query["search_after"] = hits[-1]["sort"]

    def look_at_what_was_said(self, system: Any, addresses: set[str]) -> None:
        """Logs, metrics, files of the state. The terminal is a channel: it shows addresses, here in a worker's log."""
        for file in sorted(system.folder.rglob("*")):
            if file.is_file() and file.suffix in {".log", ".json", ".known"}:
                content = file.read_text(errors="replace")
                if file.name.startswith("alerts-"):
                    for address in addresses:
                        content = content.replace(address, "")
                self.add(f"file {file.name}", content)
        for worker in system.workers:
            address = json.loads(worker.health_file.read_text())["health"]
            for path in ("/metrics", "/health"):
                self.add(f"{path} of {worker.part}", httpx.get(address + path).text)


def without_addresses(value: Any) -> Any:
    """The record without the field `url`, however deep: a post's own public address may name its author."""
    if isinstance(value, Mapping):
        return {name: without_addresses(each) for name, each in value.items() if name != PostField.URL}
    if isinstance(value, str) and value.startswith(("{", "[")):
        # What waits is kept as JSON in JSON.
        try:
            return without_addresses(orjson.loads(value))
        except orjson.JSONDecodeError:
            return value
    return [without_addresses(each) for each in value] if isinstance(value, list) else value


def readable(raw: bytes) -> Iterator[str]:
    """Whatever can be read in bytes: JSON without addresses, packed states, and the bytes as they are."""
    try:
        yield json.dumps(without_addresses(orjson.loads(raw)), ensure_ascii=False)
        return
    except orjson.JSONDecodeError:
        yield raw.decode("utf-8", "replace")
    for found in re.finditer(re.escape(ZSTANDARD), raw):
        try:
            unpacked = zstandard.ZstdDecompressor().decompressobj().decompress(raw[found.start() :])
        except zstandard.ZstdError:
            continue
        yield unpacked.decode("utf-8", "replace")
    try:
        yield base64.b64decode(raw, validate=True).decode("utf-8", "replace")
    except ValueError:
        return


@pytest.fixture
def held() -> Held:
    return Held()
