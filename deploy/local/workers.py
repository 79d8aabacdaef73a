"""The workers as parts of the stack."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from soundings.deploy.local import logs
from soundings.deploy.local.parts import Part
from soundings.deploy.local.probes import health_answers
from soundings.deploy.local.supervised import health_address
from soundings.services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    part: str
    """As `soundings.streams.worker` knows it."""
    scales: bool = True
    """More instances share the partitions."""


WORKERS = (
    Worker(part="intake"),
    Worker(part="firestorms"),
    Worker(part="themes"),
    Worker(part="indexing"),
    Worker(part="alerts"),
)


def worker_parts(
    settings: Settings, key: str = "", *, workers: Sequence[Worker] = WORKERS, instances: int = 1
) -> tuple[Part, ...]:
    """Every instance of every worker, told where Kafka and Elasticsearch are.

    Args:
        settings: With the servers' addresses filled in.
        key: Of pseudonyms; empty if the workers find it in their own settings.
    """
    return tuple(
        _part(settings, worker.part, instance, key)
        for worker in workers
        for instance in range(instances if worker.scales else 1)
    )


def _part(settings: Settings, worker: str, instance: int, key: str) -> Part:
    name = f"{worker}-{instance}"
    health_file = settings.state / "health" / f"{name}.json"
    return Part(
        name=name,
        argv=(sys.executable, "-m", "soundings.streams.worker", worker, "--instance", str(instance)),
        ready=partial(asked, health_file),
        log=logs.folder_of(settings.state) / f"{name}.log",
        env=environment(settings, health_file, key),
        speaks=True,
        health_file=health_file,
    )


def retention_part(settings: Settings) -> Part:
    """The daily removal of what has been kept for its time. It needs no key: pseudonyms are only ever removed."""
    name = "retention"
    health_file = settings.state / "health" / f"{name}.json"
    return Part(
        name=name,
        argv=(sys.executable, "-m", "soundings.deploy", "retention", "run", "--daily"),
        ready=partial(asked, health_file),
        log=logs.folder_of(settings.state) / f"{name}.log",
        env=environment(settings, health_file, ""),
        health_file=health_file,
    )


def everything(settings: Settings, key: str = "", *, instances: int = 1) -> tuple[Part, ...]:
    """What runs beside the servers."""
    return (*worker_parts(settings, key, instances=instances), retention_part(settings))


def environment(settings: Settings, health_file: Path, key: str) -> dict[str, str]:
    """What a worker needs to know, and the folders, so that it agrees with the supervisor about them."""
    values = {
        "SOUNDINGS_KAFKA__BOOTSTRAP": settings.kafka.bootstrap,
        "SOUNDINGS_ELASTICSEARCH__URL": settings.elasticsearch.url,
        "SOUNDINGS_HEALTH_FILE": str(health_file),
        "SOUNDINGS_DATA_DIR": str(settings.data_dir),
        "SOUNDINGS_STATE": str(settings.state),
        "SOUNDINGS_CACHE": str(settings.cache),
    }
    if settings.accounts:
        values["SOUNDINGS_ACCOUNTS"] = str(settings.accounts.resolve())
    if key:
        values["SOUNDINGS_PRIVACY__PSEUDONYM_KEY"] = key
    return values


def asked(health_file: Path) -> str:
    return health_answers(health_address(health_file))
