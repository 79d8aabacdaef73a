"""Room for new micro-clusters: which of them become one, and which are forgotten."""

import numpy as np
import numpy.typing as npt

from soundings.services.themes.linkage import Rows, groups, merges, root
from soundings.services.themes.micro import Floats, MicroClusters


def made_one(micro: MicroClusters, alike: Floats, least: float, viral: npt.NDArray[np.bool_], left: int) -> Rows:
    """For each micro-cluster the one it becomes part of: the most alike of one theme, until `left` are left.

    Args:
        alike: mean similarity of every two; used up.
        least: what is less alike may still turn out to be two matters.
        viral: of these no two become one.
    """
    theme = micro.theme[: micro.live]
    alike[theme[:, None] != theme[None, :]] = -np.inf
    found = merges(alike, micro.mass[: micro.live], least)
    return groups(micro.live, alike_enough(micro.live, found, viral, left))


def heaviest(micro: MicroClusters, number: int) -> Rows:
    """Slots of so many micro-clusters, the heaviest and of these the last seen, in order."""
    live = micro.live
    order = np.lexsort((micro.names[:live], -micro.seen[:live], -micro.mass[:live]))
    return np.sort(order[:number])


def alike_enough(
    n: int, found: list[tuple[float, int, int]], own: npt.NDArray[np.bool_], left: int
) -> list[tuple[float, int, int]]:
    """The first of these merges, until `left` groups are left; two of `own` never meet."""
    lead, holds = list(range(n)), own.tolist()
    taken: list[tuple[float, int, int]] = []
    for similarity, a, b in found:
        if n - len(taken) <= left:
            break
        first, second = sorted((root(lead, a), root(lead, b)))
        if not (holds[first] and holds[second]):
            lead[second] = first
            holds[first] |= holds[second]
            taken.append((similarity, first, second))
    return taken
