"""What changed in the last quarter of an hour, from what is kept anyway."""

from collections.abc import Sequence

from soundings.services.domain.firestorms import Lately, Quarter
from soundings.services.domain.posts import PostKind
from soundings.services.firestorms import window
from soundings.services.firestorms.recent import QUARTER, Recent
from soundings.services.firestorms.sample import REPOST, Seen, is_hostile, targets

LEAST = 3
"""People around a post before it is named: two may be chance. As for a storm's trigger."""

_KINDS = list(PostKind)


def lately(recent: Recent, minute: int) -> Lately:
    """The quarter of an hour up to and with `minute`, and the one before; both lie within what is kept by minute."""
    posts, share = _said(recent, minute)
    earlier, earlier_share = _said(recent, minute - QUARTER)
    now = _quarter(posts, share)
    there = {seen.voice for seen in earlier if now.around in targets(seen)} if now.around else set()
    return Lately(now=now, before=_quarter(earlier, earlier_share), gathered_before=round(len(there) / earlier_share))


def _said(recent: Recent, last: int) -> tuple[list[Seen], float]:
    minutes = range(last - QUARTER + 1, last + 1)
    return window.union(recent.minutes[each] for each in minutes if each in recent.minutes)


def _quarter(posts: Sequence[Seen], share: float) -> Quarter:
    own = [seen for seen in posts if seen.kind != REPOST]
    around, gathered = _around(posts)

    def people(chosen: Sequence[Seen]) -> int:
        return round(len({seen.voice for seen in chosen}) / share)

    return Quarter(
        voices=people(posts),
        speaking=people(own),
        hostile=people([seen for seen in own if is_hostile(seen)]),
        mostly=_mostly(posts),
        around=around,
        gathered=round(gathered / share),
    )


def _mostly(posts: Sequence[Seen]) -> PostKind | None:
    voices = len({seen.voice for seen in posts})
    by_kind = {kind: len({seen.voice for seen in posts if seen.kind == kind}) for kind in range(len(_KINDS))}
    kind = max(by_kind, key=lambda each: (by_kind[each], -each))
    return _KINDS[kind] if voices >= LEAST and 2 * by_kind[kind] > voices else None


def _around(posts: Sequence[Seen]) -> tuple[str | None, int]:
    """The post with most people around it; of two alike the earlier id."""
    found: dict[str, set[int]] = {}
    for seen in posts:
        for target in targets(seen):
            found.setdefault(target, set()).add(seen.voice)
    if not found:
        return None, 0
    post = min(found, key=lambda target: (-len(found[target]), len(target), target))
    return (post, len(found[post])) if len(found[post]) >= LEAST else (None, 0)
