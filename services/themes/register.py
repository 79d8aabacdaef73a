"""Decisions about themes as pure functions: an entry in, an entry with one step more out. Nothing is ever undone by
the machine, and every step says when, who and why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
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
    theme: str, *, department: str, title: str, area: str, owner: str, who: str, at: datetime, note: str
) -> Entry:
    """A candidate becomes a theme of a policy area, with an owner; it has been heard.

    Raises:
        RegisterError: something is left empty, or the time has no zone.
    """
    for name, value in (("title", title), ("policy area", area), ("owner", owner)):
        if not value.strip():
            raise RegisterError(f"an adopted theme needs a {name}")
    step = _step(Action.ADOPTED, who, at, note, title=title, area=area, owner=owner, progress=Progress.HEARD)
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


def split(
    entry: Entry, parts: Sequence[tuple[str, str]], *, who: str, at: datetime, note: str
) -> tuple[Entry, tuple[Entry, ...]]:
    """An adopted theme becomes several, given as (new theme id, title), with its area, owner and progress.

    Returns:
        The entry that was split, and those of its parts.
    """
    ids = [theme for theme, _ in parts]
    if len(parts) < 2 or len(set(ids)) < len(ids) or entry.theme in ids:
        raise RegisterError("a split needs at least two parts with ids of their own")
    if any(not title.strip() for _, title in parts):
        raise RegisterError("every part needs a title")
    _adopted(entry)
    off = tuple(
        replace(
            entry,
            theme=theme,
            title=title,
            history=(_step(Action.SPLIT_OFF, who, at, note, title=title, themes=(entry.theme,)),),
        )
        for theme, title in parts
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
    """What the engine has to keep together: adopted, merged and discarded themes. What a split teaches names
    micro-clusters, which the person who splits has in view: that teaching is made there."""
    held = sorted(entries, key=lambda entry: entry.theme)
    return tuple(
        Teaching(theme=entry.theme, belongs_to=goes_on_as(entry.theme, held))
        for entry in held
        if entry.standing is not Standing.SPLIT
    )


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
