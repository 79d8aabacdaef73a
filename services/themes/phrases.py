"""Phrases of a text as people write them: case, hashtags and apostrophes kept."""

import re
from collections.abc import Iterator

_PIECE = re.compile(r"https?://\S+|[@＠][\w.\-]+|#\w+|&\w+;|[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]|\n", re.UNICODE)
_REPOST = re.compile(r"^\s*RT @\w+:\s*")
_INSIDE = frozenset("of and for in the on at under by with a an & de la le".split())
"""Function words that a phrase may hold: with others it is a piece of a sentence (`levels that if left`)."""
LONGEST = 4
"""Words of a phrase: a title has room for one long phrase and a short one."""

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
    october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sept oct nov dec""".split()
)
"""English words that cannot begin or end a title. In other languages the words that most themes share do that job."""


def pieces(text: str) -> list[str]:
    """Words and hashtags in order; an empty string where a phrase cannot go on (a link, a handle, punctuation)."""
    found = []
    for piece in _PIECE.findall(_REPOST.sub("", text)):
        is_word = (piece[0].isalnum() and "://" not in piece) or (piece[0] == "#" and len(piece) > 1)
        found.append(piece if is_word else "")
    return found


def phrases(text: str) -> Iterator[tuple[str, ...]]:
    """Runs of one to LONGEST words that neither begin nor end with a function word or a number; hashtags alone."""
    run: list[str] = []
    for piece in [*pieces(text), ""]:
        if piece and piece[0] != "#":
            run.append(piece)
            continue
        yield from _runs(run)
        run = []
        if piece:
            yield (piece,)


def _runs(run: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(run)):
        if not _edge(run[start]):
            continue
        for end in range(start + 1, min(start + LONGEST, len(run)) + 1):
            if _edge(run[end - 1]):
                yield tuple(run[start:end])
            elif not _inside(run, end - 1):
                break


def _edge(word: str) -> bool:
    return len(word) > 1 and not word[0].isdigit() and _plain(word) not in FUNCTION_WORDS


def _inside(run: list[str], index: int) -> bool:
    """Whether a phrase may go on over a word that can be no edge; over `to` where a name follows."""
    if _plain(run[index]) == "to":
        return index + 1 < len(run) and run[index + 1][0].isupper()
    return run[index].isdigit() or _plain(run[index]) in _INSIDE


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")


def key(phrase: tuple[str, ...]) -> str:
    """What is the same phrase whatever its case and hash."""
    return " ".join(phrase).casefold().replace("’", "'").lstrip("#")
