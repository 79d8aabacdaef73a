"""One run of retention: removes what is due, keeps what is held, and records what it did."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from soundings.services import metrics
from soundings.services.domain.retention import Retained, RetentionRun
from soundings.services.index.fields import Kind
from soundings.services.index.port import Index
from soundings.services.retention.plan import Due, Limits, nameless, plan, whole
from soundings.services.retention.reach import ReachAnew
from soundings.services.retention.store import HoldStore, Shelves

AT_ONCE = 1_000
"""Documents removed with one request, after one look at the holds: a page of a scan."""

log = structlog.get_logger()

T = TypeVar("T")


@dataclass(slots=True)
class _Tally:
    removed: int = 0
    held: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Not for two at once; a second run finds nothing that the first one left."""

    index: Index
    shelves: Shelves
    holds: HoldStore
    limits: Limits

    async def run(self, now: datetime) -> RetentionRun:
        """Remove everything that is due.

        Raises:
            IndexUnavailable: the server went away; what was removed until then is removed, and nothing is recorded.
        """
        began = time.monotonic()
        held = ReachAnew(self.holds, self.index, now)
        tallies: dict[Kind, _Tally] = {}
        for due in plan(self.limits, now):
            tallies[due.kind] = await self._clear(due, held)
        pseudonyms = await self._unname(now - timedelta(days=self.limits.text_days), held)
        await self.shelves.settle([kind for kind, tally in tallies.items() if tally.removed])
        run = RetentionRun(
            at=now,
            seconds=round(time.monotonic() - began, 3),
            text_days=self.limits.text_days,
            counts_days=self.limits.counts_days,
            kinds=_kinds(tallies),
            months=sum(tally.months for tally in tallies.values()),
            pseudonyms=pseudonyms,
            holds=len((await held.read()).holds),
        )
        await self.shelves.record(run)
        _tell(run)
        return run

    async def _clear(self, due: Due, held: ReachAnew) -> _Tally:
        """The holds are read again before each removal: one may be placed while this goes on."""
        tally = _Tally()
        for month in await self.shelves.months(due.kind):
            if not whole(month.part, due.before):
                continue
            if (await held.read()).holds:  # a hold may reach into any month: then each document is looked at
                break
            tally.removed += await self.shelves.drop(month)
            tally.months += 1
        async for batch in _batches(self.shelves.due(due.kind, due.before)):
            kept = await held.read()
            free = [document for document in batch if kept.over(document) is None]
            tally.held += len(batch) - len(free)
            tally.removed += await self.shelves.remove(free)
        return tally

    async def _unname(self, before: datetime, held: ReachAnew) -> int:
        """Take pseudonyms out of statements, which are kept for longer than any pseudonym."""
        changed = 0
        async for batch in _batches(self.shelves.naming(before)):
            kept = await held.read()
            free = [nameless(statement) for statement in batch if kept.over_post(statement.post) is None]
            await self.shelves.rewrite(free)
            changed += len(free)
        return changed


async def _batches(found: AsyncIterator[T]) -> AsyncIterator[list[T]]:
    batch: list[T] = []
    async for each in found:
        batch.append(each)
        if len(batch) >= AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _kinds(tallies: Mapping[Kind, _Tally]) -> Mapping[str, Retained]:
    return {
        kind.value: Retained(removed=tally.removed, held=tally.held)
        for kind, tally in tallies.items()
        if tally.removed or tally.held
    }


def _tell(run: RetentionRun) -> None:
    """Counts only."""
    for kind in Kind:  # also those in which nothing was due: what a hold kept yesterday must not stand there for good
        each = run.kinds.get(kind.value, Retained())
        metrics.RETENTION_REMOVED.labels(kind.value).inc(each.removed)
        metrics.RETENTION_HELD.labels(kind.value).set(each.held)
    metrics.RETENTION_RAN.set(run.at.timestamp())
    log.info(
        "retention ran",
        removed={kind: each.removed for kind, each in run.kinds.items() if each.removed},
        held={kind: each.held for kind, each in run.kinds.items() if each.held},
        months=run.months,
        pseudonyms=run.pseudonyms,
        holds=run.holds,
        seconds=run.seconds,
    )
