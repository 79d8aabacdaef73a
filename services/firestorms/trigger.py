"""Which post set it off, whose it is, and where it was said."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from soundings.services.domain.firestorms import Trigger, Whose
from soundings.services.firestorms.people import TAP
from soundings.services.firestorms.sample import REPOST, Seen, is_hostile, targets

LEAST = 3
"""People around a post before it is named as the trigger: two may be chance."""
SHARE = 0.1
"""Of all voices; below that the storm has no single cause."""


SLOW_LEAST = 5
SLOW_SHARE = 0.05
"""The same for a post of the hours before a storm that has no cause of its own: what smouldered for long has lost most
of its people to other threads by the time that it flares up. Half as many, and no fewer than five."""


def find(
    posts: Sequence[Seen], share: float, is_ours: Callable[[str], bool], fewest: int = LEAST, part: float = SHARE
) -> Trigger | None:
    """The post that most people answer or quote, reposts counting a fraction; of two alike the earlier id.

    Args:
        fewest: people around a post that is named.
        part: share of all voices that they must be.
    """
    around: dict[str, set[int]] = {}
    writing: dict[str, set[int]] = {}
    for seen in posts:
        for target in targets(seen):
            around.setdefault(target, set()).add(seen.voice)
            if seen.kind != REPOST:
                writing.setdefault(target, set()).add(seen.voice)

    def weight(target: str) -> float:
        return (1 - TAP) * len(writing.get(target, ())) + TAP * len(around[target])

    least = max(fewest, part * len({seen.voice for seen in posts}))
    large = [target for target, voices in around.items() if len(voices) >= least]
    if not large:
        return None
    post = min(large, key=lambda target: (-weight(target), len(target), target))
    whose = Whose.OURS if is_ours(post) else Whose.OTHER
    return Trigger(post=post, whose=whose, voices=round(len(around[post]) / share))


def telling(posts: Iterable[Seen], trigger: Trigger | None, most: int = 20) -> tuple[str, ...]:
    """Ids that show what it is about: the trigger, then the most hostile of own words around it, each voice once."""
    chosen: dict[int, Seen] = {}
    for seen in sorted(posts, key=lambda s: (s.kind == REPOST, -is_hostile(s), -s.hostility, s.post)):
        chosen.setdefault(seen.voice, seen)
    ids = ([trigger.post] if trigger else []) + [seen.post for seen in chosen.values()]
    return tuple(dict.fromkeys(ids))[:most]


def accounts(posts: Iterable[Seen], keys: Sequence[str]) -> tuple[str, ...]:
    """Account keys, those with most voices first."""
    pairs = {(place, s.voice) for s in posts for place in range(s.accounts.bit_length()) if s.accounts >> place & 1}
    voices = Counter(place for place, _ in pairs)
    return tuple(keys[place] for place, _ in sorted(voices.items(), key=lambda item: (-item[1], keys[item[0]])))
