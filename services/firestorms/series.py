"""A bare series of counts, scored with the detector's own evidence: for public benchmarks of detectors.

Strictly causal: a row's score rests on the rows up to it.
"""

import csv
import io
from bisect import insort
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from soundings.services.firestorms import verdict
from soundings.services.firestorms.baseline import LEVEL_WEIGHT, SPREAD, middle, surprise
from soundings.services.firestorms.budget import USUAL_BUDGET, exceeded, told_share

WINDOWS = tuple(timedelta(minutes=minutes) for minutes in verdict.WINDOWS)
"""Those of a department. The mean over them is the score, since of a bare count what shows in one alone is seldom
anything: with no other evidence, lasting has to carry it."""
DAYS = 28
"""As for the baseline of a department."""
ASIDE = timedelta(minutes=30)
"""Beside the same time of another day: what happens daily does not happen to the minute."""
PEAK_DAYS = 56
"""As for the budget of a department."""
LEAST_ALIKE = 3
"""Fewer like values than this are no usual: then the mean of all there is stands for it."""
UNKNOWN = 3.0
"""Before two days are known, a score counts as this many times less than beside the one day there is."""


class BadSeries(ValueError):
    """The file is no series; the message says in which line."""


class CountSeries:
    """Takes one count after the other; rows are a fixed time apart, that of the first two."""

    def __init__(self, step: timedelta) -> None:
        if step <= timedelta(0):
            raise BadSeries("its times do not rise")
        day = max(1, round(timedelta(days=1) / step))
        hour = max(1, round(timedelta(hours=1) / step))
        self._day, self._aside = day, max(1, round(ASIDE / step))
        self._windows = [_Calibrated(max(1, round(window / step)), day) for window in WINDOWS]
        self._latest: deque[float] = deque(maxlen=max(hour, *(window.rows for window in self._windows)))
        self._hour = hour
        self._hourly: deque[float] = deque(maxlen=DAYS * day + self._aside + 1)
        """Mean count of the hour up to each row."""
        self._sum, self._rows = 0.0, 0

    def score(self, value: float) -> float:
        """0 (nothing) to 1; a half is what the usual budget of needless alerts allows."""
        self._latest.append(value)
        latest = list(self._latest)
        self._hourly.append(_mean(latest[-self._hour :]))
        self._sum, self._rows = self._sum + self._hourly[-1], self._rows + 1
        usual = self._usual()
        ratio = _mean([window.ratio(latest[-window.rows :], usual) for window in self._windows])
        # A monotone squeeze: 1 is reached by nothing, a half by a score as high as its threshold.
        return max(0.0, ratio) / (1 + max(0.0, ratio))

    def _usual(self) -> float:
        """Of a row: the middle of the hours at this time of the day before."""
        hourly = self._hourly
        now = len(hourly) - 1
        alike = [
            hourly[at]
            for days in range(1, DAYS + 1)
            for aside in (-self._aside, 0, self._aside)
            if 0 <= (at := now - days * self._day + aside) < now
        ]
        return middle(alike) if len(alike) >= LEAST_ALIKE else self._sum / self._rows


class _Calibrated:
    """The surprise of one window over the threshold that the series' own past gives it."""

    def __init__(self, rows: int, day: int) -> None:
        self.rows, self._day = rows, day
        self._peaks: deque[float] = deque(maxlen=PEAK_DAYS)
        self._threshold: float | None = None
        self._peak, self._seen = float("-inf"), 0

    def ratio(self, values: list[float], usual: float) -> float:
        rows = len(values)
        # In place of a level: half a count more for each row, as `surprise` itself adds one half.
        now = surprise(sum(values), usual * rows, (rows - 1) / 2 / LEVEL_WEIGHT, SPREAD)
        if self._seen == self._day:
            self._peaks.append(self._peak)
            self._peak, self._seen = float("-inf"), 0
            ordered: list[float] = []
            for peak in self._peaks:
                insort(ordered, peak)
            own = exceeded(ordered, told_share(USUAL_BUDGET)) if len(ordered) > 1 else UNKNOWN * max(ordered[0], 0.5)
            # A series without any variation would else make the first step infinitely strange.
            self._threshold = max(own, 0.1)
        self._peak, self._seen = max(self._peak, now), self._seen + 1
        return now / self._threshold if self._threshold else 0.0


def score_csv(text: str) -> str:
    """`timestamp,value` in, `timestamp,value,anomaly_score` out.

    Raises:
        BadSeries: a line is not of that form.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("timestamp", "value", "anomaly_score"))
    waiting: list[tuple[datetime, str, str]] = []
    series: CountSeries | None = None
    for row in _rows(text):
        waiting.append(row)
        if len(waiting) == 2 and series is None:
            series = CountSeries(waiting[1][0] - waiting[0][0])
        if series is not None:
            for _, stamp, value in waiting:
                writer.writerow((stamp, value, f"{series.score(float(value)):.6f}"))
            waiting.clear()
    for _, stamp, value in waiting:
        writer.writerow((stamp, value, "0.000000"))
    return out.getvalue()


def _rows(text: str) -> Iterator[tuple[datetime, str, str]]:
    reader = csv.DictReader(io.StringIO(text))
    if not {"timestamp", "value"} <= set(reader.fieldnames or ()):
        raise BadSeries("line 1 does not name the columns timestamp and value")
    for number, row in enumerate(reader, 2):
        try:
            at, value = datetime.fromisoformat(row["timestamp"]), float(row["value"])
        except (TypeError, ValueError):
            raise BadSeries(f"line {number} is not a time and a count") from None
        if not 0 <= value < float("inf"):
            raise BadSeries(f"line {number}: {row['value']} is no count")
        yield at, row["timestamp"], row["value"]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
