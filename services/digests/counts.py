"""Counts of a week: kept small, so that two months can be read in passing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from zoneinfo import ZoneInfo

from soundings.services.digests.week import Week
from soundings.services.domain.posts import Mention, PostKind, SpeechAct

ENOUGH = 4
"""Weeks from which something is called usual: with fewer, one holiday or one storm decides it."""
LOOK_BACK = 8
"""Weeks that are looked at: two months, short enough to follow a lasting change."""


@dataclass(slots=True)
class WeekCount:
    """Of one week: people as sets, because a person counts once however often they post."""

    week: Week
    posts: int = 0
    people: set[str] = field(default_factory=set)
    by_day: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_act: dict[SpeechAct, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, mention: Mention, zone: ZoneInfo) -> None:
        post = mention.post
        self.posts += 1
        self.people.add(post.voice)
        self.by_day[post.created_at.astimezone(zone).date()].add(post.voice)
        if post.kind is PostKind.REPOST:  # it spreads what somebody else says
            return
        for act in mention.tags.acts:
            self.by_act[act].add(post.voice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The weeks before in which anything was collected, the latest first."""

    weeks: tuple[WeekCount, ...] = ()

    @property
    def enough(self) -> bool:
        return len(self.weeks) >= ENOUGH

    def usual_people(self) -> float | None:
        return self._median([len(week.people) for week in self.weeks])

    def usual_day(self, weekday: int) -> float | None:
        """People on a weekday (Monday is 0)."""
        return self._median([len(week.by_day.get(week.week.days[weekday], ())) for week in self.weeks])

    def usual_act(self, act: SpeechAct) -> float | None:
        return self._median([len(week.by_act.get(act, ())) for week in self.weeks])

    def _median(self, values: Sequence[int]) -> float | None:
        return float(median(values)) if self.enough else None
