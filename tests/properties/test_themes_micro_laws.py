"""Laws of micro-clusters: sums of vectors say exactly how alike the posts in them are, whatever was faded or merged."""

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.themes.linkage import Rows
from soundings.services.themes.micro import USUAL, MicroClusters

WIDTH, WORDS, SHARE = 3, 200, 0.4
CAPACITY = 4 * USUAL
"""Enough for words that some clusters hold and that are not usual: those are compared in another way."""


class Posts:
    """Random posts in random clusters, and the similarity of every two by its definition."""

    def __init__(self, seed: int, posts: int, clusters: int) -> None:
        chance = np.random.default_rng(seed)
        self.micro = MicroClusters(capacity=CAPACITY, width=WIDTH, vocabulary=WORDS, words_share=SHARE)
        for name in range(clusters):
            self.micro.open(name, name, 0)
        self.cluster: Rows = np.concatenate([np.arange(clusters), chance.integers(0, clusters, size=posts)])
        dense = chance.normal(size=(len(self.cluster), WIDTH))
        words = np.zeros((len(self.cluster), WORDS))
        for number, slot in enumerate(self.cluster.tolist()):
            # A few words are said by many, most by few.
            rows = np.unique((WORDS * chance.random(6) ** 2).astype(np.intp))
            weights = chance.random(len(rows)).astype(np.float32)
            words[number, rows] = weights
            self.micro.add(slot, dense[number].astype(np.float32), rows, weights, number)
        self.alike = SHARE * words @ words.T + (1 - SHARE) * dense @ dense.T

    def means(self, cluster: Rows) -> npt.NDArray[np.float64]:
        """Mean similarity of the posts of every two clusters, given the cluster of each post."""
        share = np.eye(int(cluster.max()) + 1)[cluster].T
        share /= share.sum(axis=1, keepdims=True)
        return np.asarray(share @ self.alike @ share.T)


ALL_POSTS = st.builds(Posts, st.integers(0, 10_000), st.integers(0, 200), st.integers(2, CAPACITY))


def told(micro: MicroClusters) -> npt.NDArray[np.float64]:
    words = micro.by_cluster()
    between = np.array(micro.pairwise(words), dtype=np.float64)
    np.fill_diagonal(between, micro.own(words))
    return between


@given(ALL_POSTS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_similarity_is_the_mean_over_posts(posts: Posts, faded: bool) -> None:
    if faded:  # everything weighs less, and a mean stays what it is
        posts.micro.fade(0.5)
    np.testing.assert_allclose(told(posts.micro), posts.means(posts.cluster), atol=1e-4)


@given(ALL_POSTS, st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_what_was_merged_is_as_if_it_had_always_been_one(posts: Posts, seed: int) -> None:
    micro = posts.micro
    label = np.random.default_rng(seed).integers(0, micro.live, size=micro.live)
    first, group = np.unique(label, return_index=True, return_inverse=True)[1:]
    lead = first[group]
    micro.merge(lead)
    kept, now = np.unique(lead, return_inverse=True)
    assert micro.live == len(kept)
    np.testing.assert_allclose(told(micro), posts.means(now[posts.cluster]), atol=1e-4)
