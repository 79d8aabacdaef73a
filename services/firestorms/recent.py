"""The last hours' posts as samples: by minute for up to two hours, by quarter of an hour before. Bounded."""

from collections.abc import Iterator, Sequence

from soundings.services.firestorms import codec
from soundings.services.firestorms.sample import Sample, Seen

MINUTE_VOICES = 32
"""Exact up to 32 people a minute; a quarter of an hour beyond that still rests on about 480, an error of 5 %."""
QUARTER_VOICES = 64
"""A quarter of an hour that has passed: 12 % error for one, 4 % for the three hours of a long window."""
QUARTER = 15
KEPT_HOURS = 4
"""The longest window is three hours; with the hour that is going on, four are enough."""
AHEAD_HOURS = 24
"""How far before the last decided minute a post may lie: a source may lead another by a backlog of a day."""


class Recent:
    """Samples by minute and by quarter of an hour (both named by their first minute since 1970)."""

    __slots__ = ("_packed", "minutes", "quarters")

    def __init__(self) -> None:
        self.minutes: dict[int, Sample] = {}
        self.quarters: dict[int, Sample] = {}
        self._packed: dict[tuple[bool, int], bytes] = {}
        """The packed form of those that did not change since."""

    def add(self, minute: int, seen: Seen, decided: int | None) -> bool:
        """True if it counted something new. Posts older than what is kept, or too far ahead, count nowhere."""
        if decided is not None and not decided // 60 - KEPT_HOURS < minute // 60 <= decided // 60 + AHEAD_HOURS:
            return False
        if decided is not None and minute // 60 < decided // 60 - 1:
            start = minute // QUARTER * QUARTER
            sample = self.quarters.get(start) or self.quarters.setdefault(start, Sample(QUARTER_VOICES))
            key = (True, start)
        else:
            sample = self.minutes.get(minute) or self.minutes.setdefault(minute, Sample(MINUTE_VOICES))
            key = (False, minute)
        changed = sample.add(seen)
        if changed:
            self._packed.pop(key, None)
        return changed

    def roll(self, hour: int) -> None:
        """`hour` begins: what lies before the hour before it is kept by quarters, what is old is forgotten."""
        for minute in [m for m in self.minutes if m // 60 < hour - 1]:
            start = minute // QUARTER * QUARTER
            self.quarters.setdefault(start, Sample(QUARTER_VOICES)).merge(self.minutes.pop(minute))
            self._packed.pop((False, minute), None)
            self._packed.pop((True, start), None)
        for start in [s for s in self.quarters if s // 60 <= hour - KEPT_HOURS]:
            del self.quarters[start]
            self._packed.pop((True, start), None)

    def windows(self, last: int, lengths: Sequence[int]) -> Iterator[tuple[int, int, list[Sample]]]:
        """Of each window up to the minute `last`, the shorter first: its length, the first minute that it covers, and
        the samples that it has beyond the window before.

        What is only kept by quarters enters by whole quarters: a long one may be up to 14 minutes shorter than asked.
        """
        by_minute = (last // 60 - 1) * 60
        minute = last
        quarter = by_minute - QUARTER
        for length in sorted(lengths):
            first = last - length + 1
            found = []
            while minute >= max(first, by_minute):
                if (sample := self.minutes.get(minute)) is not None:
                    found.append(sample)
                minute -= 1
            if first < by_minute:
                first = -(-first // QUARTER) * QUARTER
            while quarter >= first:
                if (sample := self.quarters.get(quarter)) is not None:
                    found.append(sample)
                quarter -= QUARTER
            yield length, first, found

    def last_hour(self, last: int) -> list[Sample]:
        """The samples of the sixty minutes up to the minute `last`."""
        return [sample for m in range(last - 59, last + 1) if (sample := self.minutes.get(m)) is not None]

    def parts(self) -> list[bytes]:
        """Packed: numbers of minutes and quarters, then a part for each."""
        keys = [(False, m) for m in sorted(self.minutes)] + [(True, q) for q in sorted(self.quarters)]
        for key in keys:
            if key not in self._packed:
                self._packed[key] = codec.pack_sample((self.quarters if key[0] else self.minutes)[key[1]])
        return [codec.pack(keys), *(self._packed[key] for key in keys)]

    @classmethod
    def of(cls, parts: list[bytes]) -> "Recent":
        recent = cls()
        keys: list[tuple[bool, int]] = codec.unpack(parts[0])
        for (by_quarter, number), part in zip(keys, parts[1:], strict=True):
            (recent.quarters if by_quarter else recent.minutes)[number] = codec.unpack_sample(part)
            recent._packed[by_quarter, number] = part
        return recent
