"""Which words name something, from how a stream uses them: titles are made of names, and no tagger is at hand.

What stands after `the` or before `is` names something; what stands after `we`, `to` or `were`, or before `the`, says
what is done or how it is.
"""

from collections import Counter
from collections.abc import Iterable

from soundings.services.themes.phrases import pieces

_BEFORE_NAMES = frozenset("the a an this these those my your our their his her its no some any of 's".split())
_BEFORE_VERBS = frozenset(
    """to will would can could should must may might shall not i we you they he she it who that is are was were be been
    being am have has had having please let's don't doesn't didn't won't can't isn't aren't wasn't weren't i'm we're
    you're they're i've we've very so too more most just now also really get gets getting""".split()
)
_AFTER_NAMES = frozenset("is are was were of will has have".split())
_AFTER_VERBS = frozenset("the a an my your our their his her its you us them me him it this these those".split())
_NAMES, _DOINGS = 1.0, 0.5
"""Uses that a word counts as having before it is seen: most words of a text that are not small words name something."""
_ENDINGS = {"ed": 3.0, "ly": 3.0, "ing": 2.0}
"""How often words so ended must be seen to name something until they are believed to."""
HEAD = 0.5
"""Share of naming uses that the last word of a phrase has, which says what it is about."""
FIRST = 0.35
"""The same of the first word, which may well tell what kind."""


class Nouns:
    """Counts over all texts of a stream's themes; the order of texts does not matter."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._naming: Counter[str] = Counter()
        self._doing: Counter[str] = Counter()
        for text in texts:
            self._read(pieces(text))

    def _read(self, found: list[str]) -> None:
        held = [piece.casefold().replace("’", "'") for piece in found]
        for before, word, after, written in zip(["", *held], held, [*held[1:], ""], found, strict=False):
            if not word or word.startswith("#"):
                continue
            # A capital after a small word is no sentence's first: a proper name.
            proper = written[0].isupper() and before != "" and not written.isupper()
            self._naming[word] += (before in _BEFORE_NAMES) + (after in _AFTER_NAMES) + proper
            self._doing[word] += (before in _BEFORE_VERBS) + (after in _AFTER_VERBS)

    def share(self, word: str) -> float:
        """How far the word, in lower case, is used to name something: 0 to 1."""
        doubt = next((doubt for ending, doubt in _ENDINGS.items() if word.endswith(ending)), _DOINGS)
        naming = self._naming[word] + _NAMES
        return naming / (naming + self._doing[word] + doubt)

    def names(self, phrase: str) -> bool:
        """Whether a phrase, in lower case, names something."""
        held = phrase.split()
        return self.share(held[-1]) >= HEAD and self.share(held[0]) >= FIRST
