"""Micro-clusters: sums of post vectors, in arrays that never grow."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from soundings.services.themes.linkage import Matrix

Rows = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float32]


class MicroClusters:
    """Slots 0 to `live`-1 are in use. Similarity is a mean over a cluster's posts, see linkage.py."""

    def __init__(self, *, capacity: int, width: int, vocabulary: int, words_share: float) -> None:
        self.capacity = capacity
        self.words_share = words_share if width else 1.0
        self.live = 0
        self.dense: Floats = np.zeros((capacity, width), dtype=np.float32)
        self.words: Floats = np.zeros((vocabulary, capacity), dtype=np.float32)
        """One row a word, so that the few words of a post touch few pages."""
        self.rows = 0
        """Rows from here on were never used."""
        self.mass = np.zeros(capacity)
        self.seen = np.zeros(capacity, dtype=np.int64)
        """Number of the post (of the stream) that it last took in."""
        self.names = np.zeros(capacity, dtype=np.int64)
        self.theme = np.zeros(capacity, dtype=np.int64)

    def similarity(self, vector: Floats, rows: Rows, weights: Floats) -> Matrix:
        """Mean similarity of a post with the posts of each live cluster."""
        live = self.live
        alike = (weights @ self.words[rows, :live]) * self.words_share
        if len(vector):
            alike += (self.dense[:live] @ vector) * (1 - self.words_share)
        return alike / self.mass[:live]

    def nearest_theme(self, alike: Matrix, least: float) -> int:
        """The theme whose posts are most alike on average, given similarities with clusters; -1 below `least`."""
        live = self.live
        names, place = np.unique(self.theme[:live], return_inverse=True)
        mass = np.bincount(place, weights=self.mass[:live])
        mean = np.bincount(place, weights=alike * self.mass[:live]) / mass
        best = int(mean.argmax())
        return int(names[best]) if mean[best] >= least else -1

    def add(self, slot: int, vector: Floats, rows: Rows, weights: Floats, number: int) -> None:
        self.rows = max(self.rows, int(rows.max(initial=-1)) + 1)
        self.dense[slot] += vector
        self.words[rows, slot] += weights
        self.mass[slot] += 1
        self.seen[slot] = number

    def open(self, name: int, theme: int) -> int:
        slot = self.live
        self.live += 1
        self.names[slot] = name
        self.theme[slot] = theme
        return slot

    def pairwise(self) -> Matrix:
        """Mean similarity of every two live clusters; the diagonal means nothing."""
        live = self.live
        words = self._by_cluster()
        alike: Matrix = (words @ words.T).toarray().astype(np.float64) * self.words_share
        if self.dense.shape[1]:
            alike += (self.dense[:live] @ self.dense[:live].T) * (1 - self.words_share)
        mass = self.mass[:live]
        alike /= mass[:, None] * mass[None, :]
        return alike

    def _by_cluster(self) -> sparse.csr_array:
        return sparse.csr_array(sparse.csr_array(self.words[: self.rows, : self.live]).T)

    def merge(self, lead: Rows) -> None:
        """Adds each slot to the slot `lead` names for it, then closes the gaps. Names and themes are the lead's."""
        live = self.live
        kept, into = np.unique(lead, return_inverse=True)
        gather = sparse.csr_array((np.ones(live, dtype=np.float32), (into, np.arange(live))), shape=(len(kept), live))
        dense, mass = gather @ self.dense[:live], gather @ self.mass[:live]
        seen = np.zeros(len(kept), dtype=np.int64)
        np.maximum.at(seen, into, self.seen[:live])
        words = (gather @ self._by_cluster()).tocoo()
        self.keep(kept)
        left = len(kept)
        self.dense[:left], self.mass[:left], self.seen[:left] = dense, mass, seen
        self.words[: self.rows, :left] = 0
        self.words[words.col, words.row] = words.data

    def keep(self, slots: Rows) -> None:
        """Only these slots stay, in this order."""
        left = len(slots)
        for values in (self.dense, self.mass, self.seen, self.names, self.theme):
            values[:left] = values[slots]
            values[left : self.live] = 0
        used = self.words[: self.rows]
        used[:, :left] = used[:, slots]
        used[:, left : self.live] = 0
        self.live = left

    def fade(self, factor: float) -> None:
        live = self.live
        self.dense[:live] *= factor
        self.words[: self.rows, :live] *= np.float32(factor)
        self.mass[:live] *= factor
