"""From settings to parts: which servers are ours to start, where they listen, what the workers are told."""

import time
from dataclasses import dataclass
from pathlib import Path

from soundings.deploy.local import elasticsearch, kafka, logs, ports
from soundings.deploy.local.elasticsearch import ElasticsearchNode
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.kafka import KafkaNode
from soundings.deploy.local.parts import Part
from soundings.deploy.local.state import PartState
from soundings.services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    settings: Settings
    """With the addresses of both servers filled in."""
    nodes: tuple[Part, ...]
    """Those that are ours to start."""
    external: tuple[PartState, ...]
    """Those that were configured and are somebody else's to run."""


def embedded(settings: Settings) -> bool:
    """Whether any server is ours to start, and so whether jars are needed."""
    return not (settings.kafka.bootstrap and settings.elasticsearch.url)


def servers(settings: Settings, jars: Path) -> Servers:
    """Decides on ports; starts nothing.

    Raises:
        StackError: a configured port is taken.
    """
    nodes: list[Part] = []
    outside: list[PartState] = []
    taken: set[int] = set()
    if settings.kafka.bootstrap:
        outside.append(_external("kafka", settings.kafka.bootstrap))
    else:
        queue = _kafka(settings, jars, taken)
        nodes.append(kafka.part(queue))
        settings = with_addresses(settings, kafka=queue.bootstrap)
    if settings.elasticsearch.url:
        outside.append(_external("elasticsearch", settings.elasticsearch.url))
    else:
        store = _elasticsearch(settings, jars, taken)
        nodes.append(elasticsearch.part(store))
        settings = with_addresses(settings, elasticsearch=store.url)
    return Servers(settings=settings, nodes=tuple(nodes), external=tuple(outside))


def with_addresses(settings: Settings, *, kafka: str = "", elasticsearch: str = "") -> Settings:
    """The same settings, pointing at these servers."""
    return settings.model_copy(
        update={
            "kafka": settings.kafka.model_copy(update={"bootstrap": kafka or settings.kafka.bootstrap}),
            "elasticsearch": settings.elasticsearch.model_copy(
                update={"url": elasticsearch or settings.elasticsearch.url}
            ),
        }
    )


def _kafka(settings: Settings, jars: Path, taken: set[int]) -> KafkaNode:
    return KafkaNode(
        jars=jars,
        home=settings.data_dir / "kafka",
        logs=logs.folder_of(settings.state),
        port=_port("KAFKA_PORT", settings.stack.kafka_port, 9092, taken),
        controller_port=_port("CONTROLLER_PORT", settings.stack.controller_port, 9093, taken),
        heap=settings.stack.kafka_heap,
    )


def _elasticsearch(settings: Settings, jars: Path, taken: set[int]) -> ElasticsearchNode:
    return ElasticsearchNode(
        jars=jars,
        home=settings.data_dir / "elasticsearch",
        logs=logs.folder_of(settings.state),
        port=_port("ELASTICSEARCH_PORT", settings.stack.elasticsearch_port, 9200, taken),
        transport_port=_port("TRANSPORT_PORT", settings.stack.transport_port, 9300, taken),
        heap=settings.stack.elasticsearch_heap,
    )


def _port(name: str, configured: int, usual: int, taken: set[int]) -> int:
    if configured and (configured in taken or not ports.is_free(configured)):
        raise StackError(
            f"SOUNDINGS_STACK__{name} is {configured}, and something listens there already. "
            "Name another port, or 0 for any that is free."
        )
    found = configured or ports.choose(usual, taken=frozenset(taken))
    taken.add(found)
    return found


def _external(name: str, address: str) -> PartState:
    return PartState(name=name, process=None, since=time.time(), external=True, address=address)
