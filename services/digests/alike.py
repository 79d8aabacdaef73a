"""Texts that say the same: copies of one text, and questions in much the same words."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from soundings.services.alerts.phrases import STOP

_DROPPED = re.compile(r"https?://\S+|[@#]\w[\w.@]*")
_SENTENCE = re.compile(r"[^.!?？؟\n]+[.!?？؟]*")
_IN_COMMON = 2
"""Words: one alone (`can you help?`, `how do I get help?`) makes no common subject."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Positions of texts that are alike; the first is the one that the others were compared with."""

    members: tuple[int, ...]


def words(text: str) -> tuple[str, ...]:
    """The words of a text without handles, hashtags, addresses and case: what copies share."""
    return tuple(word.casefold().replace("’", "'") for word in _WORD.findall(_DROPPED.sub(" ", text)))


def question_in(text: str) -> str:
    """The sentences of a text that end with a question mark; the whole text if there is none."""
    found = [
        part.strip() for part in _SENTENCE.findall(_DROPPED.sub(" ", text)) if part.rstrip().endswith(("?", "？", "؟"))
    ]
    return " ".join(found) or text


def content(text: str) -> frozenset[str]:
    """Its words that mean something, without a plural's s."""
    return frozenset(word.removesuffix("s") for word in words(text) if len(word) > 2 and word not in STOP)


def same_text(texts: Sequence[str], least_words: int) -> list[Group]:
    """Groups of texts with the same words in the same order, those with at least `least_words` words, larger first."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        key = words(text)
        if len(key) >= least_words:
            found[key].append(position)
    return sorted((Group(members=tuple(m)) for m in found.values() if len(m) > 1), key=_size)


def alike(texts: Sequence[str], threshold: float) -> list[Group]:
    """Every text in exactly one group, larger groups first.

    A text joins the group whose first text shares most of its words' weight (Jaccard, rare words weigh more), if that
    is `threshold` or more; else it begins a group. Texts without a word that means something stand alone.
    """
    bags = [content(text) for text in texts]
    spread = Counter(word for bag in bags for word in bag)
    weight = {word: math.log(2 + len(bags) / count) for word, count in spread.items()}
    # In the alphabet's order, as the shared weight is added up: texts of the same words then share all of it, exactly.
    total = [sum(weight[word] for word in sorted(bag)) for bag in bags]
    # Long texts first: a leader with all the words attracts the short forms of the same question.
    order = sorted(range(len(texts)), key=lambda position: (-total[position], texts[position], position))
    leaders: dict[str, list[int]] = defaultdict(list)
    groups: dict[int, list[int]] = {}
    for position in order:
        leader = _nearest(position, bags, total, weight, leaders, threshold)
        if leader is None:
            groups[position] = [position]
            for word in bags[position]:
                leaders[word].append(position)
        else:
            groups[leader].append(position)
    return sorted((Group(members=tuple(members)) for members in groups.values()), key=_size)


def _nearest(
    position: int,
    bags: Sequence[frozenset[str]],
    total: Sequence[float],
    weight: dict[str, float],
    leaders: dict[str, list[int]],
    threshold: float,
) -> int | None:
    shared: defaultdict[int, float] = defaultdict(float)
    in_common: Counter[int] = Counter()
    for word in sorted(bags[position]):
        for leader in leaders[word]:
            shared[leader] += weight[word]
            in_common[leader] += 1
    best, best_share = None, 0.0
    for leader, common in sorted(shared.items()):
        share = common / (total[leader] + total[position] - common)
        enough = in_common[leader] >= _IN_COMMON or bags[leader] == bags[position]
        if enough and share >= threshold and share > best_share:
            best, best_share = leader, share
    return best


def _size(group: Group) -> tuple[int, int]:
    return -len(group.members), group.members[0]
