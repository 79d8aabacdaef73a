"""More people answer a post than like it: a rule of thumb, where a source tells both counts at that moment.

Being "ratioed", as users of Twitter have called it since 2017. No measurement stands behind it, and none behind the
numbers here: docs/methods/firestorms.md.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

LEAST_ANSWERS = 20
"""Fewer answers are a conversation, as fewer than twenty people in an hour are: two more likes would turn the ratio."""
LEAST_AROUND = 10
"""People of a window around the post, from which it may be what the storm is about (as for a turn of a storm). A number
and no share of all people: somebody who joins elsewhere must not take the evidence away."""
STRONGEST = 2.0
"""Doublings beyond as many answers as likes from which more tell no more: four answers for each like."""


class Answered(NamedTuple):
    """What a source said of a post while it delivered another one that refers to it."""

    answers: int
    """Replies and quotes together."""
    likes: int


def strength(known: Answered | None) -> float:
    """How often the likes must be doubled to be as many as the answers, 0 to `STRONGEST`.

    Zero where it is not known, where answers are few, and where as many people like it as answer: being liked does not
    speak against a storm. Rises with answers and falls with likes, never the other way round.
    """
    if known is None or known.answers < LEAST_ANSWERS:
        return 0.0
    return min(STRONGEST, max(0.0, math.log2(known.answers / max(1, known.likes))))


def later(one: Answered | None, other: Answered) -> Answered:
    """Of two the one with more answers: both counts rise, and posts come in any order."""
    return other if one is None else max(one, other)


def strongest(around: Iterable[tuple[Answered, float]]) -> Answered | None:
    """What speaks most for a storm, of posts with so many people around them."""
    found = [known for known, people in around if people >= LEAST_AROUND and strength(known) > 0]
    return max(found, key=lambda known: (strength(known), known), default=None)
