"""Micro-clusters to themes: what is said alike, at about the same time, by the same people."""

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from soundings.services.themes.linkage import Matrix, Rows, groups, inside, merges

ROUNDS = 6
"""Of moving micro-clusters to the theme they resemble most; hardly anything moves in a seventh."""
LEVELS = 12
"""Halvings of the hash space at which two themes' voices are compared: enough for half a million voices."""


def apart(first: npt.NDArray[np.int64], last: npt.NDArray[np.int64], full: int) -> Matrix:
    """How far two clusters lie apart in the stream, 0 (they overlap) to 1 (`full` texts or more between them)."""
    start = first.min(initial=last.max(initial=0))
    starts, ends = ((first - start) / full).astype(np.float32), ((last - start) / full).astype(np.float32)
    gap = starts[:, None] - ends[None, :]
    gap = np.maximum(gap, gap.T)
    return np.asarray(np.clip(gap, 0, 1, out=gap))


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


def settled(
    place: Rows,
    similarity: Matrix,
    own: Matrix,
    mass: Matrix,
    fixed: npt.NDArray[np.bool_],
    spoken: Callable[[Rows, Rows], Matrix],
) -> Rows:
    """Moves each micro-cluster to the group whose centre it is closest to (by cosine, itself left out), given what
    else speaks for it.

    Average linkage never takes a merge back; this does, in a few rounds over clusters, not posts.

    Args:
        place: group of each cluster, numbered from 0.
        similarity: mean similarity of every two clusters; on the diagonal `own`.
        own: mean similarity of a cluster's posts with one another, each with itself included.
        fixed: clusters that stay where they are.
        spoken: of a grouping and some of its groups what is added to the cosine of every cluster with each.
    """
    with_self = similarity.astype(np.float32, copy=False)
    groups_at_first = int(place.max()) + 1
    close = np.full((len(place), groups_at_first), -np.inf, dtype=np.float32)
    changed = np.arange(groups_at_first)
    for _ in range(ROUNDS):
        # What no cluster came to or left is as close as before: most groups, from the second round on.
        close[:, changed] = np.round(_cosines(place, changed, with_self, own, mass).T + spoken(place, changed), 6)
        free = ~fixed & (np.bincount(place)[place] > 1)
        moved = np.where(free, close.argmax(axis=1), place)
        on_the_move = moved != place
        if not on_the_move.any():
            break
        touched = np.union1d(place[on_the_move], moved[on_the_move])
        place, changed = moved, np.intersect1d(touched, moved)
        close[:, np.setdiff1d(touched, changed)] = -np.inf
    return np.asarray(np.unique(place, return_inverse=True)[1], dtype=np.intp)


def _cosines(
    place: Rows, chosen: Rows, with_self: npt.NDArray[np.float32], own: Matrix, mass: Matrix
) -> npt.NDArray[np.float32]:
    """Of each chosen group's centre with every cluster, which is left out of its own group."""
    members, group = inside(place, chosen)
    held, alone = mass[members], mass[members] * own[members]
    shared = sparse.csr_array((held.astype(np.float32), (group, members)), shape=(len(chosen), len(place))) @ with_self
    mine = shared[group, members].astype(np.float64)
    size = np.bincount(group, weights=held * mine, minlength=len(chosen))
    without = size[group] + held * (alone - 2 * mine)
    shared *= (1 / np.sqrt(np.maximum(size, 1e-6)))[:, None].astype(np.float32)
    shared[group, members] = (mine - alone) / np.sqrt(np.maximum(without, 1e-6))
    return np.asarray(shared)


def joined(place: Rows, similarity: Matrix, mass: Matrix) -> tuple[Matrix, Matrix]:
    """Mean similarity of every two groups, and the mass of each; groups are numbered from 0.

    Args:
        similarity: of every two clusters; on the diagonal that of a cluster's posts with one another.
    """
    total = np.bincount(place, weights=mass)
    share = (mass / total[place]).astype(np.float32)
    member = sparse.csr_array((share, (place, np.arange(len(place)))))
    return np.asarray(member @ (member @ similarity).T), np.asarray(total)


def same_voices(voices: Sequence[set[int]], kept: int, least: int) -> Matrix:
    """How far the same people speak in two themes: cosine of their voices, those who speak everywhere weighing less.

    Args:
        voices: for each theme hashes of its voices, all of them or at least the `kept` smallest.
        least: voices below which nothing is concluded.
    """
    count = len(voices)
    found = np.zeros((count, count))
    sizes = np.array([len(held) for held in voices])
    theme = np.repeat(np.arange(count), sizes)
    voice = np.fromiter(chain.from_iterable(voices), dtype=np.int64, count=int(sizes.sum()))
    ends = np.cumsum(sizes)
    level = np.zeros(count, dtype=np.intp)
    for index in np.flatnonzero(sizes >= kept):
        largest = int(np.partition(voice[ends[index] - sizes[index] : ends[index]], kept - 1)[kept - 1])
        level[index] = min(LEVELS, max(0, 64 - largest.bit_length()))
    number = np.unique(voice, return_inverse=True)[1]
    enough = sizes >= least
    for depth in sorted(set(level.tolist())):
        # A theme of many voices knows only those with small hashes: compare both within that part.
        part = voice < 1 << (63 - depth)
        inside = _weighted(theme[part], number[part], count)
        alike = (inside @ inside.T).toarray()
        found = np.where(np.maximum(level[:, None], level[None, :]) == depth, alike, found)
    found[~enough, :] = 0
    found[:, ~enough] = 0
    return found


def _weighted(theme: Rows, voice: Rows, themes: int) -> sparse.csr_array:
    """Themes by voices, rows of unit length."""
    shape = (themes, int(voice.max(initial=0)) + 1)
    rarity = np.log((1 + themes) / (1 + np.bincount(voice, minlength=shape[1])))
    matrix = sparse.csr_array((rarity[voice], (theme, voice)), shape=shape)
    matrix.sort_indices()  # the order of a set may differ after a restart, and so a sum's last bit
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
