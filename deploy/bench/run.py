"""The whole measurement, in one go on one stack, so that its figures can be compared with each other."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from soundings.deploy.bench import delay
from soundings.deploy.bench.copying import copy
from soundings.deploy.bench.installation import KEY, Installation
from soundings.deploy.bench.receiver import receiver
from soundings.deploy.bench.taken import Taken
from soundings.deploy.local.stack import local_stack
from soundings.services.domain.alerts import Alert
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.settings import Settings
from soundings.streams.ingest import Ingest
from soundings.streams.quarantine import Seal
from soundings.streams.sources.replay import Pace, Replay

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast the same records went by different ways."""

    received: int
    """Posts in the file."""
    records: int
    """In `mentions.raw`: posts that address nobody are not there, one that addresses two departments is there twice."""
    ingest: float
    pipeline: float
    copy: float
    """All in records a second."""
    pipeline_work: float
    copy_work: float
    """Processor milliseconds a record, servers included: hardly depend on what else the machine does."""


def measure(configured: Settings, file: Path, folder: Path, say: Say) -> dict[str, object]:
    """Start a stack under `folder`, measure, stop it.

    Args:
        configured: With the accounts; its servers are not used.
        say: Told what is being done.

    Returns:
        The figures, ready for JSON.

    Raises:
        StackError: a server or a worker did not start, or something took far too long.
        SourceFailed: the file cannot be read.
    """
    began, load = time.monotonic(), os.getloadavg()[0]
    say("starting Kafka and Elasticsearch")
    with local_stack(folder) as stack, Taken(stack.pids) as taken, receiver() as channel:
        fast = Installation.make(configured, stack, folder, "fast", channel)
        speed, alerts = _speed(fast, file, taken, say)
        slow = Installation.make(configured, stack, folder, "slow", channel)
        waits = _delays(slow, file, alerts, taken, say)
    return {
        "mentions": speed.records,
        "posts": speed.received,
        "pipeline_mentions_per_second": round(speed.pipeline),
        "bare_copy_per_second": round(speed.copy),
        "ratio": round(speed.pipeline / speed.copy, 3),
        "processor_ms_per_mention": {
            "pipeline": round(speed.pipeline_work, 3),
            "bare_copy": round(speed.copy_work, 3),
        },
        "ingest_per_second": round(speed.ingest),
        "alert_delay_seconds": {"p50": delay.share(waits, 0.5), "p99": delay.share(waits, 0.99), "alerts": len(waits)},
        "peak_memory_mib": taken.megabytes(),
        "took_seconds": round(time.monotonic() - began),
        "cores": os.cpu_count(),
        "load_before": round(load, 2),
    }


def _speed(here: Installation, file: Path, taken: Taken, say: Say) -> tuple[Speed, tuple[Alert, ...]]:
    """All records are in Kafka before anybody reads them: source and reader do not share the machine.

    The copy is made before and after the pipeline and its better time counts: Elasticsearch is slower when it is new.
    """
    say("sending the posts into Kafka")
    start = time.monotonic()
    received = _ingest(here).run(_replay(here, file)).received
    sent = time.monotonic() - start
    say("the bare copy")
    records, first, _ = _copied(here, "copy-1", taken)
    say(f"the pipeline: {records:,} records")
    with here.working(taken) as start:
        before = taken.processor_seconds()
        worked = here.worked_off() - start
        work = taken.processor_seconds() - before
    say("the bare copy again")
    _, second, copy_work = _copied(here, "copy-2", taken)
    speed = Speed(
        received=received,
        records=records,
        ingest=records / sent,
        pipeline=records / worked,
        copy=records / min(first, second),
        pipeline_work=1000 * work / records,
        copy_work=1000 * copy_work / records,
    )
    return speed, delay.outcome(here.settings.elasticsearch)[0]


def _copied(here: Installation, index: str, taken: Taken) -> tuple[int, float, float]:
    """Records, seconds, processor seconds of this process and the servers."""
    before = taken.processor_seconds() + time.process_time()
    records, seconds = copy(here.settings, index)
    return records, seconds, taken.processor_seconds() + time.process_time() - before


def _delays(here: Installation, file: Path, alerts: tuple[Alert, ...], taken: Taken, say: Say) -> list[float]:
    """The same file decides the same alerts at the same minutes: it is known where to go slowly."""
    say(f"the delay of {len(alerts)} alerts")
    source = delay.Stepped(_replay(here, file), [alert.at for alert in alerts], here.worked_off)
    with here.working(taken):
        _ingest(here).run(source)
        here.worked_off()
    return delay.delays(source.told, *delay.outcome(here.settings.elasticsearch))


def _replay(here: Installation, file: Path) -> Replay:
    book = load_accounts(here.settings.accounts)
    return Replay(file, book, Pseudonyms(KEY, book.named), Pace())


def _ingest(here: Installation) -> Ingest:
    return Ingest(here.settings.kafka, load_accounts(here.settings.accounts), Seal(KEY))
