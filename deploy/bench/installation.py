"""One installation on the bench's servers: topics, indices and workers of its own, told apart by a prefix."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from soundings.deploy.bench.taken import Taken
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.parts import Part, reap, spawn
from soundings.deploy.local.preparation import prepare
from soundings.deploy.local.stack import Stack, await_ready
from soundings.deploy.local.workers import WORKERS, worker_parts
from soundings.services.settings import ElasticsearchSettings, KafkaSettings, Settings
from soundings.streams.lag import lags

KEY = "a key of pseudonyms for benchmarks only"

LOOK_SECONDS = 0.3
"""Between questions for what waits: each costs some milliseconds of the machine that is being measured."""

PATIENCE = 900.0
"""Seconds for all posts to be worked off: ten times what two busy cores need for the scenario."""

END_SECONDS = 10.0
"""What every process of Soundings has to end in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    settings: Settings
    parts: Mapping[str, Part]
    """The workers, by name; none runs yet."""

    @classmethod
    def make(
        cls, configured: Settings, stack: Stack, folder: Path, name: str, extra: Mapping[str, str]
    ) -> "Installation":
        """Create its topics and indices.

        Args:
            configured: With the accounts.
            extra: Environment for the workers.

        Raises:
            StackError: a server refuses.
        """
        settings = configured.model_copy(
            update={
                "kafka": KafkaSettings(bootstrap=stack.kafka_bootstrap, prefix=f"{name}-"),
                "elasticsearch": ElasticsearchSettings(url=stack.elasticsearch_url, prefix=name),
                "state": folder / name,
                "data_dir": folder / name,
            }
        )
        prepare(settings)
        more = {
            "SOUNDINGS_KAFKA__PREFIX": settings.kafka.prefix,
            "SOUNDINGS_ELASTICSEARCH__PREFIX": settings.elasticsearch.prefix,
            "SOUNDINGS_CONFIG": str(folder),
            **extra,
        }
        parts = (
            # What a worker says must not get between the lines of JSON.
            replace(part, env={**part.env, **more}, speaks=False)
            for part in worker_parts(settings, KEY, workers=WORKERS)
        )
        return cls(settings=settings, parts={part.name.removesuffix("-0"): part for part in parts})

    @contextmanager
    def working(self, taken: Taken) -> Iterator[float]:
        """All workers at work for the length of the block; yields the moment (monotonic) when intake took its place.

        Intake comes last: until then nothing moves, so that no worker's start is counted.
        """
        running: list[tuple[Part, subprocess.Popen[bytes]]] = []
        try:
            for name, part in sorted(self.parts.items(), key=lambda item: item[0] == "intake"):
                if name == "intake":
                    for earlier, process in running:
                        await_ready(earlier, process)
                process = spawn(part)
                running.append((part, process))
                taken.watch(name, process.pid)
            await_ready(*running[-1])
            yield time.monotonic()
        finally:
            for _, process in running:
                process.terminate()
            for _, process in running:
                reap(process, seconds=END_SECONDS)

    def worked_off(self) -> float:
        """Wait until no part has anything left to read; returns the moment (monotonic) when that was first so.

        Raises:
            StackError: it takes too long.
        """
        deadline = time.monotonic() + PATIENCE
        quiet: float | None = None
        while time.monotonic() < deadline:
            looked = time.monotonic()
            if any(lags(self.settings.kafka).values()):
                quiet = None
            elif quiet is not None:  # twice in a row: a record may be between two topics at the first look
                return quiet
            else:
                quiet = looked
            time.sleep(LOOK_SECONDS)
        raise StackError(f"Not worked off after {PATIENCE:.0f} s: {lags(self.settings.kafka)}")
