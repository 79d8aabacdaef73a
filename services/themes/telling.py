"""How much a phrase tells of a theme: by how many texts hold it and its words here and elsewhere, and by whether it is
a whole name.

Informativeness as in Tomokiyo and Hurst 2003 (how far a phrase's share here exceeds its share elsewhere), by texts
rather than by running words, so that one long text has no more say than a short one.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log, prod

from soundings.services.tagging.cues import insults
from soundings.services.themes.nouns import HEAD, Nouns
from soundings.services.themes.phrases import edge, plain, spans, stem

LONGER = 0.4
"""What each further word adds to a phrase's weight, up to three: a single word rarely tells a matter."""
BARE = 0.7
"""Weight of a single word that is neither a name nor a hashtag."""
SOMEBODY = 0.4
"""Weight of a name that looks like a person's: who is addressed is seldom what it is about."""
PIECE = 0.05
"""Weight of a phrase before which the same word always stands: the longer one may be too long for a title."""
WORDS = 0.5
"""Part of a phrase's weight that its words have (their geometric mean, so that each must be said), the rest is its own:
people say a thing in several ways, but in the same words."""
CHANCE = 0.9
"""Texts taken off each count: one use may be chance, from the second on it is something that is being said. Less than
one, so that in a theme of a few texts something is left."""
ELSEWHERE = 0.02
"""Share added to what a phrase has elsewhere: otherwise of two words that are rare there, the rarer wins here, though
fewer say it."""
EVERYWHERE = 2
"""Power of the share of themes that do not have a phrase: what turns up everywhere, however thinly (`question`), names
no matter; by its texts alone it looks as rare as what one other theme is about."""
TYPICAL = 0.3
"""A word in so large a share of all themes is this stream's small talk."""
ENOUGH_THEMES = 10
"""Fewer themes cannot say what is typical."""
ENOUGH_TEXTS = 5
"""From so many texts on, a phrase counts if two of them hold it."""

Around = dict[str, list[tuple[str, str]]]
"""For each phrase of a theme the words before and after it, once for each text that holds it."""


Use = tuple[Sequence[str], int, int]
"""A phrase in a text, once for each text that holds it: the text's pieces, where it begins and ends."""


def most_written(uses: Sequence[Use]) -> str:
    """How most write a phrase; of equally common forms that with fewer capitals, which are often shouting."""
    forms = Counter(" ".join(found[start:end]) for found, start, end in uses)
    return min(forms, key=lambda form: (-forms[form], sum(c.isupper() for c in form), form))


