"""Titles without a language model: phrases that are frequent here and rare elsewhere, close to the theme's centre.

Candidates by class-based TF-IDF (Grootendorst 2022), ranked against the centroid as KeyBERT does, the second phrase
chosen for relevance and diversity (maximal marginal relevance, Carbonell and Goldstein 1998).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from soundings.services.themes.encoder import Encoder
from soundings.services.themes.micro import Floats
from soundings.services.themes.nouns import Nouns
from soundings.services.themes.phrases import key, phrases
from soundings.services.themes.words import clean

CANDIDATES = 30
"""Phrases by TF-IDF that are then ranked by meaning; more adds noise and time only."""
DIVERSITY = 0.5
"""Weight of difference from what is already in the title: with less, titles say one thing twice."""
TITLE_WORDS = 6
ENOUGH = 4
"""Words from which nothing is added: one good phrase and another say it."""
KEYWORDS = 8
LONGER = 0.6
"""What each further word adds to a phrase's weight, up to three: a single word rarely tells a matter."""
BARE = 0.6
"""Weight of a single word that is neither a name nor a hashtag."""
MOSTLY = 0.6
"""Share of a phrase's occurrences inside a longer one from which only the longer is told."""
TYPICAL = 0.3
"""A word in so large a share of all themes is this stream's small talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    title: str
    keywords: tuple[str, ...]


def label_all(texts: Mapping[int, Sequence[str]], centre: Mapping[int, Floats], encoder: Encoder) -> dict[int, Label]:
    """Titles of all themes of a stream at once, for what is telling depends on the others.

    Args:
        texts: for each theme its sampled texts, distinct.
        centre: for each theme the mean of its posts' vectors (empty without an encoder).
    """
    counted = {theme: _count(found) for theme, found in texts.items()}
    spread: Counter[str] = Counter()
    overall: Counter[str] = Counter()
    for counts, _ in counted.values():
        spread.update(counts.keys())
        overall.update(counts)
    mean_size = sum(overall.values()) / max(1, len(counted))
    nouns = Nouns(text for found in texts.values() for text in found)
    common = {name for name, themes in spread.items() if len(counted) >= 10 and themes > TYPICAL * len(counted)}
    labels = {}
    for theme, (counts, forms) in counted.items():
        telling = {name for name in counts if not common.issuperset(name.split())} or set(counts)
        telling = {name for name in telling if nouns.names(name)} or telling
        least = 2 if len(texts[theme]) >= 5 else 1
        weights = {
            name: counts[name] * log(1 + mean_size / overall[name]) * _weight(_form(name, forms))
            for name in telling
            if counts[name] >= least
        } or dict.fromkeys(telling, 1.0)
        whole = _without_parts(weights, counts)
        best = sorted(whole, key=lambda name: (-weights[name], name))[:CANDIDATES]
        ranked = _rank(best, weights, centre.get(theme), encoder)
        labels[theme] = Label(
            title=_title(ranked, forms), keywords=tuple(_form(name, forms) for name in ranked[:KEYWORDS])
        )
    return labels


def _weight(form: str) -> float:
    held = len(form.split())
    return BARE if held == 1 and form.islower() else 1 + LONGER * (min(held, 3) - 1)


def _without_parts(names: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """Leaves out phrases that hardly occur but inside a longer one: `Quay` of `Hill Quay`."""
    held = sorted(names)
    parts = {
        part
        for name in held
        for part in _inside(name.split())
        if part in counts and counts[name] >= MOSTLY * counts[part]
    }
    return [name for name in held if name not in parts]


def _inside(held: list[str]) -> Iterator[str]:
    size = len(held)
    return (" ".join(held[a:b]) for a in range(size) for b in range(a + 1, size + 1) if b - a < size)


def _count(texts: Sequence[str]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """In how many texts each phrase occurs, and in what forms."""
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        seen: dict[str, str] = {}
        for phrase in phrases(text):
            seen.setdefault(key(phrase), " ".join(phrase))
        for name, form in seen.items():
            counts[name] += 1
            forms.setdefault(name, Counter())[form] += 1
    return counts, forms


def _rank(names: Sequence[str], weights: Mapping[str, float], centre: Floats | None, encoder: Encoder) -> list[str]:
    if not names:
        return []
    top = max(weights[name] for name in names)
    relevance = np.array([weights[name] / top for name in names])
    vectors = encoder.encode([clean(name) for name in names]).astype(np.float64)
    if vectors.shape[1] and centre is not None and len(centre):
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        close = vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
        relevance = 0.6 * relevance + 0.4 * close
    alike = vectors @ vectors.T if vectors.shape[1] else np.zeros((len(names), len(names)))
    for a, one in enumerate(names):
        for b, other in enumerate(names):
            mine, theirs = set(one.split()), set(other.split())
            alike[a, b] = max(alike[a, b], len(mine & theirs) / min(len(mine), len(theirs)))
    order: list[int] = []
    left = list(range(len(names)))
    while left:
        worth = [
            relevance[index] - (DIVERSITY * max(alike[index, chosen] for chosen in order) if order else 0.0)
            for index in left
        ]
        order.append(left.pop(int(np.argmax(np.round(worth, 6)))))
    return [names[index] for index in order]


def _title(ranked: Sequence[str], forms: Mapping[str, Counter[str]]) -> str:
    """Phrases in rank order that share no word, while there is room: two, or three if one is a single word."""
    used: set[str] = set()
    parts: list[str] = []
    length = 0
    for name in ranked[:KEYWORDS]:
        held = set(name.split())
        if held & used or any(name in other or other in name for other in used) or length + len(held) > TITLE_WORDS:
            continue
        parts.append(_form(name, forms))
        used |= held
        length += len(name.split())
        if len(parts) == 3 or length >= ENOUGH:
            break
    title = ", ".join(parts)
    return title[:1].upper() + title[1:] if title and not title.startswith("#") else title


def _form(name: str, forms: Mapping[str, Counter[str]]) -> str:
    """How most people write it; of equally common forms the one with fewer capitals, which are often shouting."""
    return min(forms[name].items(), key=lambda item: (-item[1], sum(c.isupper() for c in item[0]), item[0]))[0]
