"""Text to words: what is the same in two posts, whoever is addressed and whatever is linked."""

import re
from hashlib import blake2b

_REPOST = re.compile(r"^\s*RT @\w+:\s*")
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@＠][\w.\-]+(?:@[\w.\-]+)?|&(?:amp|lt|gt|quot|#\d+);?", re.IGNORECASE)
_HASHTAG = re.compile(r"[#＃](\w+)")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")

LONGEST = 4_000
"""Characters of a post that are read: eight times the longest a platform here allows by default, so that one
oversized record cannot hold a worker up."""


def clean(text: str) -> str:
    """The text without `RT @name:`, addresses, handles and entities; hashtags as the words they are made of.

    Handles go because everyone addresses the same few accounts, and a pseudonym says nothing about the matter.
    """
    bare = _NOISE.sub(" ", _REPOST.sub("", text[:LONGEST]))
    return " ".join(_HASHTAG.sub(lambda tag: " ".join(_CAMEL.split(tag[1])), bare).split())


def words(cleaned: str) -> list[str]:
    """Words in lower case, in order, without a possessive ending."""
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(cleaned.casefold())]


def number_of(value: str) -> int:
    """A number of 63 bits from a string, the same in every process (unlike `hash`); fits a signed 64-bit field."""
    return int.from_bytes(blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1
