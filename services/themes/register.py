"""Decisions about themes as pure functions: an entry in, an entry with one step more out. Nothing is ever undone by
the machine, and every step says when, who and why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from soundings.services.domain.register import Action, Change, Entry, Progress, Standing, Step, Teaching

NEXT: dict[Progress, tuple[Progress, ...]] = {
    Progress.HEARD: (Progress.LOOKED_AT,),
    Progress.LOOKED_AT: (Progress.ANSWERED,),
    # Answered is not the end: people are told what became of it, or it is looked at once more.
    Progress.ANSWERED: (Progress.CHANGED, Progress.WILL_NOT_CHANGE, Progress.LOOKED_AT),
    Progress.CHANGED: (Progress.LOOKED_AT,),
    Progress.WILL_NOT_CHANGE: (Progress.LOOKED_AT,),
}


class RegisterError(ValueError):
    """The decision cannot be taken like that; the message says why, for the person who took it."""


def adopt(
    theme: str,
    *,
    department: str,
    title: str,
    area: str,
    owner: str,
    who: str,
    at: datetime,
    note: str,
    entry: Entry | None = None,
) -> Entry:
    """A candidate becomes a theme of a policy area, with an owner; it has been heard.

    Args:
        entry: the theme's entry, if it was discarded before.

    Raises:
        RegisterError: something is left empty, or the time has no zone.
    """
    for name, value in (("a title", title), ("a policy area", area), ("an owner", owner)):
        if not value.strip():
            raise RegisterError(f"an adopted theme needs {name}")
    step = _step(Action.ADOPTED, who, at, note, title=title, area=area, owner=owner, progress=Progress.HEARD)
    if entry is not None:
        if entry.standing is not Standing.DISCARDED:
            raise RegisterError(f"{theme} is {entry.standing!s} already")
        kept: dict[str, Any] = {"title": title, "area": area, "owner": owner, "progress": Progress.HEARD}
        return _added(entry, step, standing=Standing.ADOPTED, **kept)
    return Entry(
        theme=theme,
        department=department,
        title=title,
        standing=Standing.ADOPTED,
        area=area,
        owner=owner,
        progress=Progress.HEARD,
        history=(step,),
    )


def discard(
    theme: str, *, department: str, title: str, who: str, at: datetime, note: str, entry: Entry | None = None
) -> Entry:
    """The theme is nothing to follow up; it goes on to gather its posts, so that they do not come back under another
    name, and is not shown.

    Args:
        entry: the theme's entry, if it was adopted before.
    """
    step = _step(Action.DISCARDED, who, at, note)
    if entry is None:
        return Entry(theme=theme, department=department, title=title, standing=Standing.DISCARDED, history=(step,))
    return _added(_adopted(entry), step, standing=Standing.DISCARDED, progress=None)


def rename(entry: Entry, title: str, *, who: str, at: datetime, note: str) -> Entry:
    if not title.strip():
        raise RegisterError("a title cannot be empty")
    return _added(_adopted(entry), _step(Action.RENAMED, who, at, note, title=title), title=title)


def hand_over(entry: Entry, *, area: str, owner: str, who: str, at: datetime, note: str) -> Entry:
    """To another policy area or owner."""
    if not area.strip() or not owner.strip():
        raise RegisterError("a theme needs a policy area and an owner")
    step = _step(Action.HANDED_OVER, who, at, note, area=area, owner=owner)
    return _added(_adopted(entry), step, area=area, owner=owner)


def advance(
    entry: Entry, progress: Progress, *, who: str, at: datetime, note: str, change: Change | None = None
) -> Entry:
    """The next stage of an adopted theme.

    Args:
        note: what was found, answered, or why it will not change.
        change: what changed; needed for *changed*, and only there.

    Raises:
        RegisterError: the stage does not follow, or what it needs is missing.
    """
    now = _adopted(entry).progress
    if now is None or progress not in NEXT[now]:
        allowed = " or ".join(NEXT[now]) if now else "nothing"
        raise RegisterError(f"after {now!s} comes {allowed}, not {progress!s}")
    if (change is not None) != (progress is Progress.CHANGED):
        raise RegisterError("say what changed for *changed*, and only there")
    if change is not None and not (change.what.strip() and change.link.strip()):
        raise RegisterError("what changed needs words and a link")
    return _added(entry, _step(Action.ADVANCED, who, at, note, progress=progress, change=change), progress=progress)


def merge(entry: Entry, into: Entry, *, who: str, at: datetime, note: str) -> tuple[Entry, Entry]:
    """Two adopted themes become one. Returns the merged entry and the one that goes on; both keep their history."""
    if entry.theme == into.theme:
        raise RegisterError("a theme cannot be merged with itself")
    if entry.department != into.department:
        raise RegisterError("themes of two departments cannot be merged")
    gone = _added(
        _adopted(entry),
        _step(Action.MERGED, who, at, note, themes=(into.theme,)),
        standing=Standing.MERGED,
        progress=None,
        into=(into.theme,),
    )
    return gone, _added(_adopted(into), _step(Action.TOOK_IN, who, at, note, themes=(entry.theme,)))


def take_in(theme: str, title: str, into: Entry, *, who: str, at: datetime, note: str) -> tuple[Entry, Entry]:
    """A candidate is what an adopted theme is about already. Returns the candidate's entry and the one that goes on."""
    if theme == into.theme:
        raise RegisterError("a theme cannot be merged with itself")
    gone = Entry(
        theme=theme,
        department=into.department,
        title=title,
        standing=Standing.MERGED,
        into=(into.theme,),
        history=(_step(Action.MERGED, who, at, note, themes=(into.theme,)),),
    )
    return gone, _added(_adopted(into), _step(Action.TOOK_IN, who, at, note, themes=(theme,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a theme is split into."""

    theme: str
    """A new theme id."""
    title: str
    words: tuple[str, ...] = ()
    """What its posts are known by; none: it has the rest. Only one part may have the rest."""


def split(entry: Entry, parts: Sequence[Part], *, who: str, at: datetime, note: str) -> tuple[Entry, tuple[Entry, ...]]:
    """An adopted theme becomes several, with its area, owner and progress.

    Returns:
        The entry that was split, and those of its parts.
    """
    ids = [part.theme for part in parts]
    if sum(not part.words for part in parts) > 1:
        raise RegisterError("only one part can have the rest: give the others words that their posts are known by")
    if len(parts) < 2 or len(set(ids)) < len(ids) or entry.theme in ids:
        raise RegisterError("a split needs at least two parts with ids of their own")
    if any(not part.title.strip() for part in parts):
        raise RegisterError("every part needs a title")
    _adopted(entry)
    off = tuple(
        replace(
            entry,
            theme=part.theme,
            title=part.title,
            words=part.words,
            history=(_step(Action.SPLIT_OFF, who, at, note, title=part.title, themes=(entry.theme,)),),
        )
        for part in parts
    )
    step = _step(Action.SPLIT, who, at, note, themes=tuple(ids))
    return _added(entry, step, standing=Standing.SPLIT, progress=None, into=tuple(ids)), off


def goes_on_as(theme: str, entries: Iterable[Entry]) -> str:
    """The theme that a merged theme's posts belong to; itself for any other."""
    by_id = {entry.theme: entry for entry in entries}
    seen = set()
    while theme not in seen and (entry := by_id.get(theme)) and entry.standing is Standing.MERGED:
        seen.add(theme)
        theme = entry.into[0]
    return theme


def teachings(entries: Iterable[Entry]) -> tuple[Teaching, ...]:
    """What the engine has to keep together or apart, in the order in which it was decided: a theme may have been
    merged into another before that was split."""
    by_id = {entry.theme: entry for entry in entries}
    found: list[Teaching] = []
    for entry in sorted(by_id.values(), key=lambda entry: (_decided_at(entry), entry.theme)):
        if entry.standing is not Standing.SPLIT:
            found.append(Teaching(theme=entry.theme, belongs_to=goes_on_as(entry.theme, by_id.values())))
            continue
        parts = [by_id[part] for part in entry.into if part in by_id]
        # The part that has the rest comes last: it takes what no other holds.
        for part in sorted(parts, key=lambda part: not part.words):
            into = goes_on_as(part.theme, by_id.values())
            found.append(Teaching(theme=entry.theme, belongs_to=into, words=part.words))
    return tuple(found)


_BINDING = frozenset({Action.ADOPTED, Action.SPLIT_OFF, Action.DISCARDED, Action.MERGED, Action.SPLIT})
"""Steps that say where a theme's posts belong; every entry begins with one."""


def _decided_at(entry: Entry) -> datetime:
    return max(step.at for step in entry.history if step.action in _BINDING)


def said_and_done(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The *You said, we did* record: themes that came to an end, the latest first."""
    ended = (entry for entry in entries if entry.progress in (Progress.CHANGED, Progress.WILL_NOT_CHANGE))
    return tuple(sorted(ended, key=lambda entry: (entry.history[-1].at, entry.theme), reverse=True))


def _adopted(entry: Entry) -> Entry:
    if entry.standing is not Standing.ADOPTED:
        raise RegisterError(f"{entry.theme} is {entry.standing!s}, not adopted")
    return entry


def _step(action: Action, who: str, at: datetime, note: str, **details: Any) -> Step:
    if not who.strip() or not note.strip():
        raise RegisterError("every step needs who took it and a note why")
    if at.tzinfo is None:
        raise RegisterError("the time of a step needs a time zone")
    return Step(at=at, who=who, action=action, note=note, **details)


def _added(entry: Entry, step: Step, **changes: Any) -> Entry:
    if step.at < entry.history[-1].at:
        raise RegisterError(f"{entry.theme} has a later step already: {entry.history[-1].at:%d %B %Y %H:%M}")
    return replace(entry, history=(*entry.history, step), **changes)
