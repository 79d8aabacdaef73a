"""Entries of the register of themes as documents, and back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from soundings.services.domain.register import Action, Change, ChangeKind, Entry, Progress, Standing, Step
from soundings.services.index.documents import MAX_ID_BYTES
from soundings.services.index.encoding import UnfitRecord, moment, without_empty
from soundings.services.index.fields import TIMESTAMP, DecisionField, RegisterField, leaf

Source = Mapping[str, Any]

MOST_BYTES = 32_766
"""Of one string: Elasticsearch indexes no longer keyword."""


def entry_fields(entry: Entry) -> dict[str, Any]:
    """Raises UnfitRecord: a time without a zone."""
    last = entry.history[-1]
    return without_empty(
        {
            TIMESTAMP: moment(last.at),
            RegisterField.THEME: entry.theme,
            RegisterField.DEPARTMENT: entry.department,
            RegisterField.TITLE: entry.title,
            RegisterField.STANDING: entry.standing.value,
            RegisterField.AREA: entry.area,
            RegisterField.OWNER: entry.owner,
            RegisterField.PROGRESS: entry.progress.value if entry.progress else None,
            RegisterField.INTO: entry.into,
            RegisterField.WORDS: entry.words,
            RegisterField.HISTORY: tuple(_step_fields(step) for step in entry.history),
            RegisterField.LAST_NOTE: last.note,
            RegisterField.LAST_LINK: last.change.link if last.change else None,
        }
    )


def entry_of(source: Source) -> Entry:
    progress = source.get(RegisterField.PROGRESS)
    return Entry(
        theme=source[RegisterField.THEME],
        department=source[RegisterField.DEPARTMENT],
        title=source[RegisterField.TITLE],
        standing=Standing(source[RegisterField.STANDING]),
        area=source[RegisterField.AREA],
        owner=source[RegisterField.OWNER],
        progress=Progress(progress) if progress else None,
        into=tuple(source.get(RegisterField.INTO, ())),
        words=tuple(source.get(RegisterField.WORDS, ())),
        history=tuple(_step_of(step) for step in source[RegisterField.HISTORY]),
    )


def entry_body(entry: Entry) -> bytes:
    """The document of an entry.

    Raises:
        UnfitRecord: it holds something that JSON cannot, or that is too long.
    """
    if len(entry.theme.encode(errors="replace")) > MAX_ID_BYTES:
        raise UnfitRecord("the id of the theme is too long")
    fields = entry_fields(entry)
    if any(len(words.encode(errors="replace")) > MOST_BYTES for words in _strings(fields)):
        raise UnfitRecord(f"a note, title or name of more than {MOST_BYTES} bytes")
    return _json(fields)


def decision_body(department: str, entries: Sequence[Entry]) -> bytes:
    """The document of a decision.

    Raises:
        UnfitRecord: it holds something that JSON cannot.
    """
    return _json(
        {
            TIMESTAMP: moment(max(entry.history[-1].at for entry in entries)),
            DecisionField.DEPARTMENT: department,
            DecisionField.ENTRIES: _json([entry_fields(entry) for entry in entries]).decode(),
        }
    )


def decided(source: Source) -> tuple[Entry, ...]:
    """The entries as they are after a decision."""
    return tuple(entry_of(each) for each in orjson.loads(source[DecisionField.ENTRIES]))


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise UnfitRecord("it holds something that JSON cannot") from None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(part)


def _step_fields(step: Step) -> dict[str, Any]:
    change = step.change
    return without_empty(
        {
            leaf(RegisterField.STEP_AT): moment(step.at),
            leaf(RegisterField.STEP_WHO): step.who,
            leaf(RegisterField.STEP_ACTION): step.action.value,
            leaf(RegisterField.STEP_NOTE): step.note,
            leaf(RegisterField.STEP_TITLE): step.title,
            leaf(RegisterField.STEP_AREA): step.area,
            leaf(RegisterField.STEP_OWNER): step.owner,
            leaf(RegisterField.STEP_PROGRESS): step.progress.value if step.progress else None,
            leaf(RegisterField.STEP_CHANGE): change.kind.value if change else None,
            leaf(RegisterField.STEP_WHAT): change.what if change else None,
            leaf(RegisterField.STEP_LINK): change.link if change else None,
            leaf(RegisterField.STEP_THEMES): step.themes,
        }
    )


def _step_of(source: Source) -> Step:
    kind = source.get(leaf(RegisterField.STEP_CHANGE))
    progress = source.get(leaf(RegisterField.STEP_PROGRESS))
    return Step(
        at=datetime.fromisoformat(source[leaf(RegisterField.STEP_AT)]),
        who=source[leaf(RegisterField.STEP_WHO)],
        action=Action(source[leaf(RegisterField.STEP_ACTION)]),
        note=source[leaf(RegisterField.STEP_NOTE)],
        title=source.get(leaf(RegisterField.STEP_TITLE)),
        area=source.get(leaf(RegisterField.STEP_AREA)),
        owner=source.get(leaf(RegisterField.STEP_OWNER)),
        progress=Progress(progress) if progress else None,
        change=_change(ChangeKind(kind), source) if kind else None,
        themes=tuple(source.get(leaf(RegisterField.STEP_THEMES), ())),
    )


def _change(kind: ChangeKind, source: Source) -> Change:
    return Change(kind=kind, what=source[leaf(RegisterField.STEP_WHAT)], link=source[leaf(RegisterField.STEP_LINK)])
