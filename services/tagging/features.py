"""What the linear models see of a batch: hashed word and character n-grams as sparse counts.

Everything that runs over characters runs once over the whole batch, as one array: 5,000 texts/s leave 200 microseconds
for a text, and a Python loop over its n-grams would take all of it.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]

BITS = 18
"""Buckets of each block, as a power of two. 262,144: with half as many, collisions cost .003 of the offensive model's
macro F1; the shipped file grows by half a megabyte."""

CHARACTER_ORDERS = (2, 3, 4, 5)

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|\n|[^\w\s]|_")
_MIX = np.uint64(0xD6E8FEB86659FD93)
_STEP = np.uint64(0x100000001B3)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_REMEMBERED_WORDS = 200_000
"""A few hundred distinct words come back all the time; the memory is emptied when it holds this many (about 20 MB)."""


class _WordHashes(dict[str, int]):
    """Word to 64-bit value: stable between processes (`hash()` of a string is not)."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED_WORDS:
            self.clear()
        data = word.encode("utf-8", "replace")
        value = self[word] = zlib.crc32(data) | zlib.adler32(data) << 32
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One family of n-grams of n texts."""

    counts: tuple[Any, ...]
    """A CSR matrix, n by 2**BITS, for each kind of n-gram; an entry may be repeated, which a product adds up."""
    scale: Floats
    """1 / sqrt(number of n-grams) of each text: what its row is multiplied with, so that long texts do not shout."""

    def times(self, weights: Floats) -> Floats:
        """The product with weights of shape (2**BITS, k), scaled: shape (n, k)."""
        total: Floats = sum(matrix @ weights for matrix in self.counts)
        return total * self.scale[:, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    tokens: list[list[str]]
    words: Block
    """Words, pairs of neighbours (the text's edges are neighbours too), pairs with one word between."""
    characters: Block
    """Runs of 2 to 5 characters, spaces included."""


def tokenise(normalised: Sequence[str]) -> list[list[str]]:
    """Words (with their apostrophe), numbers, and each other sign by itself."""
    rows: list[list[str]] = [[]]
    for word in _TOKEN.findall("\n".join(normalised)):
        if word == "\n":
            rows.append([])
        else:
            rows[-1].append(word)
    return rows


def count(normalised: Sequence[str], hashes: dict[str, int]) -> Batch:
    """Features of texts as `normalise` returned them; `hashes` is kept between calls for speed only."""
    tokens = tokenise(normalised)
    return Batch(
        tokens=tokens,
        words=_block(_word_grams(tokens, hashes), len(tokens)),
        characters=_block(_character_grams(normalised), len(tokens)),
    )


def word_hashes() -> dict[str, int]:
    """An empty memory for `count`."""
    return _WordHashes()


Grams = tuple[Hashes, npt.NDArray[np.intp]]
"""Hash and row of each n-gram, in the order of the rows."""


def _word_grams(tokens: Sequence[list[str]], hashes: dict[str, int]) -> list[Grams]:
    flat = ["\n"]
    for row in tokens:
        flat += row
        flat.append("\n")
    edge = np.zeros(len(flat), bool)
    edge[np.cumsum([0, *(len(row) + 1 for row in tokens)])] = True
    rows = np.cumsum(edge) - 1
    values = np.fromiter(map(hashes.__getitem__, flat), np.uint64, len(flat)) * _MIX
    values ^= values >> np.uint64(32)
    pair = ~(edge[:-1] & edge[1:])
    skip = ~(edge[:-2] | edge[1:-1] | edge[2:])
    return [
        (values[~edge], rows[~edge]),
        ((values[:-1] * np.uint64(31) + values[1:])[pair], rows[:-1][pair]),
        ((values[:-2] * np.uint64(1001) + values[2:] * np.uint64(17))[skip], rows[:-2][skip]),
    ]


def _character_grams(normalised: Sequence[str]) -> list[Grams]:
    # Each text stands between spaces, so that a run knows a word's start and end; line feeds part the texts.
    batch = "".join(f"\n {text} " for text in normalised) + "\n"
    codes = np.frombuffer(batch.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    rows = np.cumsum(codes == ord("\n")) - 1
    values = (codes + np.uint64(1)) * _MIX
    values ^= values >> np.uint64(29)
    text = codes != ord("\n")
    grams = []
    run = values
    for order in range(2, max(CHARACTER_ORDERS) + 1):
        run = run[:-1] * _STEP + values[order - 1 :]
        inside = text[: len(run)] & (rows[: len(run)] == rows[order - 1 :])
        grams.append((run[inside], rows[: len(run)][inside]))
    return grams


def _block(grams: Sequence[Grams], texts: int) -> Block:
    matrices = []
    total = np.zeros(texts, np.int64)
    for values, rows in grams:
        starts = np.searchsorted(rows, np.arange(texts + 1)).astype(np.int32)
        buckets = ((values * _SPREAD) >> np.uint64(64 - BITS)).astype(np.int32)
        ones = np.ones(len(buckets), np.float32)
        matrices.append(sparse.csr_matrix((ones, buckets, starts), shape=(texts, 1 << BITS)))
        total += np.diff(starts)
    return Block(counts=tuple(matrices), scale=(1 / np.sqrt(np.maximum(total, 1))).astype(np.float32))
