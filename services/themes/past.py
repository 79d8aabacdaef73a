"""What was one theme before, as evidence: themes stay what people were told, unless what is said parts them.

Themes formed anew each week from the same posts differ in much that no reader would call a difference. A little weight
on the partition before makes them steady (evolutionary clustering: Chakrabarti, Kumar and Tomkins 2006).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from soundings.services.themes.linkage import Matrix, Rows, inside


@dataclass(frozen=True, slots=True)
class Past:
    """Themes that clusters were in when themes were last formed."""

    before: Rows
    """The theme of each cluster then, numbered from 0; a number of its own for one opened since, which no forming
    has placed yet."""
    trust: Matrix
    """Of each theme, 0 to 1."""

    @classmethod
    def of(cls, theme: npt.NDArray[np.int64], placed: npt.NDArray[np.bool_], mass: Matrix, doubt: float) -> "Past":
        """
        Args:
            theme, placed, mass: of each cluster; `placed` if it was there when themes were last formed.
            doubt: mass at which a theme's past is trusted by half. What is small is still to be gathered.
        """
        own = -1 - np.arange(len(theme))
        before = np.asarray(np.unique(np.where(placed, theme, own), return_inverse=True)[1], dtype=np.intp)
        held = np.bincount(before, weights=np.where(placed, mass, 0))
        return cls(before, held / (held + doubt))

    def between_clusters(self) -> Matrix:
        """Trust of the theme that two clusters were in together; 0 where they were not."""
        together = self.before[:, None] == self.before[None, :]
        return np.where(together, self.trust[self.before].astype(np.float32), np.float32(0))

    def for_groups(self, place: Rows, chosen: Rows, mass: Matrix) -> Matrix:
        """Of each cluster and every chosen group: the share of the group that was of the cluster's theme, times the
        theme's trust.

        Args:
            place: group of each cluster, numbered from 0.
            chosen: groups, each once.
        """
        members, group = inside(place, chosen)
        trusted = sparse.diags_array(self.trust.astype(np.float32)) @ self._shares(members, group, mass).T
        return np.asarray(trusted.toarray()[self.before])

    def between_groups(self, place: Rows, mass: Matrix) -> Matrix:
        """How far two groups were of the same themes: mean over pairs of their posts."""
        shares = self._shares(np.arange(len(place)), place, mass)
        return np.asarray((shares @ sparse.diags_array(self.trust) @ shares.T).toarray())

    def _shares(self, members: Rows, group: Rows, mass: Matrix) -> sparse.csr_array:
        """Groups now by themes before: share of the group's mass, given the group of each member."""
        held = mass[members]
        share = held / np.bincount(group, weights=held)[group]
        shape = int(group.max()) + 1, len(self.trust)
        return sparse.csr_array((share.astype(np.float32), (group, self.before[members])), shape=shape)
