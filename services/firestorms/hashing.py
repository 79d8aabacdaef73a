"""Stable hashes: the same in every process and on every machine, as Python's own `hash()` is not."""

import re
from functools import lru_cache
from hashlib import blake2b

BITS = 48
"""Two of 10,000 voices of a day share a hash with probability 2e-7; small enough to keep thousands in a state."""
SPACE = 1 << BITS

_NOT_WORDS = re.compile(r"https?://\S+|@\w+|[^\w\s]|\d+|_")
_HANDLE = re.compile(r"@\w+")
_COPY_WORDS = 5
"""Texts shorter than this many words ("well said", "disgusting") are alike by chance, not by copying."""


@lru_cache(maxsize=65_536)
def stable(text: str) -> int:
    """48 bits of the text."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest(), "big")


def copy_mark(text: str) -> int:
    """Equal for texts that differ in handles, links, numbers, case and punctuation only; 0 for very short ones."""
    words = _NOT_WORDS.sub(" ", text[:2_000]).casefold().split()
    if len(words) < _COPY_WORDS:
        return 0
    # 32 bits are enough to compare the few thousand texts of a day; the first words decide, ends are often varied.
    return stable(" ".join(words[:30])) >> (BITS - 32) or 1


def named(text: str) -> int:
    """How many different handles a text names."""
    return len(set(_HANDLE.findall(text[:2_000])))
