"""Micro-clusters to themes: what is said alike, at about the same time, by the same people."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from soundings.services.themes.linkage import Matrix, groups, merges

Rows = npt.NDArray[np.intp]
ROUNDS = 3
"""Of moving micro-clusters to the theme they resemble most; hardly anything moves in a fourth."""
LEVELS = 12
"""Halvings of the hash space at which two themes' voices are compared: enough for half a million voices."""


def apart(first: npt.NDArray[np.int64], last: npt.NDArray[np.int64], full: int) -> Matrix:
    """How far two clusters lie apart in the stream, 0 (they overlap) to 1 (`full` texts or more between them)."""
    starts, ends = first / full, last / full
    gap = starts[:, None] - ends[None, :]
    np.maximum(gap, starts[None, :] - ends[:, None], out=gap)
    return np.clip(gap, 0, 1, out=gap)


def parted(bound: npt.NDArray[np.int64], free: int) -> npt.NDArray[np.bool_]:
    """Which pairs a person's decisions keep apart; `free` marks what nobody decided."""
    held = bound != free
    return np.asarray(held[:, None] & held[None, :] & (bound[:, None] != bound[None, :]))


def held_together(place: Rows, bound: npt.NDArray[np.int64], free: int) -> Rows:
    """Joins groups that a decision holds in one theme. Only now, so that each half of what was merged has attracted
    its like: the mean of both halves would attract neither."""
    first: dict[int, int] = {}
    into = np.arange(int(place.max()) + 1)
    for group, theme in zip(place.tolist(), bound.tolist(), strict=True):
        if theme != free:
            into[group] = first.setdefault(theme, group)
    return np.asarray(into[place], dtype=np.intp)


def settled(lead: Rows, similarity: Matrix, own: Matrix, mass: Matrix, fixed: npt.NDArray[np.bool_]) -> Rows:
    """Moves each micro-cluster to the group whose centre it is closest to (by cosine, itself left out).

    Average linkage never takes a merge back; this does, in a few rounds over clusters, not posts.

    Args:
        lead: group of each cluster.
        similarity: mean similarity of every two clusters.
        own: mean similarity of a cluster's posts with one another, each with itself included.
        fixed: clusters that stay where they are.
    """
    index = np.arange(len(lead))
    with_self = similarity.copy()
    np.fill_diagonal(with_self, own)
    place = np.unique(lead, return_inverse=True)[1]
    for _ in range(ROUNDS):
        count = int(place.max()) + 1
        member = sparse.csr_array((mass, (index, place)), shape=(len(lead), count))
        shared: Matrix = (member.T @ with_self).T
        size = np.bincount(place, weights=mass * shared[index, place], minlength=count)
        length = np.repeat(size[None, :], len(lead), axis=0)
        mine = shared[index, place]
        length[index, place] = length[index, place] + mass * (mass * own - 2 * mine)
        shared[index, place] -= mass * own
        close = shared / np.sqrt(np.maximum(length, 1e-6))
        stay = fixed | (np.bincount(place, minlength=count)[place] == 1)
        moved = np.where(stay, place, np.round(close, 9).argmax(axis=1))
        if (moved == place).all():
            break
        place = np.unique(moved, return_inverse=True)[1]
    return np.asarray(place, dtype=np.intp)


def joined(place: Rows, similarity: Matrix, own: Matrix, mass: Matrix) -> tuple[Matrix, Matrix]:
    """Mean similarity of every two groups, and the mass of each; groups are numbered from 0."""
    member = sparse.csr_array((mass, (place, np.arange(len(place)))))
    with_self = similarity.copy()
    np.fill_diagonal(with_self, own)
    total = np.bincount(place, weights=mass)
    alike = (member @ (member @ with_self).T) / (total[:, None] * total[None, :])
    return np.asarray(alike), np.asarray(total)


def same_voices(voices: Sequence[set[int]], kept: int, least: int) -> Matrix:
    """How far the same people speak in two themes: cosine of their voices, those who speak everywhere weighing less.

    Args:
        voices: for each theme hashes of its voices, all of them or the `kept` smallest.
        least: voices below which nothing is concluded.
    """
    count = len(voices)
    found = np.zeros((count, count))
    smallest = [sorted(held) for held in voices]
    level = np.array(
        [0 if len(held) < kept else min(LEVELS, max(0, 64 - held[kept - 1].bit_length())) for held in smallest]
    )
    enough = np.array([len(held) >= least for held in smallest])
    for depth in sorted(set(level.tolist())):
        # A theme of many voices knows only those with small hashes: compare both within that part.
        inside = _weighted([[v for v in held if v < 1 << (63 - depth)] for held in smallest])
        alike = (inside @ inside.T).toarray()
        found = np.where(np.maximum(level[:, None], level[None, :]) == depth, alike, found)
    found[~enough, :] = 0
    found[:, ~enough] = 0
    return found


def _weighted(voices: Sequence[Sequence[int]]) -> sparse.csr_array:
    number: dict[int, int] = {}
    columns = [number.setdefault(voice, len(number)) for held in voices for voice in held]
    ends = np.cumsum([0, *(len(held) for held in voices)])
    shape = (len(voices), max(1, len(number)))
    spread = np.bincount(columns, minlength=shape[1]) if columns else np.zeros(1)
    rarity = np.log((1 + len(voices)) / (1 + spread))
    matrix = sparse.csr_array((rarity[columns] if columns else np.zeros(0), columns, ends), shape=shape)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-9)) @ matrix)


def taken_in(place: Rows, affinity: Matrix, mass: Matrix, small: float, least: float) -> Rows:
    """Gives groups of less than `small` mass to the larger group they resemble most, if by `least` at least."""
    large = mass >= small
    into = np.arange(len(mass))
    if large.any():
        near = np.where(large[None, :], affinity, -np.inf)
        best = np.round(near, 9).argmax(axis=1)
        into = np.where(~large & (near[into, best] >= least), best, into)
    return np.asarray(into[place], dtype=np.intp)


def united(place: Rows, affinity: Matrix, mass: Matrix, least: float) -> Rows:
    """Joins groups whose mean affinity is at least `least`; they are numbered from 0 again."""
    joint = groups(len(mass), merges(affinity, mass, least))
    return np.asarray(np.unique(joint, return_inverse=True)[1][place], dtype=np.intp)
