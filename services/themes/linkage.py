"""Group-average agglomeration of micro-clusters, exact for the posts in them.

With the sum of unit vectors S and the mass n of each cluster, <S_a, S_b> / (n_a n_b) is the mean similarity of a post
of one with a post of the other, whatever the clusters' sizes; merging keeps it exact by a weighted mean (Lance and
Williams 1967). Nearest-neighbour chains (Murtagh 1983) find all merges in O(n^2).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating[Any]]
Rows = npt.NDArray[np.intp]


def merges(similarity: Matrix, mass: Matrix, least: float) -> list[tuple[float, int, int]]:
    """Merges with a mean similarity of at least `least`, most similar first: (similarity, a, b), a before b.

    A pair is told by one member of each side. `similarity` is used up. Minus infinity keeps two clusters apart,
    and all that they are merged with.
    """
    np.fill_diagonal(similarity, -np.inf)
    # Average linkage is reducible: what is too far from its nearest stays so when others merge.
    near = np.flatnonzero(similarity.max(axis=1, initial=-np.inf) >= least)
    if len(near) < len(mass):
        similarity = similarity[np.ix_(near, near)]
    found = [(value, int(near[a]), int(near[b])) for value, a, b in _chained(similarity, mass[near], least)]
    found.sort(key=lambda merge: (-merge[0], merge[1], merge[2]))
    return found


def _chained(similarity: Matrix, mass: Matrix, least: float) -> list[tuple[float, int, int]]:
    """The merges in the order in which nearest-neighbour chains find them; both arguments are used up."""
    found: list[tuple[float, int, int]] = []
    waiting = [True] * len(mass)
    first_left = 0
    chain: list[int] = []
    while True:
        if not chain:
            while first_left < len(waiting) and not waiting[first_left]:
                first_left += 1
            if first_left == len(waiting):
                return found
            chain.append(first_left)
        top = chain[-1]
        row = similarity[top]
        best = int(row.argmax())
        value = float(row[best])
        if value < least:
            waiting[top] = False
            similarity[top, :] = -np.inf
            similarity[:, top] = -np.inf
            chain.pop()
            continue
        if len(chain) > 1 and row[chain[-2]] >= value:
            before = chain[-2]
            del chain[-2:]
            first, second = min(top, before), max(top, before)
            found.append((float(row[before]), first, second))
            _join(similarity, mass, first, second)
            waiting[second] = False
        else:
            chain.append(best)


def _join(similarity: Matrix, mass: Matrix, first: int, second: int) -> None:
    total = mass[first] + mass[second]
    joint = (mass[first] * similarity[first] + mass[second] * similarity[second]) / total
    joint[first] = joint[second] = -np.inf
    similarity[first, :] = joint
    similarity[:, first] = joint
    similarity[second, :] = -np.inf
    similarity[:, second] = -np.inf
    mass[first] = total


def groups(n: int, found: list[tuple[float, int, int]]) -> npt.NDArray[np.intp]:
    """For each of `n` clusters the lowest index of its group after these merges."""
    lead = list(range(n))
    for _, a, b in found:
        first, second = sorted((root(lead, a), root(lead, b)))
        lead[second] = first
    return np.array([root(lead, index) for index in range(n)], dtype=np.intp)


def inside(place: Rows, chosen: Rows) -> tuple[Rows, Rows]:
    """Members of the chosen groups, and for each the place of its group among them.

    Args:
        place: group of each cluster, numbered from 0.
        chosen: groups, each once.
    """
    number = np.full(int(place.max()) + 1, -1, dtype=np.intp)
    number[chosen] = np.arange(len(chosen))
    members = np.flatnonzero(number[place] >= 0)
    return members, number[place[members]]


def root(lead: list[int], index: int) -> int:
    while lead[index] != index:
        lead[index] = lead[lead[index]]
        index = lead[index]
    return index
