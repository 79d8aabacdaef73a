"""A title from ranked phrases: what it is about first, then what or where, nothing twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from soundings.services.themes.phrases import edge, stem
from soundings.services.themes.words import clean

TITLE_WORDS = 6
ENOUGH = 4
"""Words from which nothing is added: one good phrase and another say it."""
PHRASES = 3
GROWN = 0.15
"""Share of a single word's texts that hold a longer phrase with it, from which the longer one takes its place: it says
which kind, and keeps the word."""
FAINT = 0.4
"""Weight of a third phrase against the second: a much fainter one is some people's aside."""
AKIN = 0.7
"""Share of the shorter word's letters, from the first on, in which two words that say the same agree (`flood` and
`flooding`), but at least AKIN_LETTERS."""
AKIN_LETTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    form: str
    """As most write it."""
    weight: float
    texts: int
    """Of the theme, that hold it."""
    proper: bool
    """A name throughout, of a place or a body."""


def title_of(ranked: Sequence[Candidate]) -> str:
    """Up to three phrases of up to TITLE_WORDS words; empty if there are no candidates."""
    if not ranked:
        return ""
    chosen = [_specific(ranked)]
    while len(chosen) < PHRASES:
        full = sum(map(_length, chosen)) >= ENOUGH
        missing = not any(map(_matter, chosen))
        if full and not missing:
            break
        fit = [candidate for candidate in ranked if _fits(candidate, chosen)]
        matters = list(filter(_matter, fit))
        if missing and (matters or full):
            fit = matters
        if not fit:
            break
        chosen.append(fit[0])
    return ", ".join(candidate.form for candidate in chosen)


def _matter(candidate: Candidate) -> bool:
    """Whether it may say what it is about: a name says where or who, and a hashtag often under what slogan."""
    return not candidate.proper and candidate.form[0] != "#"


def _specific(ranked: Sequence[Candidate]) -> Candidate:
    """The first candidate, or the weightiest longer phrase that holds it, of those that are common enough."""
    first = ranked[0]
    if " " in first.form or first.form[0] == "#":
        return first
    word = stem(first.form)
    longer = [c for c in ranked if " " in c.form and word in map(stem, c.form.split())]
    common = [c for c in longer if c.texts >= GROWN * first.texts]
    return max(common, key=lambda c: c.weight, default=first)


def _fits(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    if sum(map(_length, chosen)) + _length(candidate) > TITLE_WORDS:
        return False
    if len(chosen) > 1 and candidate.weight < FAINT * chosen[1].weight:
        return False
    mine, used = _says(candidate), [word for other in chosen for word in _says(other)]
    # After a single word a phrase with a form of it still says more: `Fish, fishing licence`.
    same = str.__eq__ if len(used) == 1 and len(mine) > 1 else _akin
    return not any(same(one, other) for one in mine for other in used)


def _length(candidate: Candidate) -> int:
    return len(clean(candidate.form).split())


def _says(candidate: Candidate) -> list[str]:
    """A hashtag says its words."""
    return [stem(word) for word in clean(candidate.form).replace("-", " ").split() if edge(word)]


def _akin(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    agree = next((at for at in range(short) if one[at] != other[at]), short)
    inside = short >= AKIN_LETTERS and (one in other or other in one)  # `fire` in `#quayfire`
    return one == other or inside or agree >= max(AKIN_LETTERS, AKIN * short)
