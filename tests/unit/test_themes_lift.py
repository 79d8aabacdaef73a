"""What words say about where a cluster belongs."""

import numpy as np
from scipy import sparse

from soundings.services.themes.lift import Lift, telling

CROWD = 30
"""Clusters of each kind: evidence needs some posts before it is believed."""


Places = np.ndarray[tuple[int], np.dtype[np.intp]]


def held(rows: list[list[float]], place: Places, more: list[list[float]] | None = None) -> Lift:
    weights = sparse.csr_array(np.array(rows, dtype=np.float32))
    beside = sparse.csr_array(np.array(more)) if more else sparse.csr_array((len(rows), 0))
    return Lift.of(weights, np.ones(weights.shape[1]), beside, place)


def two_matters() -> tuple[list[list[float]], Places]:
    """Words: small talk, the first matter's, the second's. The last cluster speaks of the second matter."""
    rows = [[2.0, 2.0, 0.0]] * CROWD + [[2.0, 0.0, 2.0]] * CROWD + [[2.0, 0.0, 1.0]]
    return rows, np.array([0] * CROWD + [1] * CROWD + [0], dtype=np.intp)


def test_a_word_of_one_group_tells_more_than_a_word_of_all() -> None:
    groups = sparse.csr_array(np.array([[20.0, 20.0], [20.0, 0.0], [20.0, 0.0]]))
    small_talk, own = telling(groups)
    assert own > 0.3 > small_talk


def test_a_word_said_once_tells_next_to_nothing() -> None:
    once, often = telling(sparse.csr_array(np.array([[0.2, 20.0, 20.0], [0.0, 0.0, 20.0], [0.0, 0.0, 20.0]])))[:2]
    assert once < 0.1 < often


def test_its_words_speak_for_the_group_that_says_them() -> None:
    rows, place = two_matters()
    spoken = held(rows, place).for_groups(place, np.unique(place))
    assert spoken[-1, 1] > spoken[-1, 0]
    assert (spoken[:CROWD, 0] > spoken[:CROWD, 1]).all()


def test_a_cluster_does_not_speak_for_itself() -> None:
    """However often it repeats a word: what counts is whether the others of its group say it."""
    rows, place = two_matters()
    quiet = held(rows, place).for_groups(place, np.unique(place))[-1, 0]
    rows[-1][2] *= 20
    assert held(rows, place).for_groups(place, np.unique(place))[-1, 0] <= quiet


def test_words_that_one_cluster_alone_holds_are_left_out() -> None:
    lift = held([[20.0, 1.0, 9.0, 0.0], [1.0, 20.0, 0.0, 9.0]], np.arange(2))
    assert lift.held.shape == (2, 2)
    assert lift.length.tolist() == [30.0, 30.0]


def test_clusters_without_telling_words_are_drawn_nowhere() -> None:
    place = np.array([0, 0, 0, 1, 1, 2], dtype=np.intp)
    assert not held([[1.0]] * 6, place).for_groups(place, np.unique(place)).any()


def test_groups_of_one_matter_are_drawn_together() -> None:
    rows = [[2.0, 2.0, 0.0]] * CROWD + [[2.0, 2.0, 0.0]] * CROWD + [[2.0, 0.0, 2.0]] * CROWD
    place = np.repeat(np.arange(3), CROWD)
    between = held(rows, place).between_groups(place)
    assert between[0, 1] > 0
    assert between[0, 2] == 0


def test_whom_posts_address_speaks_where_their_words_do_not() -> None:
    """Answers of two words in a quarrel about a landfill name nobody but the people whom they answer."""
    rows = [[2.0]] * (2 * CROWD + 1)
    place = np.array([0] * CROWD + [1] * CROWD + [0], dtype=np.intp)
    assert not held(rows, place).for_groups(place, np.unique(place)).any()
    addressed = [[1.0, 0.0]] * CROWD + [[0.0, 1.0]] * CROWD + [[0.0, 1.0]]
    spoken = held(rows, place, addressed).for_groups(place, np.unique(place))
    assert spoken[-1, 1] > spoken[-1, 0]
