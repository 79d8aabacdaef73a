"""What is counted in a stretch of time: people, not posts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from soundings.services.firestorms.answered import Answered, later, strongest
from soundings.services.firestorms.hashing import SPACE
from soundings.services.firestorms.people import People
from soundings.services.firestorms.sample import (
    ANY,
    COMPLAINTS,
    LAYERS,
    PASSING_ON,
    REPOST,
    REPOSTS,
    Sample,
    Seen,
    is_hostile,
)

Key = TypeVar("Key")
_LARGE = 4
"""Order of magnitude of followers from which an account is large: 10,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Estimates; exact while the samples below them are complete."""

    posts: float = 0.0
    voices: float = 0.0
    people: People = People()
    pleased: float = 0.0
    """Speaking people of positive sentiment."""
    displeased: float = 0.0
    passing: float = 0.0
    """People who name the account as one of many, and are not hostile."""
    copying: float = 0.0
    """Speaking people whose text somebody else posted too."""
    loudest: float = 0.0
    """Posts of own words of the five busiest people, as a share of such posts."""
    large: float | None = None
    """Voices with at least 10,000 followers; None where the source does not tell."""


def union(samples: Iterable[Sample]) -> tuple[list[Seen], float]:
    """The posts of the voices below the smallest threshold, and the share of voices that is."""
    parts = list(samples)
    if not parts:
        return [], 1.0
    least = min(parts, key=lambda sample: sample.theta)
    if least.share == 1.0:
        return [seen for sample in parts for seen in sample], 1.0
    return [seen for sample in parts for seen in sample if seen.voice < least.theta], least.share


class Gathering:
    """People of a stretch that grows: samples are added to it, and it can be asked at any time."""

    def __init__(self) -> None:
        self._groups: list[set[int]] = [set() for _ in range(PASSING_ON + 1 + len(LAYERS))]
        self._around: dict[str, set[int]] = {}
        self._answered: dict[str, Answered] = {}
        self._theta = SPACE

    def add(self, sample: Sample) -> None:
        for mine, theirs in zip(self._groups, sample.groups, strict=True):
            mine |= theirs
        for target, voices in sample.around.items():
            found = self._around.get(target)
            if found is None:
                self._around[target] = set(voices)
            else:
                found |= voices
        for target, known in sample.answered.items():
            self._answered[target] = later(self._answered.get(target), known)
        self._theta = min(self._theta, sample.theta)

    def people(self) -> People:
        """How many do what. Another post never lowers any of the numbers."""
        sizes = [self._size(voices) for voices in self._groups]
        layers = sizes[PASSING_ON + 1 :]
        return People(
            speaking=sizes[ANY],
            reposting=sizes[REPOSTS],
            complaining=sizes[COMPLAINTS],
            hostile=layers[len(layers) // 2],
            anger=sum(layers) / len(layers),
            gathered=self._most(),
            passing_on=sizes[PASSING_ON],
        )

    def answered(self) -> Answered | None:
        """Of the posts that people gather around, what speaks most for a storm."""
        # A post that names itself as what it refers to has nobody around it.
        return strongest((known, self._size(self._around.get(post, set()))) for post, known in self._answered.items())

    def _most(self) -> float:
        """People around the post with most of them; the largest groups first, so that most need not be sized."""
        most = 0.0
        for voices in sorted(self._around.values(), key=len, reverse=True):
            if len(voices) * SPACE / self._theta <= most:
                break
            most = max(most, self._size(voices))
        return most

    def _size(self, voices: set[int]) -> float:
        if self._theta == SPACE:
            return float(len(voices))
        return sum(voice < self._theta for voice in voices) * SPACE / self._theta


def people(samples: Iterable[Sample]) -> People:
    gathering = Gathering()
    for sample in samples:
        gathering.add(sample)
    return gathering.people()


def count(samples: Iterable[Sample]) -> Counts:
    """All that is told of a stretch."""
    samples = list(samples)
    posts, share = union(samples)
    own = [seen for seen in posts if seen.kind != REPOST]
    by_copy = _voices_by((seen.copy, seen.voice) for seen in own if seen.copy)
    copying = {voice for voices in by_copy.values() if len(voices) > 1 for voice in voices}
    busiest = Counter(seen.voice for seen in own).most_common(5)
    known_reach = any(seen.reach >= 0 for seen in posts)

    def voices(chosen: Iterable[Seen]) -> float:
        return len({seen.voice for seen in chosen}) / share

    return Counts(
        posts=len(posts) / share,
        voices=voices(posts),
        people=people(samples),
        pleased=voices(seen for seen in own if seen.mood > 0),
        displeased=voices(seen for seen in own if seen.mood < 0),
        passing=voices(seen for seen in posts if seen.passing and not is_hostile(seen)),
        copying=len(copying) / share,
        loudest=sum(n for _, n in busiest) / len(own) if own else 0.0,
        large=voices(seen for seen in posts if seen.reach >= _LARGE) if known_reach else None,
    )


def _voices_by(pairs: Iterable[tuple[Key, int]]) -> dict[Key, set[int]]:
    found: dict[Key, set[int]] = {}
    for key, voice in pairs:
        found.setdefault(key, set()).add(voice)
    return found
