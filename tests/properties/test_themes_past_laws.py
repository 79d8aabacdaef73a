"""Laws of what the themes before say: the same whoever is listed first, the same both ways, never more than all."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from soundings.services.themes.past import Past

CLUSTERS = 9
THEMES = st.lists(st.integers(0, 5), min_size=CLUSTERS, max_size=CLUSTERS)
PLACED = st.lists(st.booleans(), min_size=CLUSTERS, max_size=CLUSTERS)
MASS = st.lists(st.floats(0.1, 100), min_size=CLUSTERS, max_size=CLUSTERS)
PLACES = st.lists(st.integers(0, 2), min_size=CLUSTERS - 3, max_size=CLUSTERS - 3).map(lambda held: [0, 1, 2, *held])
ALL = np.arange(3)
DOUBT = 20.0
ROUNDING = 1e-6


def past(theme: list[int], placed: list[bool], mass: list[float]) -> Past:
    return Past.of(np.array(theme), np.array(placed), np.array(mass), DOUBT)


@given(THEMES, PLACED, MASS, PLACES)
def test_all_that_is_said_lies_between_nothing_and_all(
    theme: list[int], placed: list[bool], mass: list[float], places: list[int]
) -> None:
    said, place = past(theme, placed, mass), np.array(places, dtype=np.intp)
    for found in (
        said.between_clusters(),
        said.for_groups(place, ALL, np.array(mass)),
        said.between_groups(place, np.array(mass)),
    ):
        assert (found >= 0).all()
        assert (found <= 1 + ROUNDING).all()


@given(THEMES, PLACED, MASS, PLACES)
def test_two_groups_say_the_same_of_each_other(
    theme: list[int], placed: list[bool], mass: list[float], places: list[int]
) -> None:
    said, place = past(theme, placed, mass), np.array(places, dtype=np.intp)
    np.testing.assert_allclose(said.between_clusters(), said.between_clusters().T)
    between = said.between_groups(place, np.array(mass))
    np.testing.assert_allclose(between, between.T, atol=ROUNDING)


@given(THEMES, PLACED, MASS, PLACES, st.permutations(range(CLUSTERS)))
def test_the_order_of_clusters_says_nothing(
    theme: list[int], placed: list[bool], mass: list[float], places: list[int], order: list[int]
) -> None:
    turned, place = np.array(order), np.array(places, dtype=np.intp)
    one = past(theme, placed, mass).for_groups(place, ALL, np.array(mass))
    other = past([theme[n] for n in order], [placed[n] for n in order], [mass[n] for n in order])
    np.testing.assert_allclose(other.for_groups(place[turned], ALL, np.array(mass)[turned]), one[turned], atol=ROUNDING)
