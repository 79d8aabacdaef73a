"""What the commands of retention do: one run, the daily process, holds; each over Elasticsearch."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson
import structlog

from soundings.deploy.local.terminal_log import expire
from soundings.services.domain.holds import Hold, HoldAction, HoldStep
from soundings.services.domain.retention import RetentionRun
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.holds import ElasticsearchHolds
from soundings.services.index.shelves import ElasticsearchShelves
from soundings.services.intake.accounts import load_accounts
from soundings.services.retention import holds as decide
from soundings.services.retention.daily import daily
from soundings.services.retention.job import Retention
from soundings.services.retention.plan import EVERY, Limits
from soundings.services.settings import ElasticsearchSettings, Settings
from soundings.streams.health import Health
from soundings.streams.health import serve as serve_health
from soundings.streams.logs import set_up_logs

PART = "retention"

AGAIN_S = 3_600.0
"""Seconds until the terminal's log is tried again: a disk that is full is seen to within a day."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Retention]:
    """Everything that a run needs; raises SettingsError where the settings cannot be meant."""
    there = settings.elasticsearch
    index, shelves, holds = ElasticsearchIndex.at(there), ElasticsearchShelves.at(there), ElasticsearchHolds.at(there)
    privacy = settings.privacy
    limits = Limits(text_days=privacy.text_days, counts_days=privacy.counts_days)
    try:
        yield Retention(index=index, shelves=shelves, holds=holds, limits=limits)
    finally:
        for each in (index, shelves, holds):
            await each.close()


async def once(settings: Settings) -> RetentionRun:
    """Raises IndexUnavailable: what was removed until then is removed, nothing was recorded."""
    set_up_logs(part=PART)  # on standard error: the report is what stands on standard output
    async with opened(settings) as retention:
        return await retention.run(datetime.now(UTC))


def serve(settings: Settings) -> int:
    """The daily process, until SIGTERM or SIGINT; the exit code."""
    set_up_logs(part=PART)
    health = Health(PART)
    file = os.environ.get("SOUNDINGS_HEALTH_FILE")
    where = settings.health
    address = serve_health(health, Path(file) if file else None, host=where.host, port=where.port)
    structlog.get_logger().info("health", address=address)
    threading.Thread(target=_terminal, args=(settings,), name="terminal log", daemon=True).start()
    asyncio.run(_until_stopped(settings, health))
    return 0


def _terminal(settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
    """Needs no server, so it does not wait for one. Never returns."""
    while True:
        wait = EVERY.total_seconds()
        try:
            expire(settings.state, settings.privacy.text_days, datetime.now(UTC))
        except OSError as error:
            structlog.get_logger().error("the terminal log is kept for too long", why=error.strerror)
            wait = AGAIN_S
        sleep(wait)


async def _until_stopped(settings: Settings, health: Health) -> None:
    async with opened(settings) as retention:
        task = asyncio.create_task(daily(retention, health, lambda: datetime.now(UTC)))
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, task.cancel)
        health.ready()
        with suppress(asyncio.CancelledError):  # stopped in the middle of a run, the next one does the rest
            await task


async def place(settings: Settings, item: str, *, who: str, why: str, until: datetime | None) -> Hold:
    """Raises ValueError: it cannot be held so. IndexUnavailable, HoldChanged: nothing is held yet."""
    book = load_accounts(settings.accounts) if settings.accounts else None
    new = decide.named(item, book)
    step = HoldStep(at=datetime.now(UTC), who=who, action=HoldAction.PLACED, why=why, until=until)
    async with _holds(settings.elasticsearch) as store:
        hold = decide.placed(await store.get(new.item), new, step)
        await store.put(hold)
    return hold


async def release(settings: Settings, item: str, *, who: str, why: str) -> Hold:
    """Raises NoSuchHold, ValueError; IndexUnavailable, HoldChanged: it still stands."""
    step = HoldStep(at=datetime.now(UTC), who=who, action=HoldAction.RELEASED, why=why)
    async with _holds(settings.elasticsearch) as store:
        hold = decide.released(await store.get(item.strip()), item, step)
        await store.put(hold)
    return hold


async def holds(settings: Settings, *, every: bool) -> tuple[Hold, ...]:
    """Those that stand, or all there ever were."""
    async with _holds(settings.elasticsearch) as store:
        found = await store.all()
    return found if every else decide.standing(found, datetime.now(UTC))


def report(run: RetentionRun) -> Iterator[str]:
    """A run for a person, line by line."""
    yield f"text is kept for {run.text_days} days, counts for {run.counts_days}"
    for kind, each in sorted(run.kinds.items()):
        held = f", {each.held:,} kept for a hold" if each.held else ""
        yield f"{kind}: {each.removed:,} removed{held}"
    if not run.kinds:
        yield "nothing was due"
    if run.months:
        yield f"{run.months:,} monthly indices dropped whole"
    if run.pseudonyms:
        yield f"{run.pseudonyms:,} statements no longer name whom they answer"
    yield f"{run.holds:,} holds stand; it took {run.seconds:.1f} s"


def described(hold: Hold) -> Iterator[str]:
    """A hold for a person, line by line, oldest step first."""
    stands = "held" if hold.holds(datetime.now(UTC)) else f"not held: {decide.ended(hold)}"
    yield f"{hold.item} ({hold.kind.value}): {stands}"
    for step in hold.history:
        until = f" until {step.until:%Y-%m-%d}" if step.until else ""
        yield f"  {step.at:%Y-%m-%d %H:%M}Z {step.action.value}{until} by {step.who}: {step.why}"


def as_json(answer: RetentionRun | Sequence[Hold]) -> str:
    content = asdict(answer) if isinstance(answer, RetentionRun) else [asdict(hold) for hold in answer]
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


@asynccontextmanager
async def _holds(settings: ElasticsearchSettings) -> AsyncIterator[ElasticsearchHolds]:
    store = ElasticsearchHolds.at(settings)
    try:
        yield store
    finally:
        await store.close()
