"""Both nodes for as long as a block lasts: what tests and benchmarks stand on."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from soundings.deploy.local import elasticsearch, kafka
from soundings.deploy.local.elasticsearch import ElasticsearchNode
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.jars import provide
from soundings.deploy.local.kafka import KafkaNode
from soundings.deploy.local.logs import tail
from soundings.deploy.local.parts import Part, reap, spawn
from soundings.deploy.local.ports import choose_many
from soundings.services.settings import load

LOOK_SECONDS = 0.2
"""Not felt by a person, no load for the machine."""
END_SECONDS = 10.0
"""Both close in about one; this is the limit that every process of Soundings keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    kafka_bootstrap: str
    elasticsearch_url: str
    pids: Mapping[str, int]


@contextmanager
def local_stack(folder: Path, *, cache: Path | None = None) -> Iterator[Stack]:
    """A fresh Kafka and a fresh Elasticsearch on free ports, their data under `folder`; stopped after the block.

    Call it from a thread that lasts as long as the block: the nodes are tied to it (see `tether`).

    Args:
        cache: Folder of jars; the configured one by default.

    Raises:
        StackError: a node did not come up; the message ends with the last lines of its log.
    """
    jars = provide(cache or load().cache, console=Console(stderr=True))
    broker, controller, http, transport = choose_many(0, 0, 0, 0)
    logs = folder / "logs"
    store = ElasticsearchNode(jars=jars, home=folder / "elasticsearch", logs=logs, port=http, transport_port=transport)
    queue = KafkaNode(jars=jars, home=folder / "kafka", logs=logs, port=broker, controller_port=controller)
    running: list[tuple[Part, subprocess.Popen[bytes]]] = []
    try:
        for part in (elasticsearch.part(store), kafka.part(queue)):  # the slower one first
            running.append((part, spawn(part)))
        for part, process in running:
            await_ready(part, process)
        yield Stack(
            kafka_bootstrap=queue.bootstrap,
            elasticsearch_url=store.url,
            pids={part.name: process.pid for part, process in running},
        )
    finally:
        for _, process in running:
            process.terminate()
        for _, process in running:
            reap(process, seconds=END_SECONDS)


def await_ready(part: Part, process: subprocess.Popen[bytes]) -> None:
    """Returns when the part answers.

    Raises:
        StackError: it ended, or did not answer in the time it has.
    """
    deadline = time.monotonic() + part.patience
    while why := part.ready():
        if process.poll() is not None:
            raise StackError(f"{part.name} ended with {process.returncode} while starting\n{tail(part.log)}")
        if time.monotonic() > deadline:
            raise StackError(f"{part.name} is not ready after {part.patience:.0f} s: {why}\n{tail(part.log)}")
        time.sleep(LOOK_SECONDS)
