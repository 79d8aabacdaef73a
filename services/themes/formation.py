"""The themes of a stream, formed from its live micro-clusters."""

from collections.abc import Mapping
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

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
from soundings.services.themes.linkage import Matrix, Rows, groups, merges
from soundings.services.themes.micro import FREE, Floats, MicroClusters
from soundings.services.themes.past import Past
from soundings.services.themes.reading import Reader
from soundings.services.themes.tallies import VOICES_KEPT, Weeks
from soundings.services.themes.tuning import Tuning


def form(
    micro: MicroClusters,
    words: sparse.csr_array,
    similarity: Floats,
    weeks: Mapping[int, Weeks],
    reader: Reader,
    t: Tuning,
    past: Past | None,
) -> Rows:
    """The theme of each micro-cluster, numbered from 0.

    Args:
        words: of each micro-cluster (`MicroClusters.by_cluster`).
        similarity: mean similarity of every two micro-clusters (`MicroClusters.pairwise`).
        weeks: what each micro-cluster counted, by its name.
        past: the themes before; None where they say nothing.
    """
    scale = reader.scale
    live, one = micro.live, scale.deviation
    mass, own = micro.mass[:live], micro.own(words)
    alike = _corrected(similarity, micro, one, t)
    np.fill_diagonal(alike, own)
    bound = micro.bound[:live]
    alike_or_parted = alike.copy()
    went_on = one * t.by_past
    if past:
        alike_or_parted += np.float32(went_on) * past.between_clusters()
    if (bound != FREE).any():
        alike_or_parted[parted(bound, FREE)] = -np.inf
    grown = groups(live, merges(alike_or_parted, mass, scale.at(t.same_theme)))
    place = np.asarray(np.unique(grown, return_inverse=True)[1], dtype=np.intp)
    named = _addressed(micro, weeks) * t.by_addressed
    lift = Lift.of(words, reader.vocabulary.rarity(micro.rows), named, place)
    told = one * t.by_words

    def spoken(where: Rows, chosen: Rows) -> Matrix:
        said = told * lift.for_groups(where, chosen)
        return said + went_on * past.for_groups(where, chosen, mass) if past else said

    place = settled(place, alike, own, mass, bound != FREE, spoken)
    affinity, total = joined(place, alike, mass)
    affinity += told * lift.between_groups(place)
    if past:
        affinity += went_on * past.between_groups(place, mass)
    if t.by_same_voices:
        affinity += one * t.by_same_voices * same_voices(_voices(micro, weeks, place), VOICES_KEPT, t.least_voices)
    affinity[parted(_decided(place, bound), FREE)] = -np.inf
    place = united(place, affinity, total, scale.at(t.same_theme))
    affinity, total = joined(place, alike, mass)
    affinity[_decided(place, bound) != FREE] = -np.inf
    place = taken_in(place, affinity, total, t.stray, scale.at(t.stray_joins))
    return held_together(place, bound, FREE)


def _corrected(similarity: Floats, micro: MicroClusters, one: float, t: Tuning) -> Floats:
    """Less for what was said at another time, and for what many copied against what few did."""
    live = micro.live
    alike = similarity - np.float32(one) * apart(micro.first[:live], micro.seen[:live], t.far_apart)
    viral = np.flatnonzero(micro.copies[:live] >= t.viral)
    less = np.float32(one * t.viral_apart)
    alike[viral, :] -= less
    alike[:, viral] -= less
    alike[np.ix_(viral, viral)] += less
    return np.asarray(alike, dtype=np.float32)


def _decided(place: Rows, bound: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The theme that a decision holds each group in; FREE where none does."""
    found = np.full(int(place.max()) + 1, FREE, dtype=np.int64)
    np.maximum.at(found, place, bound)
    return found


def _addressed(micro: MicroClusters, weeks: Mapping[int, Weeks]) -> sparse.csr_array:
    """Micro-clusters by handles: how many texts of each name them."""
    told = [
        (slot, tally.addressed)
        for slot, name in enumerate(micro.names[: micro.live].tolist())
        for tally in weeks[name].values()
        if tally.addressed
    ]
    sizes = np.array([len(named) for _, named in told], dtype=np.intp)
    slots = np.repeat(np.array([slot for slot, _ in told], dtype=np.intp), sizes)
    handles = np.fromiter(chain.from_iterable(named for _, named in told), dtype=np.int64, count=len(slots))
    texts = chain.from_iterable(named.values() for _, named in told)
    known, number = np.unique(handles, return_inverse=True)
    counts = np.fromiter(texts, dtype=np.float64, count=len(slots))
    return sparse.csr_array((counts, (slots, number)), shape=(micro.live, len(known)))


def _voices(micro: MicroClusters, weeks: Mapping[int, Weeks], place: Rows) -> list[set[int]]:
    voices: list[set[int]] = [set() for _ in range(int(place.max()) + 1)]
    for name, group in zip(micro.names[: micro.live].tolist(), place.tolist(), strict=True):
        voices[group].update(*[tally.voices for tally in weeks[name].values()])
    return voices
