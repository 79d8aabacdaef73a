"""Which words name something, from how a stream uses them: titles are made of names, and no tagger is at hand.

What stands after `the` or before `is` names something; what stands after `we`, `to` or `were`, or before `the`, says
what is done or how it is; what begins a post and stands alone there calls somebody or praises.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from soundings.services.themes.phrases import FUNCTION_WORDS, plain

_BEFORE_NAMES = frozenset("the a an this these those my your our their his her its no some any of 's".split())
_BEFORE_HEADS = _BEFORE_NAMES | frozenset(
    "in with by from on about for into at near over under through against".split()
)
_BEFORE_VERBS = frozenset(
    """to will would can could should must may might shall not i we you they he she it who that is are was were be been
    being am have has had having please let's don't doesn't didn't won't can't isn't aren't wasn't weren't i'm we're
    you're they're i've we've very so too more most just now also really get gets getting how what looks look looking
    absolutely quite rather such""".split()
)
_AFTER_NAMES = frozenset("is are was were of will has have".split())
_AFTER_VERBS = frozenset("the a an my your our their his her its you us them me him it this these those".split())
_PLACING = frozenset("the in at near around across into on through over towards outside along this our".split())
"""Words before a place or a thing, hardly ever before somebody."""
_GREETINGS = frozenset("thanks thank hi hello hey dear you done morning evening sorry ok yes cheers well".split())
_NAMES, _DOINGS = 1.0, 0.5
"""Uses that a word counts as having before it is seen: most words of a text that are not small words name something."""
_ENDINGS = {"ed": 3.0, "ly": 3.0, "ing": 2.0}
"""How often words so ended must be seen to name something until they are believed to."""
HEAD = 0.5
"""Share of naming uses that the last word of a phrase has, which says what it is about."""
FIRST = 0.35
"""The same of the first word, which may well tell what kind."""
CAPITAL = 4
"""Uses with a capital for each without one, above which a word is a proper name: headlines have capitals too."""
PLACED = 0.15
"""Share of a proper name's uses after a placing word, below which it is somebody's: a handful of places stand after
`from` and `to` only, which people do too."""


class Nouns:
    """Counts over all texts of a stream's themes; the order of texts does not matter."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        """`texts` as `pieces` reads them."""
        self._naming: Counter[str] = Counter()
        self._heads: Counter[str] = Counter()
        self._doing: Counter[str] = Counter()
        self._called: Counter[str] = Counter()
        self._upper: Counter[str] = Counter()
        self._shouted: Counter[str] = Counter()
        self._lower: Counter[str] = Counter()
        self._placed: Counter[str] = Counter()
        for found in texts:
            self._read(found)

    def _read(self, found: Sequence[str]) -> None:
        held = [plain(piece) for piece in found]
        spoken = [index for index, word in enumerate(held) if word]
        for index in spoken:
            word, written = held[index], found[index]
            if word in FUNCTION_WORDS or word.startswith("#"):
                continue
            before = held[index - 1] if index else ""
            after = held[index + 1] if index + 1 < len(held) else ""
            greeted = before in _GREETINGS
            alone = not before and index in (spoken[0], spoken[-1])
            self._called[word] += not after and (greeted or alone)
            self._count_use(word, written, before, after, greeted=greeted)
            self._upper[word] += written[0].isupper()
            self._shouted[word] += written.isupper()
            self._lower[word] += not written[0].isupper()
            self._placed[word] += before in _PLACING

    def _count_use(self, word: str, written: str, before: str, after: str, *, greeted: bool) -> None:
        capital = written[0].isupper()
        # A capital after a small word is no sentence's first: a proper name.
        proper = capital and before != "" and not written.isupper() and not greeted
        ended = not after or after in FUNCTION_WORDS
        to_a_place = before == "to" and capital
        done = before in _BEFORE_VERBS and not to_a_place
        subject = after in _AFTER_NAMES and not (done and after == "of")  # `to dispose of` names nothing
        self._naming[word] += (before in _BEFORE_NAMES) + subject + proper
        # Before another word that says something it may be an adjective: `the late ferry`.
        self._heads[word] += (before in _BEFORE_HEADS or subject or proper) and ended
        self._doing[word] += done + (after in _AFTER_VERBS)

    def share(self, word: str) -> float:
        """How far the word, in lower case, is used to name something or to tell what kind: 0 to 1."""
        naming = self._naming[word] + _NAMES
        return naming / (naming + self._doing[word] + _doubt(word))

    def heads(self, word: str) -> float:
        """How far the word, in lower case, is itself what is named, neither told of it nor called out: 0 to 1."""
        heads = self._heads[word] + _NAMES
        return heads / (heads + self._doing[word] + self._called[word] + _doubt(word))

    def proper(self, word: str) -> bool:
        """Whether the word, in lower case, is mostly written with a capital."""
        return self._upper[word] > CAPITAL * self._lower[word]

    def person(self, words: Sequence[str]) -> bool:
        """Whether words, in lower case, look like somebody's name: all proper, none shouted (an abbreviation), and
        hardly ever after a word that stands before places and things."""
        return all(
            self.proper(word)
            and 2 * self._shouted[word] <= self._upper[word]
            and self._placed[word] < PLACED * self._upper[word]
            for word in words
            if word not in FUNCTION_WORDS
        )

    def names(self, words: Sequence[str]) -> bool:
        """Whether a phrase of these words, in lower case, names something."""
        return self.heads(words[-1]) >= HEAD and self.share(words[0]) >= FIRST


def _doubt(word: str) -> float:
    return next((doubt for ending, doubt in _ENDINGS.items() if word.endswith(ending)), _DOINGS)
