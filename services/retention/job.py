"""One run of retention: removes what is due, keeps what is held, and records what it did."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from soundings.services import metrics
from soundings.services.domain.holds import Hold
from soundings.services.domain.posts import Statement
from soundings.services.domain.retention import Retained, RetentionRun
from soundings.services.index.fields import Kind
from soundings.services.index.port import Index
from soundings.services.retention.plan import Due, Limits, nameless, plan, whole
from soundings.services.retention.reach import Reach, reach
from soundings.services.retention.store import HoldStore, Shelves, Stored

AT_ONCE = 1_000
"""Documents removed with one request: a page of a scan."""

log = structlog.get_logger()


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
        kept = await reach(self.holds, self.index, now)
        tallies: dict[Kind, _Tally] = {}
        for due in plan(self.limits, now):
            tallies[due.kind] = await self._clear(due, kept)
        pseudonyms = await self._unname(now - timedelta(days=self.limits.text_days), kept)
        await self.shelves.settle([kind for kind, tally in tallies.items() if tally.removed])
        run = RetentionRun(
            at=now,
            seconds=round(time.monotonic() - began, 3),
            text_days=self.limits.text_days,
            counts_days=self.limits.counts_days,
            kinds=_kinds(tallies),
            months=sum(tally.months for tally in tallies.values()),
            pseudonyms=pseudonyms,
            holds=len(kept.holds),
        )
        await self.shelves.record(run)
        _tell(run)
        return run

    async def _clear(self, due: Due, kept: Reach) -> _Tally:
        tally = _Tally()
        if not kept.holds:  # a hold may reach into any month: then each document is looked at
            for month in await self.shelves.months(due.kind):
                if whole(month.part, due.before):
                    tally.removed += await self.shelves.drop(month)
                    tally.months += 1
        batch: list[Stored] = []
        async for document in self.shelves.due(due.kind, due.before):
            if kept.over(document) is not None:
                tally.held += 1
                continue
            batch.append(document)
            if len(batch) >= AT_ONCE:
                tally.removed += await self.shelves.remove(batch)
                batch.clear()
        tally.removed += await self.shelves.remove(batch) if batch else 0
        return tally

    async def _unname(self, before: datetime, kept: Reach) -> int:
        """Take pseudonyms out of statements, which are kept for longer than any pseudonym."""
        changed = 0
        batch: list[Statement] = []
        async for statement in self.shelves.naming(before):
            if _held(statement, kept) is not None:
                continue
            batch.append(nameless(statement))
            if len(batch) >= AT_ONCE:
                changed += await self._rewrite(batch)
                batch.clear()
        return changed + (await self._rewrite(batch) if batch else 0)

    async def _rewrite(self, statements: Sequence[Statement]) -> int:
        await self.shelves.rewrite(statements)
        return len(statements)


def _held(statement: Statement, kept: Reach) -> Hold | None:
    return kept.over_post(statement.post)


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
