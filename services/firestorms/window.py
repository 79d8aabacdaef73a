"""What is counted in a stretch of time: people, not posts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from soundings.services.domain.posts import SpeechAct
from soundings.services.firestorms.hashing import SPACE
from soundings.services.firestorms.people import People
from soundings.services.firestorms.sample import ANY, COMPLAINTS, LAYERS, REPOST, REPOSTS, Sample, Seen, is_hostile

Key = TypeVar("Key")
_ASKS = sum(1 << list(SpeechAct).index(act) for act in (SpeechAct.QUESTION, SpeechAct.REPORT))
_LARGE = 4
"""Order of magnitude of followers from which an account is large: 10,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Estimates; exact while the samples below them are complete."""

    posts: float = 0.0
    voices: float = 0.0
    people: People = People()
    sharing_hostile: float = 0.0
    """People who speak with hostility or repost a hostile text."""
    asking: float = 0.0
    """Speaking people who ask or report."""
    pleased: float = 0.0
    """Speaking people of positive sentiment."""
    displeased: float = 0.0
    passing: float = 0.0
    """People who name the account as one of many, and are not hostile."""
    gathered: float = 0.0
    """People around the one post or thread with most of them."""
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


def targets(seen: Seen) -> tuple[str, ...]:
    """The posts that a post gathers around: what it refers to, the head of its thread, itself if it stands alone."""
    reference, thread = seen.reference, seen.thread
    if not thread or thread in (seen.post, reference):
        return (reference or seen.post,)
    return (reference, thread) if reference and reference != seen.post else (thread,)


class Gathering:
    """People of a stretch that grows: samples are added to it, and it can be asked at any time."""

    def __init__(self) -> None:
        self._groups: list[set[int]] = [set() for _ in range(COMPLAINTS + 1 + len(LAYERS))]
        self._theta = SPACE

    def add(self, sample: Sample) -> None:
        for mine, theirs in zip(self._groups, sample.groups, strict=True):
            mine |= theirs
        self._theta = min(self._theta, sample.theta)

    def people(self) -> People:
        """How many do what. Another post never lowers any of the numbers."""
        sizes = [self._size(voices) for voices in self._groups]
        layers = sizes[COMPLAINTS + 1 :]
        return People(
            speaking=sizes[ANY],
            reposting=sizes[REPOSTS],
            complaining=sizes[COMPLAINTS],
            hostile=layers[len(layers) // 2],
            anger=sum(layers) / len(layers),
        )

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
    by_target = _voices_by((target, seen.voice) for seen in posts for target in targets(seen))
    copying = {voice for voices in by_copy.values() if len(voices) > 1 for voice in voices}
    busiest = Counter(seen.voice for seen in own).most_common(5)
    known_reach = any(seen.reach >= 0 for seen in posts)

    def voices(chosen: Iterable[Seen]) -> float:
        return len({seen.voice for seen in chosen}) / share

    return Counts(
        posts=len(posts) / share,
        voices=voices(posts),
        people=people(samples),
        sharing_hostile=voices(seen for seen in posts if is_hostile(seen)),
        asking=voices(seen for seen in own if seen.acts & _ASKS),
        pleased=voices(seen for seen in own if seen.mood > 0),
        displeased=voices(seen for seen in own if seen.mood < 0),
        passing=voices(seen for seen in posts if seen.passing and not is_hostile(seen)),
        gathered=max((len(each) for each in by_target.values()), default=0) / share,
        copying=len(copying) / share,
        loudest=sum(n for _, n in busiest) / len(own) if own else 0.0,
        large=voices(seen for seen in posts if seen.reach >= _LARGE) if known_reach else None,
    )


def _voices_by(pairs: Iterable[tuple[Key, int]]) -> dict[Key, set[int]]:
    found: dict[Key, set[int]] = {}
    for key, voice in pairs:
        found.setdefault(key, set()).add(voice)
    return found
