"""Laws of the evidence of words: neither the numbers of clusters and groups nor their order means anything."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from soundings.services.themes.lift import Lift

CLUSTERS, WORDS, GROUPS = 9, 6, 3
TABLES = st.lists(
    st.lists(st.sampled_from([0.0, 0.0, 0.5, 1.0, 4.0, 20.0]), min_size=WORDS, max_size=WORDS),
    min_size=CLUSTERS,
    max_size=CLUSTERS,
)
PLACES = st.lists(st.integers(0, GROUPS - 1), min_size=CLUSTERS - GROUPS, max_size=CLUSTERS - GROUPS)
ORDERS = st.permutations(range(CLUSTERS))

Table = list[list[float]]


ALL = np.arange(GROUPS)
Places = np.ndarray[tuple[int], np.dtype[np.intp]]


def lift(table: "Table | np.ndarray[tuple[int, int], np.dtype[np.float64]]", place: Places) -> Lift:
    nothing = sparse.csr_array((len(table), 0))
    return Lift.of(sparse.csr_array(np.array(table)), np.linspace(1, 3, WORDS), nothing, place)


def placed(places: list[int]) -> Places:
    return np.array([*range(GROUPS), *places], dtype=np.intp)


@given(TABLES, PLACES, ORDERS)
def test_the_order_of_clusters_changes_nothing(table: Table, places: list[int], order: list[int]) -> None:
    place, turned = placed(places), np.array(order)
    spoken = lift(table, place).for_groups(place, ALL)
    other = lift(np.array(table)[turned], place[turned]).for_groups(place[turned], ALL)
    np.testing.assert_allclose(other, spoken[turned], rtol=1e-4, atol=1e-5)


@given(TABLES, PLACES)
def test_two_groups_say_of_each_other_the_same_and_nothing_bad(table: Table, places: list[int]) -> None:
    place = placed(places)
    one = lift(table, place)
    between = one.between_groups(place)
    np.testing.assert_allclose(between, between.T, rtol=1e-5, atol=1e-6)
    assert (between >= 0).all()
    assert np.isfinite(one.for_groups(place, ALL)).all()


@given(TABLES, PLACES, st.sets(st.integers(0, GROUPS - 1), min_size=1))
def test_some_groups_are_told_as_among_all(table: Table, places: list[int], some: set[int]) -> None:
    place = placed(places)
    one, chosen = lift(table, place), np.array(sorted(some))
    np.testing.assert_array_equal(one.for_groups(place, chosen), one.for_groups(place, ALL)[:, chosen])
