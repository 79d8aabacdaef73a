"""Which kind of day it is for the people who post: holidays run like Sundays. Computed by rule, good for any year."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SUNDAY = 6
HOURS = 168
_BRITISH = {"Europe/London", "Europe/Belfast"}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 13, 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Those of England and Wales that recur by rule (GOV.UK, Bank holidays); a proclaimed one is not known here."""
    spring = easter(year)
    days = {spring - timedelta(days=2), spring + timedelta(days=1)}
    days.add(_monday_from(date(year, 5, 1)))
    days.add(_monday_from(date(year, 5, 25)))
    days.add(_monday_from(date(year, 8, 25)))
    # Boxing Day before Christmas Day: where both fall on a weekend, its substitute is the Monday.
    for fixed in (date(year, 1, 1), date(year, 12, 26), date(year, 12, 25)):
        days.add(fixed)
        moved = fixed
        while moved.weekday() > 4 or (moved != fixed and moved in days):
            moved += timedelta(days=1)
        days.add(moved)
    return frozenset(days)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def slot(at: datetime, zone: ZoneInfo) -> int:
    """Hour of the local week, 0 (Monday 00:00) to 167; a public holiday has Sunday's."""
    local = at.astimezone(zone)
    weekday = local.weekday()
    if zone.key in _BRITISH and local.date() in bank_holidays(local.year):
        weekday = SUNDAY
    return weekday * 24 + local.hour
