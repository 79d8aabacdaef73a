"""The hours that were: what the baseline learns from. Eight weeks of hourly counts, a few kilobytes."""

from typing import NamedTuple

from soundings.services.firestorms.people import People

KEPT_HOURS = 56 * 24
"""Eight weeks: four weeks give a median of four for an hour of the week, eight bear a crisis of several weeks."""


class Hour(NamedTuple):
    """Counted when the hour was over, and once more an hour later, with posts that were late."""

    people: People
    peak: float
    """The highest score of a minute in it: what the alert budget is calibrated from."""
    stormy: int
    """1 if a storm was on."""


QUIET = Hour(People(), 0.0, 0)


class History:
    """Hours since the first one, in UTC hours since 1970. An hour without posts takes no room."""

    __slots__ = ("hours", "since", "until")

    def __init__(self) -> None:
        self.hours: dict[int, Hour] = {}
        self.since: int | None = None
        """First hour that was watched."""
        self.until: int | None = None
        """The hour after the last one that is known."""

    def put(self, hour: int, what: Hour) -> None:
        """Hours come in order; those before the kept horizon are forgotten."""
        if self.since is None:
            self.since = hour
        self.until = hour + 1
        if what != QUIET:
            self.hours[hour] = what
        if len(self.hours) > KEPT_HOURS:
            self.hours = {h: v for h, v in self.hours.items() if h > hour - KEPT_HOURS}

    def known(self, hour: int) -> int:
        """How many hours before this one are known, at most `KEPT_HOURS`."""
        return 0 if self.since is None else max(0, min(KEPT_HOURS, hour - self.since))

    def get(self, hour: int) -> Hour | None:
        """None if the hour was not watched or is forgotten."""
        if self.since is None or self.until is None or not self.since <= hour < self.until:
            return None
        return None if hour < self.until - KEPT_HOURS else self.hours.get(hour, QUIET)
