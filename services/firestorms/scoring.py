"""How good a backtest was, against events that people marked in the same archive."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from soundings.services.domain.firestorms import StormKind
from soundings.services.firestorms.told import Told

ANSWERABLE = timedelta(hours=12)
"""An alert later than this after the beginning helps nobody any more."""


class BadLabels(ValueError):
    """A labels file is not as it should be; the message says in which line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, marked by people."""

    start: datetime
    end: datetime
    kind: str
    other_kind: str | None = None
    """What a second reader called it."""
    wanted: bool
    """Whether the press office should be told of it."""
    disputed: bool
    """Whether the people who marked it disagreed; an alert on it counts neither for nor against."""
    trigger: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    weeks: float
    wanted: int
    found: int
    """Wanted events with an alert in time."""
    alerts: int
    needless: int
    """Alerts on nothing that is wanted, disputed, or still going on."""
    repeated: int
    """Further alerts on an event that was found."""
    delay_median: float | None
    """Minutes from the beginning to the first alert."""
    delay_p90: float | None
    kinds: tuple[int, int]
    """Right, and asked."""
    triggers: tuple[int, int]

    @property
    def recall(self) -> float | None:
        return self.found / self.wanted if self.wanted else None

    @property
    def precision(self) -> float | None:
        useful = self.found + self.repeated
        return useful / (useful + self.needless) if useful + self.needless else None

    @property
    def needless_a_week(self) -> float:
        return self.needless / self.weeks if self.weeks else 0.0


def events(lines: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Labelled events: `start`, `end`, `kind`; `readers_who_would_tell` (of two) and `trigger_post_id`, if known.

    Raises:
        BadLabels: saying in which line.
    """
    found = []
    for number, line in enumerate(lines, 1):
        try:
            kind = str(line["kind"])
            readers = int(line.get("readers_who_would_tell", 0 if kind == StormKind.NOISE else 2))
            event = Event(
                start=_time(line["start"]),
                end=_time(line["end"]),
                kind=kind,
                other_kind=line.get("second_reader_kind"),
                wanted=readers >= 2,
                disputed=readers == 1,
                trigger=str(line["trigger_post_id"]) if line.get("trigger_post_id") else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadLabels(f"line {number}: {error!r}") from None
        found.append(event)
    return found


def score(told: Sequence[Told], marked: Sequence[Event], first: datetime, last: datetime) -> Score:
    """Events and alerts between the two times; an event is found by the first alert in its first twelve hours."""
    marked = [event for event in marked if first <= event.start < last]
    told = sorted((each for each in told if first <= each.opened_at < last), key=lambda each: each.opened_at)
    wanted = [event for event in marked if event.wanted]
    hits = {id(event): [each for each in told if _in_time(event, each)] for event in marked}
    found = [event for event in wanted if hits[id(event)]]
    needless = sum(not any(_excuses(event, each) for event in marked) for each in told)
    delays = sorted((hits[id(event)][0].opened_at - event.start) / timedelta(minutes=1) for event in found)
    caused = [event for event in found if event.trigger]
    return Score(
        weeks=(last - first) / timedelta(weeks=1),
        wanted=len(wanted),
        found=len(found),
        alerts=len(told),
        needless=needless,
        repeated=sum(len(hits[id(event)]) - 1 for event in found),
        delay_median=statistics.median(delays) if delays else None,
        delay_p90=delays[math.ceil(0.9 * len(delays)) - 1] if delays else None,
        kinds=(sum(hits[id(event)][0].kind in (event.kind, event.other_kind) for event in found), len(found)),
        triggers=(sum(hits[id(event)][0].trigger == event.trigger for event in caused), len(caused)),
    )


def _in_time(event: Event, told: Told) -> bool:
    return event.start <= told.opened_at <= min(event.end, event.start + ANSWERABLE)


def _excuses(event: Event, told: Told) -> bool:
    """Whether the alert was worth sending, or could not be known not to be."""
    if event.kind == StormKind.NOISE:
        return False
    late = event.start + ANSWERABLE < told.opened_at <= event.end
    return late or (_in_time(event, told) and (event.wanted or event.disputed))


def _time(text: Any) -> datetime:
    at = datetime.fromisoformat(str(text))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
