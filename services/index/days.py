"""Local days of a span."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def local_days(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """The local days that a span touches, in order; none for an empty span."""
    if end <= start:
        return ()
    first = start.astimezone(zone).date()
    last = (end - timedelta(milliseconds=1)).astimezone(zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
