"""Counts of a week: kept small, so that two months can be read in passing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from zoneinfo import ZoneInfo

from soundings.services.alerts.phrases import grams
from soundings.services.alerts.words import unescaped
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
    writers: set[str] = field(default_factory=set)
    """Those who wrote something themselves, and did not only repost."""
    by_day: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_act: dict[SpeechAct, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_phrase: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, mention: Mention, zone: ZoneInfo, wanted: Collection[tuple[str, ...]] = ()) -> None:
        """Count a mention; of its phrases only those that are wanted, so that memory does not grow with the stream."""
        post = mention.post
        self.posts += 1
        self.people.add(post.voice)
        self.by_day[post.created_at.astimezone(zone).date()].add(post.voice)
        if post.kind is PostKind.REPOST:  # it spreads what somebody else says
            return
        self.writers.add(post.voice)
        for act in mention.tags.acts:
            self.by_act[act].add(post.voice)
        if wanted:
            for terms in grams(unescaped(post.text)).keys() & wanted:
                self.by_phrase[terms].add(post.voice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The weeks before in which anything was collected, the latest first."""

    weeks: tuple[WeekCount, ...] = ()

    @property
    def enough(self) -> bool:
        return len(self.weeks) >= ENOUGH

    @property
    def writers(self) -> int:
        """Who wrote something themselves, week by week, added up: the measure for phrases."""
        return sum(len(week.writers) for week in self.weeks)

    def usual_people(self) -> float | None:
        return self._median([len(week.people) for week in self.weeks])

    def usual_day(self, weekday: int) -> float | None:
        """People on a weekday (Monday is 0)."""
        return self._median([len(week.by_day.get(week.week.days[weekday], ())) for week in self.weeks])

    def usual_act(self, act: SpeechAct) -> float | None:
        return self._median([len(week.by_act.get(act, ())) for week in self.weeks])

    def usual_phrase(self, terms: tuple[str, ...]) -> float | None:
        """The mean, not the median: most phrases are rare, and their median is nought."""
        return sum(len(w.by_phrase.get(terms, ())) for w in self.weeks) / len(self.weeks) if self.enough else None

    def phrases(self) -> Counter[tuple[str, ...]]:
        found: Counter[tuple[str, ...]] = Counter()
        for week in self.weeks:
            found.update({terms: len(people) for terms, people in week.by_phrase.items()})
        return found

    def _median(self, values: Sequence[int]) -> float | None:
        return float(median(values)) if self.enough else None
