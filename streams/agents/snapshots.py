"""Values of several megabytes in a part's state: kept in pieces, replaced whole or not at all."""

import zlib
from collections.abc import Callable
from typing import Any

import orjson

from soundings.streams.agents.state import State

PIECE = 512 * 1024
"""Bytes: below the megabyte that brokers and consumers take by default."""


class Snapshots:
    """Of each department: something small (`about`), something large, and the offset in its partition up to which
    both stand.

    The pieces of a new snapshot are confirmed by Kafka under keys of their own (`department/offset/number`) before the
    head (`department`) names them; those of the last one go only then. A kill at any moment leaves one whole snapshot.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def offset(self, department: str) -> int:
        """-1: there is no snapshot."""
        return int(self._head(department).get("offset", -1))

    def about(self, department: str) -> bytes | None:
        about = self._head(department).get("about")
        return None if about is None else str(about).encode()

    def content(self, department: str) -> bytes | None:
        """
        Raises:
            ValueError: pieces are missing or not those that were written.
        """
        head = self._head(department)
        if not head:
            return None
        names = [_name(department, head["offset"], number) for number in range(head["pieces"])]
        content = b"".join(self._state.get(name) or b"" for name in names)
        if zlib.crc32(content) != head["crc32"]:
            raise ValueError(f"the state of {department} is not whole")
        return content

    async def put(
        self, department: str, *, about: bytes, content: bytes, offset: int, still: Callable[[], None]
    ) -> None:
        """
        Args:
            still: raises if the department's partition is no longer this worker's; asked around each step.
        """
        if offset == self.offset(department):
            return  # what stands at an offset never changes
        pieces = [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
        names = {_name(department, offset, number): piece for number, piece in enumerate(pieces)}
        await self._state.put(names)
        still()
        head = {"v": 1, "offset": offset, "pieces": len(pieces), "crc32": zlib.crc32(content), "about": about.decode()}
        await self._state.put({department: orjson.dumps(head)})
        still()
        old = [key for key in self._state if key.startswith(f"{department}/") and key not in names]
        await self._state.put(dict.fromkeys(old))
        still()

    def _head(self, department: str) -> dict[str, Any]:
        head = self._state.get(department)
        return dict(orjson.loads(head)) if head else {}


def _name(department: str, offset: object, number: int) -> str:
    return f"{department}/{offset}/{number}"
