"""What is usual at an hour of the week, learned from the hours before, and how surprising a count is against it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from soundings.services.firestorms.calendar import SUNDAY, slot
from soundings.services.firestorms.history import History
from soundings.services.firestorms.people import People

LOOK_BACK = 28 * 24
"""Four weeks: long enough for a middle that a storm of days does not move, short enough to follow a lasting change."""
LEARNED = 7 * 24
"""Hours after which every hour of the week was seen once; before, what is usual is pooled and doubted more."""
START_RATE = 2.0
"""People an hour assumed of an account nothing is known of yet, with the weight of `START_HOURS` hours: a quiet
departmental account. Too low a start would call the first busy morning a storm."""
START_HOURS = 6.0
SPREAD = 0.3
"""Spread (sd of the logarithm) of quiet hours about what is usual, beyond counting noise: mentions come in threads,
so that their variance lies far above a Poisson's. 0.2 and 0.5 find the same storms at another threshold."""
START_SPREAD = 0.6
"""Doubled where nothing is known yet; it falls to `SPREAD` as the first week is learned."""
LEVEL_WEIGHT = 2.0
"""How many hours' worth of the account's own level are added to both sides of a comparison. At night next to nothing is
usual, and ten people are many times that; for an account that has ten in any hour of the day it is still no news."""
WATCH = 6
"""Hours for which a level holds: working it out takes longer than all the rest, and it moves by weeks."""
BUSIEST = 0.1
"""Share of the busiest hours that is left out of the level: storms must not raise it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Expectations for one hour."""

    people: People
    level: People
    """Of an hour of the account's usual day and night."""
    spread: float
    known_hours: int

    @property
    def learned(self) -> bool:
        return self.known_hours >= LEARNED


def usual(history: History, hour: int, zone: ZoneInfo, level: People | None = None) -> Usual:
    """What to expect in the UTC hour, from the hours before it.

    Args:
        level: that of `level_of` for the hour's watch, if it is at hand: it takes longer than all the rest.
    """
    known = history.known(hour)
    alike = history.at(alike_hours(hour, zone))
    if known >= LEARNED and len(alike) >= 6:
        level = level or level_of(history, hour // WATCH)
        return Usual(people=_middle(alike), level=level, spread=SPREAD, known_hours=known)
    # Not the hour before: late posts may still change it, and what is usual of an hour is decided once.
    past, watched = history.before(hour - 1 - LOOK_BACK, hour - 1)
    few = START_RATE / 4
    start = People(START_RATE, START_RATE, complaining=few, hostile=few, anger=few, passing_on=few)
    seen = People(*(float(total) for total in past.sum(axis=0)))
    pooled = seen.plus(start.times(START_HOURS)).times(1 / (watched + START_HOURS))
    doubt = max(0.0, 1 - known / LEARNED)
    return Usual(people=pooled, level=pooled, spread=SPREAD + doubt * (START_SPREAD - SPREAD), known_hours=known)


def level_of(history: History, watch: int) -> People:
    """An hour of the account's usual day and night, from the four weeks before the watch (UTC, counted since 1970).

    The hour before is left out: late posts may still change it when the watch begins.
    """
    last = watch * WATCH - 1
    past, watched = history.before(last - LOOK_BACK, last)
    if not watched:
        return People()
    kept = max(1, round(watched * (1 - BUSIEST)))
    # Hours without posts are not in the table: they are the least busy ones.
    busy = np.sort(past, axis=0)[: max(0, kept - (watched - len(past)))]
    return People(*(float(total) / kept for total in busy.sum(axis=0)))


def surprise(seen: float, expected: float, level: float, spread: float) -> float:
    """How many standard deviations a count lies above what was expected.

    On the logarithmic scale, with the variance of a negative binomial by the delta method: 1/mean + spread**2.

    Args:
        level: the account's own level in as long a time; added to both sides with `LEVEL_WEIGHT`.
    """
    # One half keeps the logarithm finite for an account that nobody ever spoke to (Anscombe 1948 uses 3/8 likewise).
    ground = LEVEL_WEIGHT * level + 0.5
    return math.log((seen + ground) / (expected + ground)) / math.sqrt(1 / (expected + ground) + spread**2)


@lru_cache(maxsize=64)
def alike_hours(hour: int, zone: ZoneInfo) -> NDArray[np.int64]:
    """Hours of the same time of day (an hour either side) and kind of day.

    The same for every account of a time zone: worked out once for ten thousand of them.
    """
    here = slot(_start(hour), zone)
    free = here // 24 >= SUNDAY - 1
    found: list[int] = []
    for days in range(1, LOOK_BACK // 24 + 1):
        there = slot(_start(hour - 24 * days), zone)
        if (there // 24 >= SUNDAY - 1) != free:
            continue
        # The same local time lies an hour off in UTC across a clock change: no alarm may come from that.
        shift = (here - there + 12) % 24 - 12
        found.extend(hour - 24 * days + shift + aside for aside in (-1, 0, 1))
    return np.array(found, dtype=np.int64)


def _middle(hours: NDArray[np.float64]) -> People:
    """As `middle`, of each column."""
    cut = len(hours) // 4
    inner = np.sort(hours, axis=0)[cut : len(hours) - cut]
    return People(*(float(mean) for mean in inner.mean(axis=0)))


def middle(values: Sequence[float]) -> float:
    """Mean of the middle half: robust like a median, but not stuck at whole numbers where counts are small."""
    ordered = sorted(values)
    cut = len(ordered) // 4
    inner = ordered[cut : len(ordered) - cut]
    return sum(inner) / len(inner)


def _start(hour: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)
