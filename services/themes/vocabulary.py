"""Online TF-IDF: words of a stream, how many posts hold them, and the weights of a post's words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt

import numpy as np
import numpy.typing as npt

Weighed = tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]
"""Rows and weights of a post's words."""


class Vocabulary:
    """A bounded table of words. Rows of forgotten words are used again."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.rows: dict[str, int] = {}
        self.holding: npt.NDArray[np.float64] = np.zeros(capacity)
        """Posts that hold the word in this row."""
        self.posts = 0.0
        self.free: list[int] = []

    def learn(self, words: Sequence[str]) -> Weighed:
        """Counts a post's words, a new one gets a row, and weighs them (`weigh`). There must be room (`lacks_room`)."""
        self.posts += 1
        counts: dict[int, int] = {}
        for word in words:
            row = self.rows.get(word)
            if row is None:
                row = self.free.pop() if self.free else len(self.rows)
                self.rows[word] = row
                self.holding[row] = 0
            counts[row] = counts.get(row, 0) + 1
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        self.holding[rows] += 1
        return self._weigh(rows, counts)

    def lacks_room(self, words: Sequence[str]) -> bool:
        return len(self.rows) + len(words) > self.capacity

    def weigh(self, words: Sequence[str]) -> Weighed:
        """Rows and weights (a unit vector) of a post: (1 + ln tf) (1 + ln((1 + posts) / (1 + holding)))."""
        counts = Counter(self.rows[word] for word in words if word in self.rows)
        return self._weigh(np.fromiter(counts, dtype=np.intp, count=len(counts)), counts)

    def _weigh(self, rows: npt.NDArray[np.intp], counts: Mapping[int, int]) -> Weighed:
        often = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        weights = self._rarity(self.holding[rows]) * (1 + np.log(often))
        length = sqrt(float(weights @ weights)) or 1.0
        return rows, (weights / length).astype(np.float32)

    def rarity(self, rows: int) -> npt.NDArray[np.float64]:
        """Of the words in the first so many rows, at least that of a word in every post."""
        return np.maximum(self._rarity(self.holding[:rows]), 1.0)

    def _rarity(self, holding: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(log(1 + self.posts) + 1 - np.log(1 + holding))

    def forget(self, keep: int) -> npt.NDArray[np.intp]:
        """Forgets all but the `keep` words that most posts hold (of equal ones the first in the alphabet).

        Returns:
            The rows that are free now; their weights in the micro-clusters are to be cleared.
        """
        ranked = sorted(self.rows.items(), key=lambda item: (-self.holding[item[1]], item[0]))
        gone = sorted(row for _, row in ranked[keep:])
        self.rows = dict(ranked[:keep])
        self.holding[gone] = 0
        self.free = sorted([*self.free, *gone], reverse=True)
        return np.array(gone, dtype=np.intp)

    def fade(self, factor: float) -> None:
        self.holding *= factor
        self.posts *= factor