class Telling:
    """Weights of phrases over all themes of a stream; the order of themes and texts does not matter."""

    def __init__(self, texts: Mapping[int, Sequence[Sequence[str]]]) -> None:
        """`texts` of each theme as `pieces` reads them."""
        self.nouns = Nouns(found for held in texts.values() for found in held)
        self._uses: defaultdict[str, list[Use]] = defaultdict(list)
        self._forms: dict[str, str] = {}
        self.around = {theme: self._count(held) for theme, held in texts.items()}
        self._sizes = {theme: len(held) for theme, held in texts.items()}
        self._themes = Counter(name for held in self.around.values() for name in held)
        self._worth: dict[str, tuple[float, list[float]]] = {}

    def weights(self, theme: int, least: int | None = None) -> dict[str, float]:
        """Phrases, by key, that may stand in the theme's title; a weight is above 0.

        Args:
            least: texts that must hold a phrase; by default 2 from ENOUGH_TEXTS texts on.
        """
        if least is None:
            least = 2 if self._sizes[theme] >= ENOUGH_TEXTS else 1
        informs: dict[str, float] = {}
        found = {}
        for name, held in self.around[theme].items():
            words = name.split()
            if len(held) < least or all(map(self._small_talk, words)):
                continue
            worth, shares = self._worth_of(name)
            if not worth:
                continue
            for part in (name, *words):
                if part not in informs:
                    informs[part] = self._informs(theme, part)
            by_word = [informs[word] * share for word, share in zip(words, shares, strict=True) if share]
            telling = WORDS * prod(by_word) ** (1 / len(by_word)) + (1 - WORDS) * informs[name]
            if telling > 0:
                found[name] = worth * telling
        return found

    def form(self, name: str) -> str:
        if name not in self._forms:
            self._forms[name] = most_written(self._uses[name])
        return self._forms[name]

    def proper(self, name: str) -> bool:
        """Whether a phrase is a proper name throughout."""
        form = self.form(name)
        return form[0] != "#" and all(self.nouns.proper(plain(word)) for word in form.split() if edge(word))

    def _small_talk(self, word: str) -> bool:
        return len(self._sizes) >= ENOUGH_THEMES and self._themes[word] > TYPICAL * len(self._sizes)

    def _informs(self, theme: int, name: str) -> float:
        held = self.around[theme].get(name)
        if not held:
            return 0.0
        size = self._sizes[theme]
        # What one text spreads in copies stands between the same words; what people say themselves does not.
        support = (len(held) + len(set(held))) / 2
        here = max(0.0, support - CHANCE) / size
        elsewhere = (len(self._uses[name]) - len(held)) / (sum(self._sizes.values()) - size + 1)
        others = (self._themes[name] - 1) / len(self._sizes)
        return here * log(1 + here / (ELSEWHERE + elsewhere)) * (1 - others) ** EVERYWHERE

    def _worth_of(self, name: str) -> tuple[float, list[float]]:
        """What a phrase is worth wherever it stands (0: it names nothing), and how far each of its words names
        something, 0 for small words."""
        if name not in self._worth:
            self._worth[name] = self._judge(name)
        return self._worth[name]

    def _judge(self, name: str) -> tuple[float, list[float]]:
        form = self.form(name)
        words = [plain(word) for word in form.split()]
        # What people call others is for the posts themselves: a title goes into letters and onto walls.
        if insults([word.lstrip("#") for word in words]):
            return 0.0, []
        if form[0] == "#":
            return 1.0, [1.0]
        if not self.nouns.names(words):
            return 0.0, []
        # `loss of the pier` has two words; in `Quay under Lyme` the small one is part of a name.
        size = sum(edge(word) or form[0].isupper() for word in words)
        worth = 1 + LONGER * (min(size, 3) - 1)
        if len(words) == 1 and not self.nouns.proper(words[0]):
            worth = BARE
        if self.nouns.person(words):
            worth *= SOMEBODY
        shares = [min(1.0, self.nouns.heads(word) / HEAD) if edge(word) else 0.0 for word in words]
        return worth * self._whole(self._uses[name]), shares

    def _whole(self, uses: Sequence[Use]) -> float:
        """How often a phrase stands for itself: not where the same word always comes before it, nor where a name
        follows (`larger` of `ferries in larger harbours`)."""
        after = Counter(plain(found[end]) for found, _, end in uses if end < len(found) and _says(found[end]))
        before = Counter(plain(found[start - 1]) for found, start, _ in uses if start and _says(found[start - 1]))
        right = sum(n for word, n in after.items() if self.nouns.heads(word) >= HEAD) / len(uses)
        left = max(before.values(), default=0) / len(uses)
        return max(PIECE, 1 - left) * (1 - right)

    def _count(self, texts: Sequence[Sequence[str]]) -> Around:
        around: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for found in texts:
            stems = [stem(piece) if piece else "" for piece in found]
            earlier, later = _last_words(stems), _last_words(stems[::-1])[::-1]
            seen: set[str] = set()
            for start, end in spans(found):
                name = " ".join(stems[start:end])
                if name not in seen:
                    seen.add(name)
                    self._uses[name].append((found, start, end))
                    around[name].append((earlier[start], later[end]))
        return dict(around)


def _says(word: str) -> bool:
    return edge(word) and word[0] != "#"


def _last_words(stems: Sequence[str]) -> list[str]:
    """For each place between pieces the last word before it, across punctuation, links and handles."""
    words = [""]
    for word in stems:
        words.append(word or words[-1])
    return words
