"""Text to words: what is the same in two posts, whoever is addressed and whatever is linked."""

import re
from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b

_REPOST = re.compile(r"^\s*RT @\w+:\s*")
_HANDLE = r"[@＠][\w.\-]+(?:@[\w.\-]+)?"
_ADDRESSED = re.compile(rf"(?<![\w/]){_HANDLE}")
_NOISE = re.compile(rf"https?://\S+|www\.\S+|{_HANDLE}|&(?:amp|lt|gt|quot|#\d+);?", re.IGNORECASE)
_HASHTAG = re.compile(r"[#＃](\w+)")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_POSSESSIVE = ("'s", "’s")

LONGEST = 4_000
"""Characters of a post that are read: eight times the longest a platform here allows by default, so that one
oversized record cannot hold a worker up."""
PRINTS_KEPT = 8_192
"""Texts whose print is kept: a copy mostly follows its original within some thousand posts. Some 2 MB."""
WORDS_KEPT = 1_024
"""Texts whose words are kept, from being seen to being read: a batch, which is forgotten when it has been read."""


def clean(text: str) -> str:
    """The text without `RT @name:`, addresses, handles and entities; hashtags as the words they are made of.

    Handles go because everyone addresses the same few accounts, and a pseudonym says nothing about the matter.
    """
    bare = _NOISE.sub(" ", _REPOST.sub("", text[:LONGEST]))
    return " ".join(_HASHTAG.sub(lambda tag: " ".join(_CAMEL.split(tag[1])), bare).split())


def addressed(text: str) -> set[str]:
    """Handles in a text, whoever it was reposted from left out."""
    return set(_ADDRESSED.findall(_REPOST.sub("", text[:LONGEST]).casefold()))


def words(cleaned: str) -> list[str]:
    """Words in lower case, in order, without a possessive ending."""
    return [word[:-2] if word.endswith(_POSSESSIVE) else word for word in _WORD.findall(cleaned.casefold())]


@lru_cache(maxsize=WORDS_KEPT)
def words_of(text: str) -> tuple[str, tuple[str, ...]]:
    """A post's cleaned text and its words."""
    cleaned = clean(text)
    return cleaned, tuple(words(cleaned))


def print_of(text: str) -> int | None:
    """The same number for texts of the same words; None for a text without words."""
    _, held = words_of(text)
    return number_of(" ".join(held)) if held else None


class Prints:
    """Prints of the texts seen last, by a hash of each: a post that is deleted must not stand in memory for days."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, int | None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def of(self, text: str) -> int | None:
        """What `print_of` says, without reading a copy again."""
        key = number_of(text)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        found = self._known[key] = print_of(text)
        if len(self._known) > PRINTS_KEPT:
            self._known.popitem(last=False)
        return found


def number_of(value: str) -> int:
    """A number of 63 bits from a string, the same in every process (unlike `hash`); fits a signed 64-bit field."""
    return int.from_bytes(blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1
