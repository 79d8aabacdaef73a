"""The hours that were, for the baseline: four weeks of hourly counts in 22 bytes each, eight weeks of daily peaks.

Kept as they are stored: ten thousand accounts with a history are watched by one worker, and an object for each hour
would take five gigabytes.
"""

import struct
from array import array
from bisect import bisect_left, bisect_right
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soundings.services.firestorms.people import People

KEPT_HOURS = 30 * 24
"""The four weeks that the baseline looks back, and a day and more beside them."""
PEAK_DAYS = 56
"""Days whose highest score is kept: eight weeks bear a crisis of several."""


class Hour(NamedTuple):
    """Counted when the hour was over, and once more an hour later, with posts that were late."""

    people: People
    peak: float
    """The highest score of a minute in it: what the alert budget is calibrated from."""
    stormy: int
    """1 if a storm was on."""


QUIET = Hour(People(), 0.0, 0)

_COLUMNS = len(People._fields)
_ROW = struct.Struct(f"<{_COLUMNS + 2}e")
"""People, peak, stormy in half precision: three digits, far more than counts of people mean."""
_MOST = 65_504.0
"""The largest number of that form; what is usual of an account is never told above it."""
_SPAN = struct.Struct("<qq")
_DAYS = struct.Struct("<qH")
_NEVER = -(2**62)


class History:
    """Hours since the first one, in UTC hours since 1970. An hour without posts takes no room."""

    __slots__ = ("_at", "_day", "_peaks", "_rows", "since", "until")

    def __init__(self) -> None:
        self._at = array("i")
        """The hours with posts, rising."""
        self._rows = bytearray()
        self._day = 0
        """The day (since 1970, UTC) of the first of the peaks."""
        self._peaks = array("f")
        """The highest score of each day, of the hours that are no longer kept."""
        self.since: int | None = None
        """First hour that was watched."""
        self.until: int | None = None
        """The hour after the last one that is known."""

    def put(self, hour: int, what: Hour) -> None:
        """Hours come in order, the last one may come again; those before the kept horizon are forgotten."""
        if self.since is None:
            self.since = hour
        self.until = hour + 1
        if what != QUIET:
            row = _ROW.pack(*(min(value, _MOST) for value in (*what.people, what.peak, what.stormy)))
            place = bisect_left(self._at, hour)
            again = place < len(self._at) and self._at[place] == hour
            if not again:
                self._at.insert(place, hour)
            self._rows[place * _ROW.size : (place + again) * _ROW.size] = row
        old = bisect_right(self._at, hour - KEPT_HOURS)
        if old:
            for place in range(old):
                self._keep_peak(self._at[place] // 24, _ROW.unpack_from(self._rows, place * _ROW.size)[_COLUMNS])
            del self._at[:old]
            del self._rows[: old * _ROW.size]

    def _keep_peak(self, day: int, peak: float) -> None:
        """Days come in order."""
        if not self._peaks:
            self._day = day
        self._peaks.extend([0.0] * (day - self._day + 1 - len(self._peaks)))
        self._peaks[-1] = max(self._peaks[-1], peak)
        if (surplus := len(self._peaks) - PEAK_DAYS) > 0:
            del self._peaks[:surplus]
            self._day += surplus

    def known(self, hour: int) -> int:
        """How many hours before this one are known, at most `KEPT_HOURS`."""
        return 0 if self.since is None else max(0, min(KEPT_HOURS, hour - self.since))

    def get(self, hour: int) -> Hour | None:
        """None if the hour was not watched or is forgotten."""
        if self.since is None or self.until is None or not self.since <= hour < self.until:
            return None
        return None if hour < self.until - KEPT_HOURS else self._hour(hour)

    def _hour(self, hour: int) -> Hour:
        place = bisect_left(self._at, hour)
        if place == len(self._at) or self._at[place] != hour:
            return QUIET
        *people, peak, stormy = _ROW.unpack_from(self._rows, place * _ROW.size)
        return Hour(People(*people), peak, int(stormy))

    def before(self, first: int, hour: int) -> tuple[NDArray[np.float64], int]:
        """The people of the hours with posts from `first` up to before `hour`, and how many hours were watched."""
        if self.since is None or self.until is None:
            return np.zeros((0, _COLUMNS)), 0
        first, last = max(first, self.since, self.until - KEPT_HOURS), min(hour, self.until)
        low, high = bisect_left(self._at, first), bisect_left(self._at, last)
        return self._table()[low:high, :_COLUMNS].astype(np.float64), max(0, last - first)

    def at(self, hours: NDArray[np.int64]) -> NDArray[np.float64]:
        """The people of those of the hours that were watched and are not forgotten, a row each."""
        if self.since is None or self.until is None:
            return np.zeros((0, _COLUMNS))
        wanted = hours[(hours >= max(self.since, self.until - KEPT_HOURS)) & (hours < self.until)]
        found = np.zeros((len(wanted), _COLUMNS))
        if self._at:
            kept = np.array(self._at)
            place = np.minimum(np.searchsorted(kept, wanted), len(kept) - 1)
            there = kept[place] == wanted
            found[there] = self._table()[place[there], :_COLUMNS]
        return found

    def peaks(self, first: int, today: int) -> list[float]:
        """The highest score of each day (since 1970, UTC) from `first` up to before `today`."""
        found = np.zeros(max(0, today - first))
        for day, peak in enumerate(self._peaks, self._day):
            if first <= day < today:
                found[day - first] = peak
        low, high = bisect_left(self._at, first * 24), bisect_left(self._at, today * 24)
        if high > low:
            days = np.array(self._at[low:high]) // 24 - first
            np.maximum.at(found, days, self._table()[low:high, _COLUMNS].astype(np.float64))
        return [float(peak) for peak in found]

    def _table(self) -> NDArray[np.float16]:
        # Of a copy: an array over the rows themselves would forbid them to grow while it lives.
        return np.frombuffer(bytes(self._rows), dtype="<f2").reshape(-1, _COLUMNS + 2)

    def to_bytes(self) -> bytes:
        span = _SPAN.pack(*(_NEVER if hour is None else hour for hour in (self.since, self.until)))
        days = _DAYS.pack(self._day, len(self._peaks)) + np.array(self._peaks, dtype="<f4").tobytes()
        return span + days + np.array(self._at, dtype="<i4").tobytes() + bytes(self._rows)

    @classmethod
    def of(cls, data: bytes) -> "History":
        history = cls()
        history.since, history.until = (None if hour == _NEVER else hour for hour in _SPAN.unpack_from(data))
        history._day, days = _DAYS.unpack_from(data, _SPAN.size)
        offset = _SPAN.size + _DAYS.size
        history._peaks.extend(np.frombuffer(data, dtype="<f4", count=days, offset=offset).tolist())
        offset += 4 * days
        hours = (len(data) - offset) // (4 + _ROW.size)
        history._at.extend(np.frombuffer(data, dtype="<i4", count=hours, offset=offset).tolist())
        history._rows += data[offset + 4 * hours :]
        return history
