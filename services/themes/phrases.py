"""Phrases of a text as people write them: case, hashtags and apostrophes kept."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

_PIECE = re.compile(
    r"https?://\S+|\[[\w\-]+\]|[@＠][\w.\-]+|#\w+|&\w+;|[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]|\n", re.UNICODE
)
_REPOST = re.compile(r"^\s*RT @\w+:\s*")
_OF = frozenset("of de la le".split())
"""Small words that a phrase may hold."""
_BETWEEN_NAMES = frozenset("and for in the on at under by with a an & to".split())
"""Small words that a phrase may hold between two names (`Quay under Lyme`): elsewhere they make it a piece of a
sentence (`ferries in larger`)."""
LONGEST = 4
"""Words of a phrase: a title has room for one long phrase and a short one."""

WORDS_KEPT = 16_384
"""Words whose plain form is kept while a stream's titles are made: most of its vocabulary; see `forget`."""

_CONTRACTION = re.compile(r"(?:n't|'(?:d|ll|ve|re|m))$")
"""What a pronoun or an auxiliary ends with: `you'd` names nothing, whoever says it how often."""

FUNCTION_WORDS = frozenset(
    """a about above after again against all also always am an and any anyone anything are aren't around as at away
    back be because been before being below between both but by can can't cannot come could couldn't did didn't do
    does doesn't doing don't done down during each either else even ever every everyone few for from further get gets
    getting give go goes going gone good got great had has have haven't having he hello her here hers hi him his how
    however i i'd i'll i'm i've if in into is isn't it it's its itself just keep know last least less let lets like
    ll look looks lot made make makes many may maybe me might mine more most much must my myself need needs never new
    next no nor not nothing now of off oh ok on once one only onto or other others our ours out over own people per
    please put quite rather re really right said same say says see seems shall she should since so some someone
    something still stop such sure take tell than thank thanks that that's the their theirs them themselves then there
    there's these they they're thing things think this those though through thru time to today tomorrow too
    under until up upon us use used using ve very via want wants was wasn't way we we're we've well went were what
    what's when where which while who whole whom whose why will with within without won't would wouldn't yes yet you
    you're you've your yours yourself dont doesnt isnt im ive cant wont youre thats whats lol pls day week year hope
    tonight morning evening yesterday ago anyone already another across yeah actually absolutely amp due near including
    currently able etc lots bit part two three four five soon join joined big fully full next following
    night nights weekend minutes hours days weeks months years place places point job kind sort lot
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sept oct nov dec
    first except indeed perhaps instead whether unless despite towards among uh everyday
    he's she's who's here's where's how's""".split()
)
"""English words that cannot begin or end a title. In other languages the words that most themes share do that job."""


def pieces(text: str) -> list[str]:
    """Words and hashtags in order; an empty string where a phrase cannot go on (a link, a handle, punctuation, a
    placeholder in brackets)."""
    found = []
    for piece in _PIECE.findall(_REPOST.sub("", text)):
        is_word = (piece[0].isalnum() and "://" not in piece) or (piece[0] == "#" and len(piece) > 1)
        found.append(piece if is_word else "")
    return found


def spans(found: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where phrases of `pieces` begin and end: runs of one to LONGEST words that neither begin nor end with a function
    word or a number; hashtags alone."""
    edges = [edge(piece) for piece in found]
    for start, first in enumerate(edges):
        if not first:
            continue
        yield start, start + 1
        if found[start][0] == "#":
            continue
        for end in range(start + 2, min(start + LONGEST, len(found)) + 1):
            last = found[end - 1]
            if not last or last[0] == "#":
                break
            if not edges[end - 1]:
                if not last.isdigit() and plain(last) not in _OF and plain(last) not in _BETWEEN_NAMES:
                    break
            elif _joined(found[start:end]):
                yield start, end


def phrases(text: str) -> Iterator[tuple[str, ...]]:
    found = pieces(text)
    return (tuple(found[start:end]) for start, end in spans(found))


def _joined(phrase: Sequence[str]) -> bool:
    """Whether the small words inside stand where they may: a name follows `to`, a word `of the`, two names the rest."""
    held = [plain(piece) for piece in phrase]
    small = [word for word in held if word in _BETWEEN_NAMES]
    if small == ["to"]:
        return phrase[-1][0].isupper()
    of_the = small == ["the"] and held[-2] == "the" and held[-3] in _OF
    return not small or of_the or (phrase[0][0].isupper() and phrase[-1][0].isupper())


@lru_cache(maxsize=WORDS_KEPT)
def edge(piece: str) -> bool:
    """Whether a phrase may begin or end with it: a word that says something, or a hashtag."""
    word = plain(piece)
    return len(piece) > 1 and not piece[0].isdigit() and word not in FUNCTION_WORDS and not _CONTRACTION.search(word)


@lru_cache(maxsize=WORDS_KEPT)
def plain(word: str) -> str:
    return word.casefold().replace("’", "'")


def key(phrase: Sequence[str]) -> str:
    """What is the same phrase whatever its case, hash and number."""
    return " ".join(map(stem, phrase))


@lru_cache(maxsize=WORDS_KEPT)
def stem(word: str) -> str:
    """A word without its hash and an English plural or possessive ending; never shown, only compared."""
    bare = plain(word).lstrip("#")
    if len(bare) > 4 and bare.endswith("'s"):
        return bare[:-2]
    return bare[:-1] if len(bare) > 3 and bare[-1] == "s" and bare[-2] not in "siu'" else bare


def forget() -> None:
    """Words of posts must not stand in memory after a report: a post may be deleted meanwhile."""
    for kept in (edge, plain, stem):
        kept.cache_clear()
