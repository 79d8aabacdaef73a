"""What the words of a group say about a cluster of posts: evidence that an average over whole texts drowns.

One of a post's thirty words may tell its matter. How much more often a group uses a word than the stream does is the
word's lift there (pointwise mutual information, Church and Hanks 1990), smoothed as a Dirichlet prior does (Zhai and
Lafferty 2004). Words count by how unevenly the groups use them: the divergence of their posts over the groups from
that of all posts (Kullback and Leibler 1951), so that *sewage* outweighs *today* whatever the stream.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from soundings.services.themes.linkage import Matrix, Rows, inside

Floats = npt.NDArray[np.float32]

SMOOTHING = 50.0
"""Posts of the stream's usual words that a group counts as having beside its own when clusters are moved: in a group
of a few posts nearly every word is far above its usual share."""
SMOOTHING_JOINED = 10.0
"""The same when groups are joined: both have been gathered by then, and small ones find their like."""
DOUBT = 5.0
"""Posts in which a word is taken to be used like any other, before it is seen to belong to some groups. Between 2 and
5 no collection measured moves by more than .003 AMI; with 20 no word tells enough and themes mix."""
LEAST_TELLING = 0.1
"""Nats below which a word is left out: saves a quarter of the time and moves no collection by more than .002 AMI."""
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Lift:
    """Telling words that at least two clusters hold: others cannot say which clusters belong together."""

    held: sparse.csr_array
    """Clusters by words, in shares of a post."""
    told: sparse.csr_array
    """The same, each word weighing what it tells."""
    share: Matrix
    """Of each word in all that was said."""
    length: Matrix
    """Posts of each cluster, as far as they have words."""

    @classmethod
    def of(cls, weights: sparse.csr_array, rarity: Matrix, more: sparse.csr_array, place: Rows) -> "Lift":
        """
        Args:
            weights: summed TF-IDF weights, clusters by words.
            rarity: of each word, which the weights contain.
            more: what counts like words, clusters by each such thing, in shares of a post.
            place: group of each cluster, numbered from 0, between which words are to tell.
        """
        counts = sparse.csr_array(sparse.hstack([weights @ sparse.diags_array(1 / rarity), more]))
        said = np.asarray(counts.sum(axis=0)).ravel()
        several = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) > 1)
        length = np.asarray(counts.sum(axis=1)).ravel()
        known = sparse.csr_array(counts[:, several])
        known.sort_indices()
        weight = telling(_gathered(known, place))
        words = weight >= LEAST_TELLING
        held, tells = _only(known, words), weight[words]
        told = sparse.csr_array((held.data * tells[held.indices], held.indices, held.indptr), shape=held.shape)
        return cls(held, told, (said[several] / max(float(said.sum()), TINY))[words], length)

    def for_groups(self, place: Rows, chosen: Rows) -> Floats:
        """Mean log lift of each cluster's words in every chosen group, the cluster itself left out of its own.

        Args:
            place: group of each cluster, numbered from 0.
            chosen: groups, each once.
        """
        members, group = inside(place, chosen)
        groups, size = self._groups(members, group)
        total = _sums(self.told)
        found = _mean(self.told, total, groups, self.share, size, SMOOTHING)
        told, held, total = self.told[members], self.held[members], total[members]
        member, word = np.repeat(np.arange(len(members)), np.diff(told.indptr)), told.indices
        left = np.maximum(groups.toarray()[group[member], word] - held.data, 0)
        own = np.bincount(member, weights=told.data * _lift(left, self.share[word], SMOOTHING), minlength=len(members))
        without = np.maximum(size[group] - self.length[members], 0)
        found[members, group] = np.where(total > TINY, own / np.maximum(total, TINY) + _base(without, SMOOTHING), 0)
        return found

    def between_groups(self, place: Rows) -> Matrix:
        """Mean log lift of each group's words in every other, weighted by size to be the same both ways; at least 0,
        for words that two groups lack say nothing."""
        groups, size = self._groups(np.arange(len(place)), place)
        gathered = _gathered(self.told, place)
        weighted = _mean(gathered, _sums(gathered), groups, self.share, size, SMOOTHING_JOINED) * size[:, None]
        both = (weighted + weighted.T) / np.maximum(size[:, None] + size[None, :], TINY)
        return np.asarray(np.maximum(both, 0))

    def _groups(self, members: Rows, group: Rows) -> tuple[sparse.csr_array, Matrix]:
        """Groups by words, and the posts of each group, given the group of each member."""
        size = np.bincount(group, weights=self.length[members]).astype(np.float64)
        return _gathered(self.held[members], group).astype(np.float32), size


def _mean(
    told: sparse.csr_array, total: Matrix, groups: sparse.csr_array, share: Matrix, size: Matrix, smoothing: float
) -> Floats:
    """Mean log lift of each row's words in every group; 0 for rows without words."""
    mean = sparse.csr_array(
        (told.data / np.repeat(np.maximum(total, TINY), np.diff(told.indptr)), told.indices, told.indptr),
        shape=told.shape,
    ).astype(np.float32)
    # A group lacks most words: the logarithm is taken of the others only.
    lift = np.zeros((told.shape[1], groups.shape[0]), dtype=np.float32)
    word, group = groups.indices, np.repeat(np.arange(groups.shape[0]), np.diff(groups.indptr))
    lift[word, group] = _lift(groups.data, share.astype(np.float32)[word], smoothing)
    found = mean @ lift
    found += _base(size, smoothing).astype(np.float32)
    found[total <= TINY] = 0
    return np.asarray(found)


