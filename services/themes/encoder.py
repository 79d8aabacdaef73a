"""The Encoder port: a text as a vector of what it means. Words alone (`NoEncoder`) always work."""

import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

Vectors = npt.NDArray[np.float32]

WORDS_KEPT = 32_768
"""Words whose tokens are kept, with the signs at them; nine of ten have then been met before. Some 8 MB."""
SPACE = "▁"
"""What the tokenizer writes for a space."""


class Encoder(Protocol):
    """The vector of a text may depend on nothing but that text: neither on the batch nor on what came before."""

    name: str
    """Goes into saved state: vectors of different encoders must never be compared."""
    width: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, of length `width`; all zero for a text without words it knows."""
        ...


class NoEncoder:
    """Words only: for a language that the static embeddings do not know, or where they may not be shipped."""

    name = "words"
    width = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), 0), dtype=np.float32)


class StaticEncoder:
    """Mean of static token embeddings (wordllama's 256-dimensional table, in the wheel; nothing is downloaded).

    Weighting tokens by rarity was measured and is worse: the table was trained for the plain mean. Not safe for use by
    two threads, for it remembers words.
    """

    def __init__(self) -> None:
        import wordllama

        # No threads of its own: the cores are the other agents'.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
        self._table: Vectors = model.embedding
        self._tokenizer = model.tokenizer
        self._tokenizer.no_padding()
        # Somebody may write `<s>`, which means nothing to us.
        self._tokenizer.encode_special_tokens = True
        self._begins = np.zeros(self._table.shape[0], dtype=np.bool_)
        """Tokens that a word begins with, and no other."""
        self._begins[[id_ for token, id_ in self._tokenizer.get_vocab().items() if token.startswith(SPACE)]] = True
        self._ids: dict[str, list[int]] = {}
        """Tokens of words met lately."""
        self.name = "wordllama-l2-256"
        self.width = int(self._table.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        split = [text.lower().replace(SPACE, " ").split() for text in texts]
        self._look_up(split)
        ids = [list(chain.from_iterable(map(self._ids.__getitem__, words))) for words in split]
        ends = np.cumsum([0, *map(len, ids)])
        flat = np.fromiter(chain.from_iterable(ids), dtype=np.int32, count=int(ends[-1]))
        shape = len(texts), self._table.shape[0]
        # A row of the product depends on that row alone, and its sum is taken in the order of the text.
        sums = sparse.csr_array((np.ones(len(flat), dtype=np.float32), flat, ends), shape=shape) @ self._table
        return np.asarray(sums / np.maximum(np.diff(ends), 1)[:, None].astype(np.float32))

    def _look_up(self, texts: Sequence[Sequence[str]]) -> None:
        """Tokens of all these words. No token reaches over a space, so a text's tokens are those of its words, and
        most words have been met before."""
        if len(self._ids) > WORDS_KEPT:
            self._ids.clear()
        fresh = [word for word in dict.fromkeys(chain.from_iterable(texts)) if word not in self._ids]
        if not fresh:
            return
        # In one go, for a call takes ten times as long as a word; the fast one keeps no offsets.
        ids = self._tokenizer.encode_batch_fast([" ".join(fresh)], add_special_tokens=False)[0].ids
        begins = np.flatnonzero(self._begins[ids]).tolist()
        spans = zip(fresh, begins, [*begins[1:], len(ids)], strict=True)
        self._ids.update((word, ids[begin:end]) for word, begin, end in spans)
