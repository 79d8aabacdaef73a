"""Event time as whole minutes and hours since 1970, the unit of every decision."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(0, UTC)


def minute_of(at: datetime) -> int:
    """The minute that holds the moment; `at` is timezone-aware."""
    return (at - _EPOCH) // timedelta(minutes=1)


def moment(minute: int) -> datetime:
    """The minute's beginning, UTC."""
    return _EPOCH + timedelta(minutes=minute)
