"""ISO weeks in a department's local time: a week with a clock change has an hour less or more."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FORM = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week: Monday to Sunday; the year is the one that its Thursday lies in."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Week":
        """`2021-W10`.

        Raises:
            ValueError: it has another form, or the year has no such week.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no week: write it as 2021-W10")
        week = cls(int(found[1]), int(found[2]))
        try:
            _ = week.monday
        except ValueError:
            raise ValueError(f"{week.year} has no week {week.number}") from None
        return week

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> "Week":
        year, number, _ = moment.astimezone(zone).isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=number) for number in range(7))

    def before(self, weeks: int) -> "Week":
        year, number, _ = (self.monday - timedelta(weeks=weeks)).isocalendar()
        return Week(year, number)

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From local midnight on Monday to local midnight on the next, in UTC."""
        return _midnight(self.monday, zone), _midnight(self.monday + timedelta(days=7), zone)

    @property
    def words(self) -> str:
        """`8 to 14 March 2021`."""
        first, last = self.days[0], self.days[-1]
        start = f"{first.day}"
        if first.month != last.month:
            start += f" {first:%B}"
        if first.year != last.year:
            start += f" {first.year}"
        return f"{start} to {last.day} {last:%B} {last.year}"

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
