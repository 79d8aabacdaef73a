"""The Encoder port: a text as a vector of what it means. Words alone (`NoEncoder`) always work."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


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

    Weighting tokens by rarity was measured and is worse: the table was trained for the plain mean.
    """

    def __init__(self) -> None:
        import wordllama

        # No threads of its own: the cores are the other agents'.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
        self._table: Vectors = model.embedding
        self._tokenizer = model.tokenizer
        self._tokenizer.no_padding()
        self.name = "wordllama-l2-256"
        self.width = int(self._table.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.width), dtype=np.float32)
        for row, text in enumerate(texts):
            # The fast call keeps no offsets, which halves its time.
            ids = self._tokenizer.encode_batch_fast([text.lower()], add_special_tokens=False)[0].ids
            if ids:
                vectors[row] = np.add.reduce(self._table.take(ids, axis=0, mode="clip"), axis=0) / len(ids)
        return vectors
