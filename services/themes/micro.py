"""Micro-clusters: sums of post vectors, in arrays that never grow."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from soundings.services.themes.linkage import Matrix, Rows

Floats = npt.NDArray[np.float32]


FREE = -1
"""No decision holds a micro-cluster."""
USUAL = 32
"""A word that more than one in so many clusters hold is usual."""


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
        self._touched: list[Rows] = [np.zeros(0, dtype=np.intp)]
        """Places of `words` that may hold a weight, the first of them in order: all others are zero, and looking
        through them takes long."""
        self.mass = np.zeros(capacity)
        self.first = np.zeros(capacity, dtype=np.int64)
        self.seen = np.zeros(capacity, dtype=np.int64)
        """Numbers (in the stream) of the texts that it first and last took in."""
        self.copies = np.zeros(capacity, dtype=np.int64)
        """Reposts and exact copies of its posts."""
        self.names = np.zeros(capacity, dtype=np.int64)
        self.theme = np.zeros(capacity, dtype=np.int64)
        self.bound = np.full(capacity, FREE, dtype=np.int64)
        """The theme that a person's decision holds it in."""
        self._names: npt.NDArray[np.int64] = self.theme[:0]
        self._places: npt.NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        """The theme of each live cluster as a place among `_names`: sorting them for every post would cost more than
        finding the nearest cluster."""

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
        if len(self._places) != live:
            self._names, self._places = np.unique(self.theme[:live], return_inverse=True)
        mass = np.bincount(self._places, weights=self.mass[:live])
        mean = np.bincount(self._places, weights=alike * self.mass[:live]) / mass
        best = int(mean.argmax())
        return int(self._names[best]) if mean[best] >= least else -1

    def name_themes(self, themes: npt.NDArray[np.int64]) -> None:
        """The theme of each live cluster from now on."""
        self.theme[: self.live] = themes
        self._names, self._places = np.unique(themes, return_inverse=True)

    def add(self, slot: int, vector: Floats, rows: Rows, weights: Floats, number: int) -> None:
        self.rows = max(self.rows, int(rows.max(initial=-1)) + 1)
        self.dense[slot] += vector
        self.words[rows, slot] += weights
        self._touched.append(rows * self.capacity + slot)
        self.mass[slot] += 1
        self.seen[slot] = number

    def own(self, words: sparse.csr_array) -> Matrix:
        """Mean similarity of each cluster's posts with one another, each with itself included.

        Args:
            words: as `by_cluster` gives them.
        """
        live = self.live
        slots = np.repeat(np.arange(live), np.diff(words.indptr))
        sums = np.bincount(slots, weights=words.data.astype(np.float64) ** 2, minlength=live) * self.words_share
        if self.dense.shape[1]:
            sums += np.einsum("ij,ij->i", self.dense[:live], self.dense[:live]) * (1 - self.words_share)
        return np.asarray(sums / self.mass[:live] ** 2)

    def open(self, name: int, theme: int, number: int) -> int:
        slot = self.live
        self.live += 1
        self.first[slot] = number
        self.names[slot] = name
        self.theme[slot] = theme
        if len(self._places) == slot:
            place = int(np.searchsorted(self._names, theme))
            if place == len(self._names):
                self._names = np.append(self._names, theme)
            known = bool(self._names[place] == theme)
            self._places = np.append(self._places, place) if known else self._places[:0]
        self.bound[slot] = FREE
        return slot

    def pairwise(self, words: sparse.csr_array) -> Matrix:
        """Mean similarity of every two live clusters; the diagonal means nothing.

        Args:
            words: as `by_cluster` gives them.
        """
        live = self.live
        part = (1 / self.mass[:live]).astype(np.float32)[:, None]
        words = words.multiply(part * np.float32(self.words_share**0.5)).tocsc()
        # A word that many clusters hold makes a sparse product dense: those go the way of dense matrices.
        usual = np.diff(words.indptr) * USUAL > live
        dense = self.dense[:live] * (part * np.float32((1 - self.words_share) ** 0.5))
        whole = np.concatenate([words[:, usual].toarray(), dense], axis=1)
        alike: Floats = whole @ whole.T
        rare = words[:, ~usual].tocsr()
        alike += (rare @ rare.T).toarray()
        return alike

    def by_cluster(self) -> sparse.csr_array:
        """Words as a sparse matrix, a row for each cluster."""
        places, weights = self.weights()
        rows, slots = np.divmod(places, self.capacity)
        return sparse.csr_array((weights, (slots, rows)), shape=(self.live, self.rows))

    def weights(self) -> tuple[Rows, Floats]:
        """Places in `words`, read along its rows, that hold a weight, and these weights."""
        places = self._touched[0]
        if len(self._touched) > 1:
            # Sorting beats np.unique, which builds a hash table.
            places = np.sort(np.concatenate(self._touched))
            places = places[np.diff(places, prepend=-1) > 0]
        found = self.words.reshape(-1)[places]
        self._touched = [places[found != 0]]
        return self._touched[0], found[found != 0]

    def set_weights(self, places: Rows, weights: Floats) -> None:
        """Puts back what `weights` gave, and nothing else; this beats moving the columns of a large table."""
        flat = self.words.reshape(-1)
        flat[self.weights()[0]] = 0
        flat[places] = weights
        self._touched = [np.sort(places)]

    def _set_words(self, words: sparse.csr_array) -> None:
        found = words.tocoo()
        self.set_weights(found.col.astype(np.intp) * self.capacity + found.row, found.data)

    def merge(self, lead: Rows) -> None:
        """Adds each slot to the slot `lead` names for it, then closes the gaps. Names and themes are the lead's."""
        live = self.live
        kept, into = np.unique(lead, return_inverse=True)
        gather = sparse.csr_array((np.ones(live, dtype=np.float32), (into, np.arange(live))), shape=(len(kept), live))
        dense, mass = gather @ self.dense[:live], gather @ self.mass[:live]
        seen, first = np.zeros(len(kept), dtype=np.int64), self.first[kept].copy()
        np.maximum.at(seen, into, self.seen[:live])
        np.minimum.at(first, into, self.first[:live])
        copies = np.bincount(into, weights=self.copies[:live]).astype(np.int64)
        self._set_words(gather @ self.by_cluster())
        self._close_gaps(kept)
        left = len(kept)
        self.dense[:left], self.mass[:left], self.copies[:left] = dense, mass, copies
        self.first[:left], self.seen[:left] = first, seen

    def keep(self, slots: Rows) -> None:
        """Only these slots stay, in this order."""
        self._set_words(self.by_cluster()[slots])
        self._close_gaps(slots)

    def _close_gaps(self, slots: Rows) -> None:
        left = len(slots)
        self._places = self._places[:0]
        for values in (self.dense, self.mass, self.first, self.seen, self.copies, self.names, self.theme, self.bound):
            values[:left] = values[slots]
            values[left : self.live] = 0
        self.live = left

    def fade(self, factor: float) -> None:
        live = self.live
        self.dense[:live] *= factor
        self.words.reshape(-1)[self.weights()[0]] *= np.float32(factor)
        self.mass[:live] *= factor
