"""What became of a micro-cluster: which theme its posts belong to now.

The engine forgets micro-clusters; whoever holds assignments (an index, an output file) must not. The engine tells a
lineage what happens, in order.
"""

from array import array
from typing import Protocol


class Lineage(Protocol):
    def opened(self, micro: int, theme: int) -> None:
        """Micro-clusters are numbered 0, 1, 2 … in this order."""
        ...

    def merged(self, micro: int, into: int) -> None: ...

    def moved(self, micro: int, theme: int) -> None: ...

    def absorbed(self, theme: int, into: int) -> None: ...


class NoLineage:
    def opened(self, micro: int, theme: int) -> None:
        pass

    def merged(self, micro: int, into: int) -> None:
        pass

    def moved(self, micro: int, theme: int) -> None:
        pass

    def absorbed(self, theme: int, into: int) -> None:
        pass


class MemoryLineage:
    """16 bytes for each micro-cluster ever opened."""

    def __init__(self) -> None:
        self._into = array("q")
        self._theme = array("q")
        self._absorbed: dict[int, int] = {}

    def opened(self, micro: int, theme: int) -> None:
        if micro != len(self._into):
            raise ValueError(f"micro-cluster {micro} opened after {len(self._into) - 1}")
        self._into.append(micro)
        self._theme.append(theme)

    def merged(self, micro: int, into: int) -> None:
        self._into[micro] = into

    def moved(self, micro: int, theme: int) -> None:
        self._theme[micro] = theme

    def absorbed(self, theme: int, into: int) -> None:
        self._absorbed[theme] = into

    def theme(self, micro: int) -> int:
        """The theme that holds the micro-cluster's posts now, or held them when they were forgotten."""
        while self._into[micro] != micro:
            self._into[micro] = micro = self._into[self._into[micro]]
        theme = self._theme[micro]
        while theme in self._absorbed:
            theme = self._absorbed[theme]
        return theme
