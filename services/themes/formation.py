"""The themes of a stream, formed from its live micro-clusters."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from soundings.services.themes.grouping import (
    apart,
    held_together,
    joined,
    parted,
    same_voices,
    settled,
    taken_in,
    united,
)
from soundings.services.themes.lift import Lift
from soundings.services.themes.linkage import groups, merges
from soundings.services.themes.micro import FREE, MicroClusters, Rows
from soundings.services.themes.reading import Reader
from soundings.services.themes.tallies import VOICES_KEPT, Weeks
from soundings.services.themes.tuning import Tuning


def form(
    micro: MicroClusters, weeks: Mapping[int, Weeks], reader: Reader, t: Tuning
) -> tuple[list[tuple[float, int, int]], Rows]:
    """Merges of micro-clusters, most alike first, and the theme of each, numbered from 0.

    Args:
        weeks: what each micro-cluster counted, by its name.
    """
    scale = reader.scale
    live, one = micro.live, scale.deviation
    mass, own = micro.mass[:live], micro.own()
    alike = micro.pairwise()
    away = apart(micro.first[:live], micro.seen[:live], t.far_apart)
    away *= one
    alike -= away
    viral = np.flatnonzero(micro.copies[:live] >= t.viral)
    less = np.float32(one * t.viral_apart)
    alike[viral, :] -= less
    alike[:, viral] -= less
    alike[np.ix_(viral, viral)] += less
    np.fill_diagonal(alike, own)
    bound = micro.bound[:live]
    alike_or_parted = alike.copy()
    if (bound != FREE).any():
        alike_or_parted[parted(bound, FREE)] = -np.inf
    found = merges(alike_or_parted, mass, scale.at(t.same_theme))
    place = np.asarray(np.unique(groups(live, found), return_inverse=True)[1], dtype=np.intp)
    lift = Lift.of(micro.by_cluster(), reader.vocabulary.rarity(micro.rows), place)
    told = one * t.by_words
    place = settled(place, alike, own, mass, bound != FREE, lambda where: told * lift.for_groups(where))
    affinity, total = joined(place, alike, mass)
    affinity += told * lift.between_groups(place)
    if t.by_same_voices:
        affinity += one * t.by_same_voices * same_voices(_voices(micro, weeks, place), VOICES_KEPT, t.least_voices)
    affinity[parted(_decided(place, bound), FREE)] = -np.inf
    place = united(place, affinity, total, scale.at(t.same_theme))
    affinity, total = joined(place, alike, mass)
    affinity[_decided(place, bound) != FREE] = -np.inf
    place = taken_in(place, affinity, total, t.stray, scale.at(t.stray_joins))
    return found, held_together(place, bound, FREE)


def _decided(place: Rows, bound: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The theme that a decision holds each group in; FREE where none does."""
    found = np.full(int(place.max()) + 1, FREE, dtype=np.int64)
    np.maximum.at(found, place, bound)
    return found


def _voices(micro: MicroClusters, weeks: Mapping[int, Weeks], place: Rows) -> list[set[int]]:
    voices: list[set[int]] = [set() for _ in range(int(place.max()) + 1)]
    for slot, group in enumerate(place.tolist()):
        for tally in weeks[int(micro.names[slot])].values():
            voices[group] |= tally.voices
    return voices
