"""A backtest for one or several alert budgets, put into words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from soundings.services.domain.accounts import AccountBook
from soundings.services.firestorms.archive import Taken
from soundings.services.firestorms.budget import USUAL_BUDGET
from soundings.services.firestorms.scoring import Event, Score, score
from soundings.services.firestorms.told import Outcome, Told, run
from soundings.services.firestorms.watch import Watch

LEARNING_DAYS = 7
"""The first days of an archive are not scored: every hour of the week must have been seen once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """An archive decided with one budget."""

    budget: float
    """Needless alerts a week that are bearable."""
    outcome: Outcome


def run_all(
    events: Iterable[Taken | datetime], book: AccountBook, budgets: Sequence[float], *, usual: float = USUAL_BUDGET
) -> list[Test]:
    """One test for each budget, the archive being read once.

    With none it is one as in the live service: `usual`, and the budgets of departments that have one of their own.
    """
    watches = [{d.key: Watch(d, budget=budget) for d in book.departments} for budget in budgets]
    if not budgets:
        watches = [{d.key: Watch(d, budget=d.alert_budget or usual) for d in book.departments}]
    outcomes = run(events, watches)
    return [Test(budget=budget, outcome=outcome) for budget, outcome in zip(budgets or (usual,), outcomes, strict=True)]


def table(tests: Sequence[tuple[Test, Sequence[Told]]], marked: Sequence[Event] | None) -> str:
    """A row for each budget: what would have been told, and how good that was where events are marked."""
    head = f"{'needless a week, bearable':>26} {'told':>6} {'a week':>7}"
    if marked is not None:
        head += f" {'recall':>7} {'needless/wk':>12} {'precision':>10} {'delay':>7} {'90 %':>6} {'repeated':>9}"
    rows = [head]
    for test, lines in tests:
        first, last = scored_between(test.outcome)
        if first is None or last is None or last <= first:
            return "The archive is too short to learn from: it needs more than a week."
        scored = score(lines, marked or (), first, last)
        row = f"{test.budget:>26g} {scored.alerts:>6} {scored.alerts / scored.weeks:>7.2f}"
        rows.append(row + (_quality(scored) if marked is not None else ""))
    return "\n".join(rows)


def scored_between(outcome: Outcome) -> tuple[datetime | None, datetime | None]:
    """The times between which alerts count: from a week after the archive's beginning."""
    first = None if outcome.first is None else outcome.first + timedelta(days=LEARNING_DAYS)
    return first, outcome.last


def _quality(scored: Score) -> str:
    return (
        f" {_share(scored.recall):>7} {scored.needless_a_week:>12.2f} {_share(scored.precision):>10}"
        f" {_minutes(scored.delay_median):>7} {_minutes(scored.delay_p90):>6} {scored.repeated:>9}"
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _minutes(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}'"


def listing(lines: Sequence[Told]) -> str:
    """One line for each thing told."""
    return "\n".join(
        f"{told.opened_at:%Y-%m-%d %H:%M} {told.severity:<8} {told.kind:<9} {told.voices:>5} people  "
        + "; ".join(told.reasons[:2])
        for told in lines
    )


def urgent(reasons: Iterable[str]) -> str:
    """What would have been told one by one beside the storms, by what was recognised in it."""
    counted = sorted(Counter(reasons).items(), key=lambda item: (-item[1], item[0]))
    total = sum(number for _, number in counted)
    if not total:
        return "no post that could not have waited for a storm"
    listed = "; ".join(f"{number}: {reason}" for reason, number in counted)
    return f"{total} that could not have waited for a storm, each told by itself ({listed})"


def left_out(problems: int, off_topic: int) -> str:
    """What was not counted, empty if nothing."""
    parts = [f"{problems:,} lines were no posts"] if problems else []
    parts += [f"{off_topic:,} address none of the accounts"] if off_topic else []
    return "; " + ", ".join(parts) if parts else ""
