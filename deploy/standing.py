"""What `soundings status` says: every part, source and account, each asked now and by itself."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from threading import Thread
from typing import Any, TypeVar

from soundings.services.domain.clock import STALE_AFTER

T = TypeVar("T")

PATIENCE = 6.0
"""Seconds for one question: on a busy machine the slowest takes about one, and who asks for the status waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStatus:
    name: str
    ready: bool
    note: str
    memory_mb: int
    restarts: int
    lag: int | None
    """Records that wait for it; None where that means nothing or cannot be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    name: str
    received: int
    live: bool
    ended: bool
    stale: bool
    up_to: str
    """Event time of the last tick."""
    late: int
    gaps: tuple[str, ...]
    problem: str
    """Why a live source is not connected; empty if it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionStatus:
    ran: str
    """When it last began; empty: never."""
    removed: int
    held: int
    """Due, and kept for a hold."""
    holds: int
    overdue: bool
    """It should have run, and did not for a day and more: what is promised about deletion is not being kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    up: bool
    parts: tuple[PartStatus, ...] = ()
    sources: tuple[SourceStatus, ...] = ()
    received: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    under_way: int | None = None
    """Received and not yet worked off."""
    index: dict[str, int] = field(default_factory=dict)
    retention: RetentionStatus | None = None
    """None where it could not be asked."""
    unknown: tuple[str, ...] = ()
    """What could not be asked, and why."""

    @property
    def healthy(self) -> bool:
        silent = any(source.stale or source.problem for source in self.sources)
        late = self.retention is not None and self.retention.overdue
        return self.up and not silent and not late and not self.unknown and all(part.ready for part in self.parts)


def gather(settings: Any) -> Status:
    """Ask every part, each by itself: one that is down hides no other."""
    from soundings.deploy.commands.target import target_of
    from soundings.deploy.local.reports import probe_parts
    from soundings.services.settings import SettingsError

    reports = probe_parts(settings)
    try:
        settings = target_of(settings)
    except SettingsError as error:
        return Status(up=False, unknown=(str(error),))
    unknown: list[str] = []
    # What the probes found is not asked again: each question to a frozen server costs its whole patience.
    found = {report.name: report.why_not for report in reports}
    kafka = found["kafka"] if "kafka" in found else _kafka_down(settings)
    waiting = _ask_kafka(settings, "what waits", unknown, _lags, kafka)
    ledger = _ask_kafka(settings, "the ledger", unknown, _ledger, kafka)
    return Status(
        up=True,
        parts=tuple(
            PartStatus(
                name=report.name,
                ready=report.ready,
                note=report.why_not or _waits_for(report),
                memory_mb=report.memory // 2**20,
                restarts=report.restarts,
                lag=(waiting or {}).get(report.name.rsplit("-", 1)[0]),
            )
            for report in reports
        ),
        sources=tuple(_source(entry) for entry in ledger.sources.values()) if ledger else (),
        received=ledger.received if ledger else None,
        counts={str(fate): number for fate, number in ledger.tally.counts.items()} if ledger else {},
        under_way=ledger.under_way if ledger else None,
        index=_totals(settings, unknown, found.get("elasticsearch")),
        # Where the index has just been asked in vain, this is not asked, and not named a second time.
        retention=None if any(each.startswith("the index") for each in unknown) else _retention(settings, unknown),
        unknown=tuple(unknown),
    )


def _kafka_down(settings: Any) -> str:
    from soundings.deploy.local.probes import kafka_answers

    return kafka_answers(settings.kafka)


def _ask_kafka(settings: Any, what: str, unknown: list[str], question: Callable[[Any], Any], why: str) -> Any:
    """The answer, or None and an entry in `unknown`. `why`: what the probe says is wrong with Kafka, or nothing."""
    from kafka.errors import KafkaError

    # Kafka's clients wait long for a broker that is down; the probe has told at once.
    if why:
        unknown.append(f"{what}: Kafka is down ({why})")
        return None
    try:
        return _in_time(partial(question, settings.kafka))
    except (KafkaError, TimeoutError) as error:
        unknown.append(f"{what}: Kafka does not answer ({type(error).__name__})")
        return None


def _in_time(question: Callable[[], T]) -> T:
    """The answer of a client that may wait much longer for a server which went away after the probe.

    Raises:
        TimeoutError: none came within `PATIENCE`; the thread that waits for it ends with the process.
    """
    answer: Future[T] = Future()

    def ask() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:  # whatever it is belongs to the thread that waits
            answer.set_exception(error)

    Thread(target=ask, name="question", daemon=True).start()
    return answer.result(PATIENCE)


def _lags(kafka: Any) -> Any:
    from soundings.streams.lag import lags

    return lags(kafka)


def _ledger(kafka: Any) -> Any:
    from soundings.streams.ledger import read_ledger

    return read_ledger(kafka)


def _waits_for(report: Any) -> str:
    """A worker's own word about what it waits for."""
    import httpx

    if not report.ready or not report.address.startswith("http") or report.name == "elasticsearch":
        return ""
    try:
        waiting = httpx.get(f"{report.address}/health", timeout=2.0).json().get("waiting_for", [])
    except (httpx.HTTPError, ValueError):
        return ""
    return "waits for " + ", ".join(waiting) if waiting else ""


