"""Is it the same as last week? A pure reading of a theme's weekly counts."""

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median

from soundings.services.domain.themes import Recurrence, Trend

LOOK_BACK = 8
"""Weeks: two months is what a weekly reader remembers as `again`."""
PRESENT = 3
"""Posts a week for a theme to count as there: one or two may be strays."""
CHANGE = 1.5
"""Half as much again, or a third less, than usual is what people call growing or fading."""
NOISE = 2.0
"""Standard deviations of a count (its square root) that a change must exceed as well."""
UNDATED = "posts have no time"
SILENT = 2
"""Weeks of silence after which a return is worth telling."""


def recurrence(counts: Mapping[str, int], week: str) -> Recurrence:
    """What the counts (ISO week to posts) say at the end of `week`; later weeks are not looked at."""
    if not week:
        return Recurrence(trend=Trend.NEW, weeks_present=0, weeks_looked_at=0, first_week="", reason=UNDATED)
    present = sorted(w for w, count in counts.items() if w <= week and count >= PRESENT)
    first = present[0] if present else week
    looked_at = _weeks_before(week, LOOK_BACK)
    now = counts.get(week, 0)
    past = [counts.get(w, 0) for w in looked_at if first <= w < week]
    here = sum(w in present for w in looked_at)
    usual = median(past) if past else 0.0
    trend = _trend(now, usual, past)
    reason = f"{_heard(here, present, week)}; {now} this week" + (f", usually {usual:g}" if past else "")
    return Recurrence(trend=trend, weeks_present=here, weeks_looked_at=LOOK_BACK, first_week=first, reason=reason)


def _heard(here: int, present: list[str], week: str) -> str:
    """When it was heard; `here` of the weeks that are looked at."""
    before = [name for name in present if name < week]
    if not before:
        return "first heard this week"
    if here == 1 and week in present:
        return f"last heard in {before[-1]}"
    return f"in {here} of the last {LOOK_BACK} weeks" if here else f"not in the last {LOOK_BACK} weeks"


def _trend(now: int, usual: float, past: list[int]) -> Trend:
    if now < PRESENT:
        return Trend.QUIET
    if not past:
        return Trend.NEW
    if len(past) >= SILENT and all(count < PRESENT for count in past[-SILENT:]):
        return Trend.BACK
    if now > usual * CHANGE and now - usual > NOISE * max(usual, 1) ** 0.5:
        return Trend.GROWING
    if now * CHANGE < usual and usual - now > NOISE * usual**0.5:
        return Trend.FADING
    return Trend.STEADY


def _weeks_before(week: str, number: int) -> list[str]:
    """That week and the `number`-1 before it, oldest first."""
    last = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    days = [last - timedelta(weeks=back) for back in reversed(range(number))]
    return [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in days]
