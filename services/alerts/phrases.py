"""What a set of posts is about, in a few of its own words: distinctive n-grams, no model."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"#?\w+(?:['’-]\w+)*")
_DROPPED = re.compile(r"https?://\S+|\bpic\.\S+|@\S+")
_BREAK = re.compile(r"[.!?;:,()\[\]\"“”\n|…]+")
# Twenty times as often as usual (e^3) makes up for two and a half times the people, no more.
_NEWS = 0.5
# Of a phrase's texts: with more of them shared with a stronger phrase, it is not a subject of its own.
_TOGETHER = 0.6
# By number of words: `music` says a fifth of what `hold music` does, a third word a little more, if most share it.
_WEIGHT = {1: 0.2, 2: 1.0, 3: 1.3}
Counted = Mapping[tuple[str, ...], int]
_LONGEST = 3
"""Words in a phrase: longer ones are quotations, shorter ones lose `hold music` against `music`."""

# Function words and the small change of posts; a phrase neither begins nor ends with one.
STOP = frozenset(
    """a about above after again against ago all almost already also although always am amp an and another any
    anybody anyone anything are aren't around as ask at away back be because been before being below between
    both but by came can can't cannot check click come comes could couldn't did didn't do does doesn't doing
    don't done down during each either else even ever every everyone few find first for forward from further
    get gets getting give go goes going gone gonna good got had has hasn't have haven't having he he's her
    here hers herself him himself his how however i i'd i'll i'm i've if in instead into is isn't it it's its
    itself just keep know last learn least less let let's like link ll look looking looks lot made make makes
    many may maybe me mean might mine more most much must my myself need needs never new next no nobody none
    nor not nothing now of off oh ok on once one only or other our ours ourselves out over own people per
    please put quite rather re read really right rt said same saw say saying says see seen shall she should
    shouldn't since so some someone something soon still such take tell than thank thanks that that's the
    their theirs them themselves then there there's these they they're they've thing things think this those
    though through time to today together told tomorrow tonight too took try u under until up upon ur us use
    used using ve very via want wants was wasn't watch way we we'd we'll we're we've well went were weren't
    what what's when where whether which while who who's whole whom whose why will with within without won't
    would wouldn't yeah yes yesterday yet you you'd you'll you're you've your yours yourself""".split()
)

# These close a phrase (`signed this off`, `still not back`), though they say nothing by themselves.
_CLOSING = frozenset({"away", "back", "down", "off", "out", "over", "up"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    words: str
    """As most people write it."""
    count: int
    """Distinct texts that hold it."""
    terms: tuple[str, ...]
    """Its case-folded words: what a text must hold in a row to count."""

    def held_by(self, text: str) -> bool:
        return self.terms in grams(text)


def phrases(
    texts: Iterable[str],
    *,
    most: int = 3,
    least: int = 2,
    background: Mapping[tuple[str, ...], int] | None = None,
    background_texts: int = 0,
    leave_out: frozenset[str] = frozenset(),
) -> tuple[Phrase, ...]:
    """The phrases that most of these texts share and that say most, the first the strongest.

    Args:
        texts: one for each person or distinct text, so that copies do not vote.
        least: a phrase in fewer texts is one person's words.
        background: n-grams of the usual posts with the number of texts that hold them, of `background_texts` in all;
            what is said more than usual then comes first, new phrases before all.
        leave_out: case-folded words that say nothing by themselves here, such as those of the department's name.
    """
    held = [grams(text, leave_out) for text in texts]
    counts = _shared(held, least)
    total = len(held)
    scored = sorted(
        ((-_score(terms, count, total, background or {}, background_texts), terms) for terms, count in counts.items()),
    )
    chosen: list[tuple[str, ...]] = []
    for _, terms in scored:
        if len(chosen) == most:
            break
        if not any(_alike(terms, other) or _together(terms, other, held) for other in chosen):
            chosen.append(terms)
    written: dict[tuple[str, ...], Counter[str]] = {terms: Counter() for terms in chosen}
    for found in held:
        for terms in chosen:
            if terms in found:
                written[terms][found[terms]] += 1
    return tuple(Phrase(words=_usual(written[terms]), count=counts[terms], terms=terms) for terms in chosen)


def candidates(texts: Iterable[str], least: int, leave_out: frozenset[str] = frozenset()) -> Counted:
    """Every n-gram that could be a phrase and that at least `least` texts hold, with their number."""
    return _shared([grams(text, leave_out) for text in texts], least)


def _shared(held: Sequence[Mapping[tuple[str, ...], str]], least: int) -> Counted:
    counts = Counter(terms for found in held for terms in found)
    return {terms: count for terms, count in counts.items() if count >= least}


def _usual(written: Counter[str]) -> str:
    """As most write it; of equals the first in the alphabet, so that the order of posts does not matter."""
    return min(written, key=lambda surface: (-written[surface], surface))


def grams(text: str, leave_out: frozenset[str] = frozenset()) -> dict[tuple[str, ...], str]:
    """The n-grams of a text that could be a phrase, each once, with how it is written there."""
    found: dict[tuple[str, ...], str] = {}
    for part in _BREAK.split(_DROPPED.sub("\n", text.replace("’", "'"))):
        words = _WORD.findall(part)
        folded = [word.casefold() for word in words]
        plain = [bool(len(word) > 2 and word not in STOP and not word.isdigit()) for word in folded]
        for size in range(1, _LONGEST + 1):
            for start in range(len(words) - size + 1):
                end = start + size
                last = plain[end - 1] or (size > 1 and folded[end - 1] in _CLOSING)
                if not (plain[start] and last) or leave_out.issuperset(folded[start:end]):
                    continue
                found.setdefault(tuple(folded[start:end]), " ".join(words[start:end]))
    return found


def _score(
    terms: tuple[str, ...], count: int, total: int, background: Mapping[tuple[str, ...], int], background_texts: int
) -> float:
    """Texts that hold it, weighed by how much it says; more than usual counts more, the usual is not left out."""
    weight = count * (1.0 if terms[0].startswith("#") else _WEIGHT[len(terms)])
    if not background_texts:
        return weight
    # Half a text added on both sides, so that a new phrase is not infinitely new.
    here = (count + 0.5) / (total + 1)
    usual = (background.get(terms, 0) + 0.5) / (background_texts + 1)
    return weight * (1 + _NEWS * max(0.0, math.log(here / usual)))


def _together(one: tuple[str, ...], other: tuple[str, ...], held: Sequence[Mapping[tuple[str, ...], str]]) -> bool:
    """Whether they stand mostly in the same texts: two pieces of one sentence are one thing said."""
    both = sum(one in found and other in found for found in held)
    return both > _TOGETHER * sum(one in found for found in held)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether they share most of the shorter one's words, compared without a plural's s and a hashtag's sign."""
    a, b = ({word.lstrip("#").removesuffix("s") for word in terms} for terms in (one, other))
    joined = "".join(one).lstrip("#") == "".join(other).lstrip("#")  # `#HoldMusic` and `hold music`
    return joined or 2 * len(a & b) >= min(len(a), len(b))
