"""Where the register is kept: the port, and a fake in memory that passes the same contract."""

from collections.abc import Sequence
from typing import Protocol

from soundings.services.domain.register import Entry


class Outdated(Exception):
    """Somebody else decided about the theme meanwhile: read its entry again, then decide."""


class RegisterStore(Protocol):
    """Writes of several entries (a merge, a split) take effect together or not at all.

    A theme's id begins with its department's key and a colon. Each method may raise the store's own error when it
    cannot be reached (Elasticsearch: IndexUnavailable).
    """

    async def get(self, theme: str) -> Entry | None:
        """What was decided about a theme; None: it is a candidate, or there is no such theme."""
        ...

    async def of_department(self, department: str) -> tuple[Entry, ...]:
        """All entries of a department, sorted by theme id."""
        ...

    async def put(self, *entries: Entry) -> None:
        """Keeps entries that have one step more than those that are kept.

        Raises:
            Outdated: an entry's history is not that of the kept entry and one step more.
            ValueError: entries of several departments, or an entry that cannot be kept.
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
        check_belong(entries)
        for entry in entries:
            check_follows(self.entries.get(entry.theme), entry)
        self.entries.update((entry.theme, entry) for entry in entries)


def department_of(theme: str) -> str:
    return theme.rpartition(":")[0]


def check_belong(entries: Sequence[Entry]) -> str:
    """For every store: the department that all these entries are of.

    Raises:
        ValueError: they are of several, or none, or an id is not of the entry's department, or stands there twice.
    """
    departments = {entry.department for entry in entries}
    if len(departments) != 1:
        raise ValueError("a decision is about themes of one department")
    if any(department_of(entry.theme) != entry.department for entry in entries):
        raise ValueError("the id of a theme begins with its department")
    if len({entry.theme for entry in entries}) < len(entries):
        raise ValueError("a decision about one theme twice")
    return departments.pop()


def check_follows(kept: Entry | None, new: Entry) -> None:
    """For every store: the history that is kept is never changed, only added to.

    Raises:
        Outdated: it would be.
    """
    before = kept.history if kept else ()
    if new.history[:-1] != before:
        raise Outdated(f"{new.theme}: version {new.version} does not follow version {len(before)}")
