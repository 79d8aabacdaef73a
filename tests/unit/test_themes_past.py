"""What the themes before say about the themes to come."""

import numpy as np
import pytest

from soundings.services.themes.past import Past

DOUBT = 20.0
BEFORE = np.array([7, 7, 7, 3, 3, 7])
PLACED = np.array([True, True, True, True, True, False])
MASS = np.array([40.0, 30.0, 10.0, 1.0, 1.0, 50.0])


def past() -> Past:
    return Past.of(BEFORE, PLACED, MASS, DOUBT)


def test_what_was_one_theme_is_held_together_and_a_large_one_more_than_a_piece() -> None:
    together = past().between_clusters()
    assert together[0, 1] == pytest.approx(80 / (80 + DOUBT))
    assert together[3, 4] == pytest.approx(2 / (2 + DOUBT))
    assert together[0, 3] == 0


def test_what_no_forming_has_placed_yet_has_no_past() -> None:
    """It was put somewhere when it was read, by less than a forming looks at."""
    assert not past().between_clusters()[5].any()
    assert not past().for_groups(np.zeros(6, dtype=np.intp), np.array([0]), MASS)[5].any()


def test_a_cluster_is_drawn_to_where_most_of_its_theme_is() -> None:
    place = np.array([0, 0, 1, 1, 1, 1], dtype=np.intp)
    drawn = past().for_groups(place, np.arange(2), MASS)
    assert drawn[2, 0] == pytest.approx(0.8)
    assert drawn[2, 1] == pytest.approx(0.8 * 10 / 62)


def test_two_halves_of_a_theme_are_drawn_together_and_two_themes_are_not() -> None:
    place = np.array([0, 1, 1, 2, 2, 3], dtype=np.intp)
    drawn = past().between_groups(place, MASS)
    assert drawn[0, 1] == pytest.approx(0.8)
    assert drawn[0, 2] == 0
