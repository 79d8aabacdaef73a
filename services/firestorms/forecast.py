"""How fast a storm grows or fades, and what the next hour may bring."""

import math
from collections.abc import Sequence

MAX_MINUTES = 24 * 60.0
TREND = 0.5
"""Share of the present growth that goes on. A storm is told of in its highest quarter so far, and that is in part
chance: with the whole growth, from the last quarter alone, every third forecast at the opening was too high."""
ONCE = 0.88
"""People of an hour for one of its quarters' people added up: who writes in two quarters is one person."""
EIGHTY = 1.2816
"""The 10 % and 90 % points of a normal distribution, on the logarithmic scale."""
STEADIER = 0.75
"""Spread of an hour about its forecast, for that of the quarters about their trend: an hour, and the mean of three
quarters, vary less than a quarter does. Chosen so that four of five hours lie inside (docs/methods/firestorms.md)."""


def growth(earlier: float, later: float, apart: float) -> float:
    """Rate of the exponential through two windows' voices, a minute; one is added so that zeros do not explode it."""
    return math.log((later + 1) / (earlier + 1)) / apart


def doubling(rate: float) -> float | None:
    """Minutes in which it doubles; None unless it grows, in less than a day."""
    minutes = math.log(2) / rate if rate > 0 else math.inf
    return minutes if minutes <= MAX_MINUTES else None


def half_life(rate: float) -> float | None:
    """Minutes in which it halves; None unless it fades, in less than a day."""
    return doubling(-rate)


def next_hour(quarters: Sequence[float], usual_hour: float) -> tuple[float, float, float] | None:
    """Low, middle and high (80 % interval) of the people who speak up in the next hour.

    The mean of the last three quarters of an hour goes on with half the present growth, which is halved with each
    quarter (a damped trend: storms burn out), floored by what is usual. The interval widens with the spread of the
    quarters about their own trend. None with fewer than three quarters.
    """
    if len(quarters) < 3:
        return None
    logs = [math.log(q + 1) for q in quarters[-4:]]
    steps = [b - a for a, b in zip(logs, logs[1:], strict=False)]
    growing = TREND * max(-1.0, min(1.0, (steps[-1] + steps[-2]) / 2))
    level, total = sum(logs[-3:]) / 3, 0.0
    for _ in range(4):
        growing /= 2
        level += growing
        total += math.expm1(level)
    middle = max(ONCE * total, usual_hour)
    mean = sum(steps) / len(steps)
    sd = math.sqrt(sum((s - mean) ** 2 for s in steps) / max(1, len(steps) - 1) + 1 / (quarters[-1] + 1))
    width = EIGHTY * STEADIER * max(0.3, sd)
    return (middle * math.exp(-width), middle, middle * math.exp(width))
