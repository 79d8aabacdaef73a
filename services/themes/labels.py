"""Titles without a language model: phrases that most of a theme's texts share and few others do, close to its centre.

Candidates by how much they tell (`telling`), ranked with the centroid as KeyBERT does (Grootendorst 2020), further
phrases chosen for relevance and diversity (maximal marginal relevance, Carbonell and Goldstein 1998).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soundings.services.tagging.cues import insults
from soundings.services.themes.encoder import Encoder
from soundings.services.themes.micro import Floats
from soundings.services.themes.phrases import edge, forget, pieces, plain
from soundings.services.themes.sayings import saying
from soundings.services.themes.telling import Around, Telling
from soundings.services.themes.titles import TITLE_WORDS, Candidate, title_of
from soundings.services.themes.words import clean

__all__ = ["TITLE_WORDS", "Label", "label_all"]

CANDIDATES = 40
"""Phrases that are ranked by meaning; more adds noise and time only."""
LOOKED_AT = 5 * CANDIDATES
"""Heaviest phrases that candidates are chosen from."""
EACH = 6
"""Candidates that may share a word: a theme's main word is in hundreds of phrases, which would leave no other."""
DIVERSITY = 0.8
"""Weight of difference from what is already said: with less, keywords say one thing over and over."""
KEYWORDS = 8
SAID = 1 / 3
"""Share of texts with the same words from which these are the title where hardly a name is shared: they are what it is
about more than a name that one text has."""
FEW = 0.15
"""Share of texts below which the heaviest phrase is what few say."""
MOSTLY = 0.6
"""Share of a phrase's occurrences inside a longer one from which only the longer is told."""


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
    read = {theme: [pieces(text) for text in found] for theme, found in texts.items()}
    telling = Telling(read)
    labels = {}
    for theme, held in read.items():
        weights, said = _weights(telling, theme, held)
        around = telling.around[theme]
        heaviest = sorted(weights, key=lambda name: (-weights[name], name))[:LOOKED_AT]
        names = _varied(_without_parts(heaviest, around))
        ranked = [
            Candidate(
                form=telling.form(name), weight=weights[name], texts=len(around[name]), proper=telling.proper(name)
            )
            for name in _rank(names, [telling.form(name) for name in names], weights, centre.get(theme), encoder)
        ]
        keywords = [candidate.form for candidate in ranked[:KEYWORDS]] or [said] * bool(said)
        labels[theme] = Label(title=_capital(title_of(ranked) or said), keywords=tuple(keywords))
    forget()
    return labels


def _weights(telling: Telling, theme: int, held: Sequence[Sequence[str]]) -> tuple[dict[str, float], str]:
    """Weighed phrases, or what is said where too little is named."""
    around = telling.around[theme]
    weights = telling.weights(theme)
    if weights:
        heaviest = max(weights, key=lambda name: (weights[name], name))
        if len(around[heaviest]) >= FEW * len(held):
            return weights, ""
    if max(map(len, around.values()), default=0) < SAID * len(held):  # so many share not even a word
        weights = weights or telling.weights(theme, 1)
        if weights:
            return weights, ""
    said, by = saying(held)
    if insults(plain(said).split()):
        said = ""
    if by < SAID * len(held) or (weights and telling.nouns.names(plain(said).split())):
        return weights or telling.weights(theme, 1), said
    return {}, said


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _without_parts(names: Sequence[str], around: Around) -> list[str]:
    """Leaves out phrases that hardly occur but inside a longer one: `Quay` of `Hill Quay`."""
    parts = {
        part
        for name in names
        for part in _inside(name.split())
        if part in around and len(around[name]) >= MOSTLY * len(around[part])
    }
    return [name for name in names if name not in parts]


def _inside(held: list[str]) -> Iterator[str]:
    size = len(held)
    return (" ".join(held[a:b]) for a in range(size) for b in range(a + 1, size + 1) if b - a < size)


def _varied(names: Iterable[str]) -> list[str]:
    told: Counter[str] = Counter()
    chosen: list[str] = []
    for name in names:
        held = [word for word in name.split() if edge(word)]
        if len(chosen) < CANDIDATES and all(told[word] < EACH for word in held):
            told.update(held)
            chosen.append(name)
    return chosen


def _rank(
    names: Sequence[str], forms: Sequence[str], weights: Mapping[str, float], centre: Floats | None, encoder: Encoder
) -> list[str]:
    if not names:
        return []
    worth = np.array([weights[name] for name in names])
    vectors = encoder.encode([clean(form) for form in forms]).astype(np.float64)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    if vectors.shape[1] and centre is not None and len(centre):
        worth *= 1 + vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    alike = np.clip(np.maximum(vectors @ vectors.T, _shared(names)), 0.0, 1.0)
    near = np.zeros(len(names))
    order: list[int] = []
    for _ in names:
        value = np.round(worth * (1 - DIVERSITY * near), 9)
        value[order] = -1.0
        order.append(int(np.argmax(value)))
        near = np.maximum(near, alike[order[-1]])
    return [names[index] for index in order]


def _shared(names: Sequence[str]) -> Floats:
    """Share of the shorter phrase's words that a pair has in common."""
    columns = {word: column for column, word in enumerate(sorted({word for name in names for word in name.split()}))}
    has = np.zeros((len(names), len(columns)), dtype=np.float32)
    for row, name in enumerate(names):
        has[row, [columns[word] for word in name.split()]] = 1
    sizes = has.sum(axis=1)
    found: Floats = (has @ has.T) / np.minimum.outer(sizes, sizes)
    return found
