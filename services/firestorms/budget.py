"""From an alert budget in plain words to a threshold, by the account's own past."""

import math
from collections.abc import Sequence

from soundings.services.firestorms.history import PEAK_DAYS, History

USUAL_BUDGET = 0.5
"""Needless alerts a week that are bearable if nothing else was asked for: one in two weeks."""
THRESHOLD = 3.2
"""Score from which the usual budget wakes somebody (docs/methods/firestorms.md has the table it was chosen from)."""
START_SLOPE = 0.45
"""Scale of the daily highest score's Gumbel distribution, where an account's own past is too short to tell."""
OWN = 0.25
"""Weight of the account's own past beside what holds for any account, on the logarithmic scale. Eight weeks in a crisis
would call the crisis usual if they alone decided; with a half, storms of such weeks were missed."""
TOLD = 1.5
"""Alerts for each needless one, in the budget of all that is told: the detector is right about every second time, and
real storms stand among the past's highest days."""
ECHO = 1.1
"""Times the threshold for `ECHO_MINUTES` after a storm that woke somebody: what follows is mostly its echo, of which
the press office knows. With 1.15 and 1.2 the same storms are found, somewhat later."""
ECHO_MINUTES = 48 * 60
"""Until the morning after next: 36 to 72 hours found the same, 24 left the second morning's echo."""
LEAST_DAYS = 14
LOW, MIDDLE = 0.25, 0.6
"""Quantiles of the daily peaks that the distribution is drawn through: storms lie above."""
BOUNDS = (0.85, 1.2)
"""A past that happens to be very even or very wild must not make an account blind or nervous."""


def threshold(history: History, budget: float, today: int) -> float:
    """The score from which somebody is woken.

    The highest scores of quiet days follow a Gumbel distribution (they are maxima): to halve the needless alerts, the
    threshold rises by ln 2 times its scale. Location and scale are read off the account's own last eight weeks.

    Args:
        today: the present day, in days since 1970 (UTC): the days before it count.
    """
    common = THRESHOLD + START_SLOPE * math.log(USUAL_BUDGET / budget)
    peaks = daily_peaks(history, today)
    if len(peaks) < LEAST_DAYS:
        return common
    own = exceeded(peaks, told_share(budget))
    mixed = math.exp((1 - OWN) * math.log(common) + OWN * math.log(max(own, 0.1)))
    return min(BOUNDS[1] * common, max(BOUNDS[0] * common, mixed))


def after(threshold: float, ended: int | None, now: int) -> float:
    """The threshold at a minute, higher for a while after a storm that ended in the minute `ended`."""
    return threshold * ECHO if ended is not None and now - ended < ECHO_MINUTES else threshold


def told_share(budget: float) -> float:
    """Share of days on which something may be told."""
    return min(0.5, TOLD * budget / 7)


def exceeded(peaks: Sequence[float], share: float) -> float:
    """The peak that a share of days exceeds, by a Gumbel distribution through the peaks' quantiles."""
    ordered = sorted(peaks)
    low, middle = _quantile(ordered, LOW), _quantile(ordered, MIDDLE)
    scale = (middle - low) / (_gumbel(MIDDLE) - _gumbel(LOW))
    return middle + scale * (_gumbel(1 - share) - _gumbel(MIDDLE))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two values next to it, since an account's first weeks are few days."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _gumbel(share: float) -> float:
    """Quantile of the standard Gumbel distribution."""
    return -math.log(-math.log(share))


def daily_peaks(history: History, today: int) -> list[float]:
    """The highest score of each whole day that is known before today."""
    if history.since is None:
        return []
    first = max(-(-history.since // 24), today - PEAK_DAYS + 1)
    return history.peaks(first, today)
