"""What is counted in a stretch of time: people, not posts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from soundings.services.domain.posts import PostKind, SpeechAct
from soundings.services.firestorms.sample import Sample, Seen

ORIGINAL, REPLY, REPOST, QUOTE = (list(PostKind).index(k) for k in PostKind)
_ACT = {act: 1 << place for place, act in enumerate(SpeechAct)}
HOSTILE = 50
"""Per cent from which a press officer would more likely than not call a post hostile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Estimates; exact while the samples below them are complete."""

    posts: float = 0.0
    voices: float = 0.0
    speaking: float = 0.0
    """People who wrote something of their own: originals, replies, quotes."""
    reposting: float = 0.0
    """People who only reposted."""
    hostile: float = 0.0
    """Speaking people of whom a post is hostile or a complaint."""
    asking: float = 0.0
    """Speaking people who ask or report, and are not hostile."""
    praising: float = 0.0
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
    return [seen for sample in parts for seen in sample if seen.voice < least.theta], least.share


def targets(seen: Seen) -> tuple[str, ...]:
    """The posts that a post gathers around: what it refers to, the head of its thread, itself if it stands alone."""
    found = tuple(dict.fromkeys(post for post in (seen.reference, seen.thread) if post and post != seen.post))
    return found or (seen.post,)


def count(posts: Iterable[Seen], share: float) -> Counts:
    everyone: set[int] = set()
    speaking: set[int] = set()
    hostile: set[int] = set()
    asking: set[int] = set()
    praising: set[int] = set()
    large: set[int] = set()
    by_copy: dict[int, set[int]] = {}
    by_target: dict[str, set[int]] = {}
    own_posts: Counter[int] = Counter()
    total = known_reach = 0
    for seen in posts:
        total += 1
        voice = seen.voice
        everyone.add(voice)
        for target in targets(seen):
            by_target.setdefault(target, set()).add(voice)
        if seen.reach >= 0:
            known_reach += 1
            if seen.reach >= 4:
                large.add(voice)
        if seen.kind == REPOST:
            continue
        speaking.add(voice)
        own_posts[voice] += 1
        if is_hostile(seen):
            hostile.add(voice)
        if seen.acts & (_ACT[SpeechAct.QUESTION] | _ACT[SpeechAct.REPORT]):
            asking.add(voice)
        if seen.acts & _ACT[SpeechAct.PRAISE]:
            praising.add(voice)
        if seen.copy:
            by_copy.setdefault(seen.copy, set()).add(voice)
    copying = {voice for voices in by_copy.values() if len(voices) > 1 for voice in voices}
    own_total = sum(own_posts.values())
    return Counts(
        posts=total / share,
        voices=len(everyone) / share,
        speaking=len(speaking) / share,
        reposting=len(everyone - speaking) / share,
        hostile=len(hostile) / share,
        asking=len(asking - hostile) / share,
        praising=len(praising - hostile) / share,
        gathered=max((len(voices) for voices in by_target.values()), default=0) / share,
        copying=len(copying) / share,
        loudest=sum(n for _, n in own_posts.most_common(5)) / own_total if own_total else 0.0,
        large=len(large) / share if known_reach else None,
    )


def is_hostile(seen: Seen) -> bool:
    return seen.hostility >= HOSTILE or bool(seen.acts & _ACT[SpeechAct.COMPLAINT] and seen.hostility >= HOSTILE // 2)
