"""Records as bytes: versioned JSON, `{"v": 1, "t": "mention", "d": {…}}`.

A version is raised only when an old reader would misread a record; a new optional field needs none. Fields that this
version does not know are kept where the record has a place for them (`Post.unknown`), so that an older intake does not
strip what a newer source added.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm, Volume
from soundings.services.domain.posts import Mention, Statement, Tick
from soundings.services.domain.redactions import Redaction
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.domain.urgent import Urgent
from soundings.streams.records import Delivery, LedgerEntry, Quarantined

VERSION = 1

TAGS: dict[type, str] = {
    Delivery: "delivery",
    Tick: "tick",
    Mention: "mention",
    Statement: "statement",
    Volume: "volume",
    Firestorm: "firestorm",
    Alert: "alert",
    Notification: "notification",
    Quarantined: "quarantined",
    LedgerEntry: "ledger",
    Redaction: "redaction",
    Urgent: "urgent",
    ThemeWeek: "theme",
    ThemesRead: "themes-read",
}
_TYPES = {tag: type_ for type_, tag in TAGS.items()}
_HEADS = {type_: f'{{"v":{VERSION},"t":"{tag}","d":'.encode() for type_, tag in TAGS.items()}

T = TypeVar("T")


class Undecodable(Exception):
    """The bytes are no record of ours. The message says why and never quotes them."""


def encode(record: object) -> bytes:
    """The record as bytes.

    Raises:
        Undecodable: it holds text that is not valid Unicode (a lone surrogate).
    """
    try:
        return _HEADS[type(record)] + orjson.dumps(record, default=_default) + b"}"
    except (TypeError, orjson.JSONEncodeError):
        raise Undecodable("holds text that is not valid Unicode") from None


def decode(data: bytes | None) -> Any:
    """The record of the bytes.

    Raises:
        Undecodable: not JSON, a newer version, an unknown type, or fields of another form.
    """
    if data is None:
        raise Undecodable("empty")
    try:
        envelope = orjson.loads(data)
        version, tag, content = envelope["v"], envelope["t"], envelope["d"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Undecodable("not a record of Soundings") from None
    if version != VERSION:
        told = f"version {version}" if isinstance(version, int) else "no version"
        raise Undecodable(f"{told} of a record, this reads {VERSION}")
    if not isinstance(tag, str) or tag not in _TYPES:
        raise Undecodable("unknown type of record")
    try:
        return _reader(_TYPES[tag])(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Undecodable(f"{tag}: {type(error).__name__}") from None


def _default(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


Reader = Callable[[Any], Any]


@cache
def _reader(hint: Any) -> Reader:
    """A function that turns parsed JSON into a value of the type, built once a type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        read = _reader(inner[0])
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        item, items = _reader(arguments[0]), _checked(list)
        return lambda value: tuple(item(each) for each in items(value))
    if origin is not None and issubclass(origin, Mapping):
        return _checked(dict)
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_reader(hint)
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if hint is float:
        return float
    return _checked(hint)


def _checked(hint: type) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not hint:
            raise TypeError
        return value

    return read


def _dataclass_reader(hint: type) -> Reader:
    hints = get_type_hints(hint)
    plan = [(field.name, _reader(hints[field.name]), _required(field)) for field in fields(hint)]
    names = {name for name, _, _ in plan}
    keeps_unknown = "unknown" in names

    def read(value: Any) -> Any:
        if keeps_unknown and value.get("unknown"):
            # What an older part put aside comes back to its place.
            value = {**value["unknown"], **{name: each for name, each in value.items() if name != "unknown"}}
        arguments = {name: convert(value[name]) for name, convert, needed in plan if needed or name in value}
        if keeps_unknown and not names.issuperset(value):
            strange = {name: each for name, each in value.items() if name not in names}
            arguments["unknown"] = strange
        return hint(**arguments)

    return read


def _required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
