"""Deciding about themes: what the command line calls, and web pages can. Each function reads the register, decides
(register.py) and keeps the decision; it raises before anything is kept, or not at all.

All raise, besides what their own words say:
    UnknownTheme: there is no such theme in the weeks that were looked at, or nobody has decided about it.
    RegisterError: the decision cannot be taken like that.
    Outdated: somebody else decided about the theme meanwhile.
    IndexUnavailable: Elasticsearch cannot be reached; nothing was decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict

from soundings.services.alerts.links import safe
from soundings.services.domain.accounts import Department, PolicyArea
from soundings.services.domain.register import Change, ChangeKind, Entry, Progress, Standing
from soundings.services.domain.themes import ThemeWeek
from soundings.services.themes import register
from soundings.services.themes.register import Part, RegisterError
from soundings.services.themes.register_store import RegisterStore, department_of
from soundings.services.themes.shown import ThemeIndex
from soundings.services.themes.teaching import PERSONS

LOOK_BACK = 13
"""Weeks in which a theme is looked for: as far back as the engine counts."""


class UnknownTheme(LookupError):
    """There is no such theme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What every step carries."""

    who: str
    at: datetime
    note: str


class _By(TypedDict):
    who: str
    at: datetime
    note: str


async def find(index: ThemeIndex, theme: str, until: date) -> ThemeWeek:
    """A theme as its latest report has it, looked for from the week of `until` back."""
    for back in range(LOOK_BACK):
        for week in await index.theme_weeks(department_of(theme), week_name(until - timedelta(weeks=back))):
            if week.theme.id == theme:
                return week
    raise UnknownTheme(f"there is no theme {theme!r} in the {LOOK_BACK} weeks up to {until}")


async def adopt(
    index: ThemeIndex,
    store: RegisterStore,
    department: Department,
    theme: str,
    *,
    area: str,
    owner: str,
    title: str,
    until: date,
    by: Signed,
) -> Entry:
    """
    Args:
        area: name of a configured policy area; where the department has none, any name.
        owner: empty: the area's.
        title: empty: the machine's.
    """
    entry = await store.get(theme)
    found = None if entry else await find(index, theme, until)  # a title alone makes no theme
    chosen = area_of(department, area)
    adopted = register.adopt(
        theme,
        department=department.key,
        title=title or (entry.title if entry else "") or (found.theme.title if found else ""),
        area=chosen.name,
        owner=owner or chosen.owner,
        entry=entry,
        **_by(by),
    )
    await store.put(adopted)
    return adopted


async def hand_over(
    store: RegisterStore, department: Department, theme: str, *, area: str, owner: str, by: Signed
) -> Entry:
    """To another policy area or owner; what is empty stays, save that another area brings its own owner."""
    entry = await decided(store, theme)
    chosen = area_of(department, area) if area else PolicyArea(name=entry.area, owner=entry.owner)
    changed = register.hand_over(entry, area=chosen.name, owner=owner or chosen.owner, **_by(by))
    await store.put(changed)
    return changed


async def rename(store: RegisterStore, theme: str, title: str, by: Signed) -> Entry:
    changed = register.rename(await decided(store, theme), title, **_by(by))
    await store.put(changed)
    return changed


async def discard(index: ThemeIndex, store: RegisterStore, theme: str, *, until: date, by: Signed) -> Entry:
    entry = await store.get(theme)
    title = entry.title if entry else (await find(index, theme, until)).theme.title
    gone = register.discard(theme, department=department_of(theme), title=title, entry=entry, **_by(by))
    await store.put(gone)
    return gone


async def merge(
    index: ThemeIndex, store: RegisterStore, theme: str, into: str, *, until: date, by: Signed
) -> tuple[Entry, Entry]:
    """The theme, a candidate or adopted, becomes part of an adopted one. Returns both, the merged one first."""
    on, entry = await decided(store, into), await store.get(theme)
    if department_of(theme) != on.department:
        raise RegisterError("themes of two departments cannot be merged")
    if entry is None:
        found = await find(index, theme, until)
        gone, on = register.take_in(theme, found.theme.title, on, **_by(by))
    else:
        gone, on = register.merge(entry, on, **_by(by))
    await store.put(gone, on)
    return gone, on


async def split(
    store: RegisterStore, theme: str, parts: Sequence[tuple[str, tuple[str, ...]]], by: Signed
) -> tuple[Entry, tuple[Entry, ...]]:
    """An adopted theme becomes several, each given by its title and the words that its posts are known by."""
    entry = await decided(store, theme)
    taken = [number_of(each.theme) for each in await store.of_department(entry.department)]
    first = max([PERSONS, *taken]) + 1
    named = [
        Part(theme=f"{entry.department}:{first + place}", title=title, words=words)
        for place, (title, words) in enumerate(parts)
    ]
    whole, off = register.split(entry, named, **_by(by))
    await store.put(whole, *off)
    return whole, off


async def advance(store: RegisterStore, theme: str, progress: Progress, *, change: Change | None, by: Signed) -> Entry:
    changed = register.advance(await decided(store, theme), progress, change=change, **_by(by))
    await store.put(changed)
    return changed


async def decided(store: RegisterStore, theme: str) -> Entry:
    """The entry of a theme; of one that was merged the error names the theme that goes on."""
    entry = await store.get(theme)
    if entry is None:
        raise UnknownTheme(f"nobody has adopted {theme!r} yet, or there is no such theme")
    if entry.standing is Standing.MERGED:
        raise RegisterError(f"{theme} was merged into {entry.into[0]}")
    return entry


def area_of(department: Department, name: str) -> PolicyArea:
    """The configured policy area of that name, whatever its case.

    Raises:
        RegisterError: there is none; the message lists those that there are.
    """
    if not department.policy_areas:
        return PolicyArea(name=name.strip())
    for area in department.policy_areas:
        if area.name.casefold() == name.strip().casefold():
            return area
    known = ", ".join(repr(area.name) for area in department.policy_areas)
    raise RegisterError(f"{department.name} has no policy area {name!r}; configured: {known}")


def progress_of(words: str) -> Progress:
    """`being-looked-at` or `being looked at`, whatever the case.

    Raises:
        RegisterError: there is no such stage; the message lists those that there are.
    """
    asked = words.strip().casefold().replace("-", " ")
    for progress in Progress:
        if progress.value == asked:
            return progress
    known = ", ".join(progress.value.replace(" ", "-") for progress in Progress)
    raise RegisterError(f"there is no stage {words!r}; the stages are {known}")


def change_of(kind: str, what: str, link: str) -> Change:
    """
    Raises:
        RegisterError: what changed is not said, or its link is no web address.
    """
    try:
        of = ChangeKind(kind.strip().casefold())
    except ValueError:
        known = ", ".join(ChangeKind)
        raise RegisterError(f"say with --change what kind of change it is: {known}") from None
    if not what.strip() or not safe(link.strip()):
        raise RegisterError("say with --what what is different now, and with --link (https://…) where it shows")
    return Change(kind=of, what=what.strip(), link=link.strip())


def number_of(theme: str) -> int:
    """Of an id that the engine or a split gave; 0 for any other."""
    number = theme.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0


async def latest(index: ThemeIndex, department: str, today: date) -> str:
    """The latest week with a report, `2021-W10`.

    Raises:
        UnknownTheme: there is none in the weeks that are looked at.
    """
    for back in range(LOOK_BACK):
        week = week_name(today - timedelta(weeks=back))
        if await index.themes_read(department, week) is not None:
            return week
    raise UnknownTheme(f"no themes of {department} in the {LOOK_BACK} weeks up to {today}: name a week with --week")


def week_name(day: date) -> str:
    year, number, _ = day.isocalendar()
    return f"{year:04}-W{number:02}"


def _by(signed: Signed) -> _By:
    return {"who": signed.who, "at": signed.at, "note": signed.note}
