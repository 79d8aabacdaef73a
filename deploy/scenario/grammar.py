"""Sentences from slots: a template names other lists in braces, and every list has many alternatives."""

import re
from collections.abc import Mapping, Sequence
from random import Random

Grammar = Mapping[str, Sequence[str]]

_SLOT = re.compile(r"\{(\w+)\}")
_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([,.?!;:])")
_SENTENCE_START = re.compile(r"(^|[.!?] )(?!https)([a-z])")
_A_BEFORE_VOWEL = re.compile(r"\b([Aa]) (?=[aeiou])")


def merged(*grammars: Grammar) -> dict[str, Sequence[str]]:
    """One grammar of several; a later one's list replaces an earlier one's."""
    return {name: alternatives for grammar in grammars for name, alternatives in grammar.items()}


def expand(rng: Random, grammar: Grammar, slot: str) -> str:
    """One sentence of the slot.

    Raises:
        KeyError: if a template names a list that the grammar lacks.
    """
    text = rng.choice(grammar[slot])
    while match := _SLOT.search(text):
        text = f"{text[: match.start()]}{rng.choice(grammar[match.group(1)])}{text[match.end() :]}"
    text = _BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", text)).strip()
    text = _A_BEFORE_VOWEL.sub(r"\1n ", text)
    return _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)


def hasten(rng: Random, text: str, haste: float) -> str:
    """The text as somebody in a hurry types it; names, hashtags and links stay as they are."""
    if rng.random() < haste * 0.5:
        text = text.replace("'", "")
    if rng.random() < haste * 0.5:
        text = text.rstrip(".")
    if rng.random() < haste * 0.3:
        text = " ".join(word if word[0] in "@#" or "://" in word else word.lower() for word in text.split())
    return " ".join(_slip(rng, word) if rng.random() < haste * 0.05 else word for word in text.split())


def _slip(rng: Random, word: str) -> str:
    """One slip of the fingers: two letters swapped, one lost or one doubled."""
    if len(word) < 5 or not word.isalpha():
        return word
    place = rng.randrange(1, len(word) - 2)
    slip = rng.randrange(3)
    if slip == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if slip == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place] + word[place:]


class Pen:
    """Writes sentences of one grammar and avoids saying the same twice while it can."""

    # A list with few alternatives runs out; after so many attempts a repetition is what people do, too.
    ATTEMPTS = 5

    def __init__(self, rng: Random, grammar: Grammar) -> None:
        self._rng = rng
        self._grammar = grammar
        self._said: set[str] = set()

    def write(self, slot: str, haste: float = 0.0) -> str:
        text = ""
        for _ in range(self.ATTEMPTS):
            text = hasten(self._rng, expand(self._rng, self._grammar, slot), haste)
            if text not in self._said:
                break
        self._said.add(text)
        return text
