"""When the scenario happens: five weeks of a made-up autumn, and the chance of a post at each hour of them."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# A Monday. No bank holiday of England, no clock change and no change of pseudonyms (27 July, 26 October) falls within
# the five weeks, so that nothing but the episodes disturbs the weekly rhythm.
FIRST_DAY = date(2026, 9, 7)
# A Wednesday evening at 21:05 in London, as the storm of 2013 that the scenario retells began on a Wednesday evening.
STORM_AT = datetime(2026, 10, 14, 20, 5, tzinfo=UTC)
QUIET_UNTIL = STORM_AT - timedelta(minutes=30)
"""Up to here a demo may run at full speed; half an hour of quiet is enough to see what usual looks like."""
STARTS_AT = datetime.combine(FIRST_DAY, time(0), LONDON).astimezone(UTC)
ENDS_AT = datetime(2026, 10, 15, 13, 0, tzinfo=UTC)
"""Early afternoon of the day after: some hours of ordinary traffic, so that the end of the storm can be decided."""

# Posts in each local hour, as shares of the busiest: asleep until six, a working day, an evening that fades.
HOUR_SHARE = (
    *(0.12, 0.07, 0.05, 0.04, 0.05, 0.09, 0.22, 0.48, 0.80, 1.00, 0.95, 0.90),
    *(0.92, 0.90, 0.86, 0.85, 0.88, 0.82, 0.76, 0.72, 0.66, 0.55, 0.42, 0.25),
)
# Monday to Sunday: government is talked to on working days, half as much at weekends.
WEEKDAY_SHARE = (1.02, 1.08, 1.05, 1.00, 0.92, 0.52, 0.45)


def local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """The moment (UTC) of a local time on a day of the scenario, 0 being the first Monday."""
    return datetime.combine(FIRST_DAY + timedelta(days=day), time(hour, minute), LONDON).astimezone(UTC)


def days() -> int:
    return (local(ENDS_AT).date() - FIRST_DAY).days + 1


def rhythm(moment: datetime) -> float:
    """Share of the busiest hour's traffic to be expected at this moment, 0 to about 1.1."""
    here = local(moment)
    return HOUR_SHARE[here.hour] * WEEKDAY_SHARE[here.weekday()]


def arrivals(
    rng: Random, start: datetime, end: datetime, per_minute: Callable[[float], float], peak: float
) -> Iterator[datetime]:
    """Moments of a Poisson process by thinning, rising.

    `per_minute` takes minutes since `start` and must stay under `peak`. Times are whole milliseconds, as
    the platforms give them.
    """
    minutes = 0.0
    length = (end - start).total_seconds() / 60
    while (minutes := minutes + rng.expovariate(peak)) < length:
        if rng.random() * peak < per_minute(minutes):
            yield start + timedelta(milliseconds=math.floor(minutes * 60_000))


def office_hours(moment: datetime) -> bool:
    """Our teams answer from 8:30 to 17:30 on working days."""
    here = local(moment)
    return here.weekday() < 5 and time(8, 30) <= here.time() <= time(17, 30)
