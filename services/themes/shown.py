"""A week's themes as people see them: what the machine proposes, with what people decided about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from soundings.services.domain.register import Entry, Progress, Standing
from soundings.services.domain.themes import Theme, ThemesRead, ThemeWeek

CANDIDATE = "candidate"

_HIDDEN = frozenset({Standing.DISCARDED, Standing.MERGED})
"""Discarded: nothing to follow up. Merged: from the next report on its posts are counted where they went."""


class ThemeIndex(Protocol):
    """What is read of the index."""

    async def themes_read(self, department: str, week: str) -> ThemesRead | None: ...

    async def theme_weeks(self, department: str, week: str) -> tuple[ThemeWeek, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    theme: Theme
    entry: Entry | None
    areas: tuple[str, ...]
    """Policy areas whose officials see it: the one that it was adopted for, else those that its posts belong to."""

    @property
    def title(self) -> str:
        return self.entry.title if self.entry else self.theme.title

    @property
    def standing(self) -> str:
        return self.entry.standing.value if self.entry else CANDIDATE

    @property
    def adopted(self) -> bool:
        return self.entry is not None and self.entry.standing is Standing.ADOPTED

    @property
    def owner(self) -> str:
        return self.entry.owner if self.entry else ""

    @property
    def progress(self) -> Progress | None:
        return self.entry.progress if self.entry else None


def shown(weeks: Sequence[ThemeWeek], entries: Iterable[Entry]) -> tuple[Shown, ...]:
    """Most people first; what was discarded or merged into another theme is not shown."""
    by_theme = {entry.theme: entry for entry in entries}
    found = [_shown(week, by_theme.get(week.theme.id)) for week in weeks]
    kept = [each for each in found if each.entry is None or each.entry.standing not in _HIDDEN]
    return tuple(sorted(kept, key=lambda each: (-each.theme.evidence.voices, each.theme.id)))


def hidden(weeks: Iterable[ThemeWeek], entries: Iterable[Entry]) -> tuple[tuple[ThemeWeek, Entry], ...]:
    """What `shown` leaves out, with the decision that it rests on."""
    by_theme = {entry.theme: entry for entry in entries}
    pairs = ((week, by_theme.get(week.theme.id)) for week in weeks)
    return tuple((week, entry) for week, entry in pairs if entry is not None and entry.standing in _HIDDEN)


def of_area(themes: Iterable[Shown], area: str) -> tuple[Shown, ...]:
    """Those that the official of a policy area sees, whatever the name's case."""
    name = area.strip().casefold()
    return tuple(each for each in themes if any(held.casefold() == name for held in each.areas))


def _shown(week: ThemeWeek, entry: Entry | None) -> Shown:
    adopted = entry is not None and entry.standing is Standing.ADOPTED
    areas = (entry.area,) if entry is not None and adopted and entry.area else week.areas
    return Shown(theme=week.theme, entry=entry, areas=areas)
