"""The last day's posts as samples: by minute for up to two hours, by hour before. Bounded, whatever comes."""

from soundings.services.firestorms import codec
from soundings.services.firestorms.sample import Sample, Seen

MINUTE_VOICES = 32
"""Exact up to 32 people a minute; a quarter of an hour beyond that still rests on about 480, an error of 5 %."""
HOUR_VOICES = 128
"""An hour that has passed: 9 % error for one, 4 % for a window of several."""
KEPT_HOURS = 24
AHEAD_HOURS = 24
"""How far before the last decided minute a post may lie: a source may lead another by a backlog of a day."""


class Recent:
    """Samples by minute and by hour (both counted since 1970), with the packed form of those that did not change."""

    __slots__ = ("_packed", "hours", "minutes")

    def __init__(self) -> None:
        self.minutes: dict[int, Sample] = {}
        self.hours: dict[int, Sample] = {}
        self._packed: dict[tuple[bool, int], bytes] = {}

    def add(self, minute: int, seen: Seen, decided: int | None) -> bool:
        """True if it counted something new. Posts older than what is kept, or too far ahead, count nowhere."""
        hour = minute // 60
        if decided is not None and not decided // 60 - KEPT_HOURS < hour <= decided // 60 + AHEAD_HOURS:
            return False
        if decided is not None and hour < decided // 60 - 1:
            sample = self.hours.get(hour) or self.hours.setdefault(hour, Sample(HOUR_VOICES))
            key = (True, hour)
        else:
            sample = self.minutes.get(minute) or self.minutes.setdefault(minute, Sample(MINUTE_VOICES))
            key = (False, minute)
        changed = sample.add(seen)
        if changed:
            self._packed.pop(key, None)
        return changed

    def roll(self, hour: int) -> None:
        """`hour` begins: what lies before the hour before it is kept by hour, what is older than a day is forgotten."""
        for minute in [m for m in self.minutes if m // 60 < hour - 1]:
            self.hours.setdefault(minute // 60, Sample(HOUR_VOICES)).merge(self.minutes.pop(minute))
            self._packed.pop((False, minute), None)
            self._packed.pop((True, minute // 60), None)
        for old in [h for h in self.hours if h <= hour - KEPT_HOURS]:
            del self.hours[old]
            self._packed.pop((True, old), None)

    def window(self, last: int, minutes: int) -> tuple[list[Sample], int]:
        """The samples of the minutes up to `last`, and the first minute that they cover.

        What is only kept by hour enters by whole hours, so that a long window may be up to an hour shorter than asked.
        """
        first = last - minutes + 1
        by_minute = max(first, (last // 60 - 1) * 60)
        found = [self.minutes[m] for m in range(by_minute, last + 1) if m in self.minutes]
        if first < by_minute:
            first_hour = -(-first // 60)
            found += [self.hours[h] for h in range(first_hour, by_minute // 60) if h in self.hours]
            first = first_hour * 60
        return found, first

    def parts(self) -> list[bytes]:
        """Packed: numbers of minutes and hours, then a part for each."""
        keys = [(False, m) for m in sorted(self.minutes)] + [(True, h) for h in sorted(self.hours)]
        for key in keys:
            if key not in self._packed:
                self._packed[key] = codec.pack_sample((self.hours if key[0] else self.minutes)[key[1]])
        return [codec.pack(keys), *(self._packed[key] for key in keys)]

    @classmethod
    def of(cls, parts: list[bytes]) -> "Recent":
        recent = cls()
        keys: list[tuple[bool, int]] = codec.unpack(parts[0])
        for (by_hour, number), part in zip(keys, parts[1:], strict=True):
            (recent.hours if by_hour else recent.minutes)[number] = codec.unpack_sample(part)
            recent._packed[by_hour, number] = part
        return recent