def _source(entry: Any) -> SourceStatus:
    # The tick, not the writing: a source that is cut off still writes its account, but nothing is delivered.
    silent = datetime.now(UTC) - min(entry.at, entry.tick or entry.at)
    return SourceStatus(
        name=entry.name.removeprefix("source/"),
        received=entry.received,
        live=entry.live,
        ended=entry.ended,
        stale=entry.live and not entry.ended and silent > STALE_AFTER,
        up_to=entry.tick.isoformat(timespec="minutes") if entry.tick else "",
        late=entry.late,
        gaps=entry.gaps,
        problem=entry.problem,
    )


def _totals(settings: Any, unknown: list[str], why: str | None) -> dict[str, int]:
    """Documents by kind. `why`: what the probe says is wrong with Elasticsearch; None if there was no probe."""
    import asyncio

    from soundings.deploy.local.probes import elasticsearch_answers
    from soundings.services.index.elastic import ElasticsearchIndex
    from soundings.services.index.port import IndexMismatch, IndexUnavailable

    async def ask() -> dict[str, int]:
        index = ElasticsearchIndex.at(settings.elasticsearch)
        try:
            return dict(await index.totals())
        finally:
            await index.close()

    if why is None:
        why = elasticsearch_answers(settings.elasticsearch)
    if why:
        unknown.append(f"the index: Elasticsearch is down ({why})")
        return {}
    try:
        return _in_time(lambda: asyncio.run(ask()))
    except (IndexUnavailable, IndexMismatch, TimeoutError) as error:
        unknown.append(f"the index: {error or 'no answer'}")
        return {}


def _retention(settings: Any, unknown: list[str]) -> RetentionStatus | None:
    import asyncio

    from soundings.services.index.port import IndexUnavailable
    from soundings.services.index.shelves import ElasticsearchShelves

    async def ask() -> Any:
        shelves = ElasticsearchShelves.at(settings.elasticsearch)
        try:
            return await shelves.last_run()
        finally:
            await shelves.close()

    try:
        return of_run(_in_time(lambda: asyncio.run(ask())), datetime.now(UTC))
    except (IndexUnavailable, TimeoutError) as error:
        unknown.append(f"retention: {error or 'no answer'}")
        return None


def of_run(run: Any, now: datetime) -> RetentionStatus:
    """What is to be said of the last run; None: there was none yet, as in the first minute of an installation."""
    from soundings.services.retention.plan import EVERY

    if run is None:
        return RetentionStatus(ran="", removed=0, held=0, holds=0, overdue=False)
    return RetentionStatus(
        ran=run.at.isoformat(timespec="minutes"),
        removed=run.removed,
        held=run.held,
        holds=run.holds,
        overdue=now - run.at > 2 * EVERY,
    )
