"""What is usual at an hour of the week, learned from quiet hours only, with the spread around it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from soundings.services.firestorms.calendar import SUNDAY, slot
from soundings.services.firestorms.history import History, Hour

LOOK_BACK = 28 * 24
"""Four weeks: long enough for a median that a storm of days does not move, short enough to follow a lasting change."""
LEARNED = 7 * 24
"""Hours after which every hour of the week was seen once; before, what is usual is pooled and doubted more."""
START_RATE = 2.0
"""People an hour assumed of an account nothing is known of yet, with the weight of `START_HOURS` hours: a quiet
departmental account. Too low a start would call the first busy morning a storm."""
START_HOURS = 6.0
START_SPREAD = 1.0
"""Spread (sd of the logarithm) assumed at first: a usual hour lies within a factor of 2.7."""
LEAST_SPREAD = 0.35
"""No account is steadier than a factor of 1.4 about its usual hour; a long quiet month must not make it jumpy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Expectations for one hour."""

    speaking: float
    reposting: float
    hostile: float
    spread: float
    """sd of the logarithm of an hour's speaking voices round the expectation, beyond counting noise."""
    known_hours: int

    @property
    def learned(self) -> bool:
        return self.known_hours >= LEARNED


def usual(history: History, hour: int, zone: ZoneInfo) -> Usual:
    """What to expect in the UTC hour, from the hours before it."""
    known = history.known()
    alike = _alike(history, hour, zone)
    if known < LEARNED or len(alike) < 6:
        pooled = [h for back in range(1, LOOK_BACK) if (h := history.get(hour - back)) is not None]
        pooled = [h for h in pooled if not h.stormy] or pooled
        weight = len(pooled) + START_HOURS
        return Usual(
            speaking=(sum(h.speaking for h in pooled) + START_RATE * START_HOURS) / weight,
            reposting=(sum(h.reposting for h in pooled) + START_RATE * START_HOURS) / weight,
            hostile=(sum(h.hostile for h in pooled) + START_RATE / 4 * START_HOURS) / weight,
            spread=START_SPREAD,
            known_hours=known,
        )
    return Usual(
        speaking=_middle(alike, lambda h: h.speaking),
        reposting=_middle(alike, lambda h: h.reposting),
        hostile=_middle(alike, lambda h: h.hostile),
        spread=_spread(alike),
        known_hours=known,
    )


def _alike(history: History, hour: int, zone: ZoneInfo) -> list[Hour]:
    """Quiet hours of the same time of day (an hour either side) and kind of day; all of them if none was quiet."""
    here = slot(_start(hour), zone)
    free = here // 24 >= SUNDAY - 1
    found: list[Hour] = []
    for days in range(1, LOOK_BACK // 24 + 1):
        there = slot(_start(hour - 24 * days), zone)
        if (there // 24 >= SUNDAY - 1) != free:
            continue
        # The same local time lies an hour off in UTC across a clock change: no alarm may come from that.
        shift = (here - there + 12) % 24 - 12
        near = (history.get(hour - 24 * days + shift + aside) for aside in (-1, 0, 1))
        found.extend(past for past in near if past is not None)
    return [past for past in found if not past.stormy] or found


def _middle(hours: list[Hour], of: Callable[[Hour], float]) -> float:
    """Mean of the middle half: robust like a median, but not stuck at whole numbers where counts are small."""
    ordered = sorted(of(hour) for hour in hours)
    cut = len(ordered) // 4
    inner = ordered[cut : len(ordered) - cut]
    return max(sum(inner) / len(inner), 0.25)


def _spread(hours: list[Hour]) -> float:
    centre = _middle(hours, lambda h: h.speaking)
    off = median(abs(math.log((h.speaking + 1) / (centre + 1))) for h in hours)
    # 1.4826 turns a median deviation into a standard deviation; counting noise is taken off, it is added where used.
    return max(LEAST_SPREAD, math.sqrt(max(0.0, (1.4826 * off) ** 2 - 1 / (centre + 1))))


def _start(hour: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)


def surprise(seen: float, expected: float, spread: float) -> float:
    """How many standard deviations a count lies above what was expected.

    On the logarithmic scale, with the variance of a negative binomial by the delta method: 1/mean + spread**2.
    The added 1 keeps small counts from shouting: 4 people where 1 is usual is no news.
    """
    return math.log((seen + 1) / (expected + 1)) / math.sqrt(1 / (expected + 1) + spread**2)
