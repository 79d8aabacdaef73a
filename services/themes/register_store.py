"""Where the register is kept: the port, and a fake in memory that passes the same contract."""

from typing import Protocol

from soundings.services.domain.register import Entry


class Outdated(Exception):
    """Somebody else decided about the theme meanwhile: read its entry again, then decide."""


class RegisterStore(Protocol):
    """Writes of several entries (a merge, a split) take effect together or not at all."""

    async def get(self, theme: str) -> Entry | None: ...

    async def of_department(self, department: str) -> tuple[Entry, ...]:
        """All entries of a department, sorted by theme id."""
        ...

    async def put(self, *entries: Entry) -> None:
        """Keeps entries that have one step more than those that are kept.

        Raises:
            Outdated: an entry's history is not that of the kept entry and one step more.
        """
        ...


class MemoryRegister:
    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    async def get(self, theme: str) -> Entry | None:
        return self.entries.get(theme)

    async def of_department(self, department: str) -> tuple[Entry, ...]:
        return tuple(entry for _, entry in sorted(self.entries.items()) if entry.department == department)

    async def put(self, *entries: Entry) -> None:
        for entry in entries:
            check_follows(self.entries.get(entry.theme), entry)
        self.entries.update((entry.theme, entry) for entry in entries)


def check_follows(kept: Entry | None, new: Entry) -> None:
    """For every store: the history that is kept is never changed, only added to.

    Raises:
        Outdated: it would be.
    """
    before = kept.history if kept else ()
    if new.history[:-1] != before:
        raise Outdated(f"{new.theme}: version {new.version} does not follow version {len(before)}")
