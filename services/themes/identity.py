"""Which of the new groups is which of the old themes: identity follows the posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    themes: npt.NDArray[np.int64]
    """The theme of each micro-cluster now."""
    absorbed: tuple[tuple[int, int], ...]
    """(theme that is no more, theme that took most of it in)."""
    split: tuple[tuple[int, int], ...]
    """(new theme, theme that most of it came from)."""
    next_theme: int


def name_groups(
    group: Sequence[int],
    before: Sequence[int],
    mass: Sequence[float],
    next_theme: int,
    bound: Mapping[int, int] | None = None,
) -> Naming:
    """Gives each group the theme it shares most mass with, each theme once; the rest get new names.

    So a theme that splits goes on in its larger part, and of themes that merge the larger goes on. Ties go to the
    older theme.

    Args:
        group, before, mass: of each micro-cluster.
        bound: groups whose name a person's decision has fixed; each name once.
    """
    shared: dict[tuple[int, int], float] = {}
    for place, theme, weight in zip(group, before, mass, strict=True):
        shared[theme, place] = shared.get((theme, place), 0.0) + weight
    # Rounded, so that the last bit of a sum cannot decide who keeps a name.
    ranked = sorted(shared, key=lambda pair: (-round(shared[pair], 6), pair))
    named: dict[int, int] = dict(bound or {})
    home: dict[int, int] = {}
    source: dict[int, int] = {}
    kept: set[int] = set(named.values())
    for theme, place in ranked:
        home.setdefault(theme, place)
        source.setdefault(place, theme)
        if place not in named and theme not in kept:
            named[place] = theme
            kept.add(theme)
    split = []
    for place in sorted(source):
        if place not in named:
            named[place] = next_theme
            split.append((next_theme, source[place]))
            next_theme += 1
    absorbed = tuple((theme, named[home[theme]]) for theme in sorted(home) if theme not in kept)
    themes = np.array([named[place] for place in group], dtype=np.int64)
    return Naming(themes=themes, absorbed=absorbed, split=tuple(split), next_theme=next_theme)