def _lift(held: Matrix, share: Matrix, smoothing: float) -> Matrix:
    """Log lift of a word above that of one that is lacking (`_base`). Not by `log1p`, which takes three times as long:
    what it would add lies below what single precision tells."""
    return np.asarray(np.log(1 + held / (np.float32(smoothing) * share)))


def telling(groups: sparse.csr_array) -> Matrix:
    """How unevenly groups use each word: divergence of its posts from all posts, in nats; near 0 for rare words."""
    said = np.asarray(groups.sum(axis=0)).ravel()
    usual = np.asarray(groups.sum(axis=1)).ravel() / max(float(said.sum()), TINY)
    group = np.repeat(np.arange(groups.shape[0]), np.diff(groups.indptr))
    word = groups.indices
    given = (groups.data + DOUBT * usual[group]) / (said[word] + DOUBT)
    inside = np.bincount(word, weights=given * np.log(given / usual[group]), minlength=groups.shape[1])
    elsewhere = 1 - np.bincount(word, weights=usual[group], minlength=groups.shape[1])
    doubt = DOUBT / (said + DOUBT)
    return np.asarray(np.maximum(inside + elsewhere * doubt * np.log(doubt), 0))


def _base(size: Matrix, smoothing: float) -> Matrix:
    """Log lift of a word that a group of so many posts lacks."""
    return np.asarray(np.log(smoothing / (size + smoothing)))


def _sums(matrix: sparse.csr_array) -> Matrix:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _gathered(held: sparse.csr_array, place: Rows) -> sparse.csr_array:
    """Sums of the rows of each group; indices sorted."""
    member = sparse.csr_array((np.ones(len(place)), (place, np.arange(len(place)))))
    found = sparse.csr_array(member @ held)
    found.sort_indices()
    return found


def _only(matrix: sparse.csr_array, columns: npt.NDArray[np.bool_]) -> sparse.csr_array:
    """These columns, numbered from 0."""
    kept = columns[matrix.indices]
    ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    numbers = np.cumsum(columns) - 1
    shape = matrix.shape[0], int(columns.sum())
    return sparse.csr_array((matrix.data[kept], numbers[matrix.indices[kept]], ends), shape=shape)
