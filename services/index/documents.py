"""Which document a record becomes: kind, id, month and version. Pure, so that any redelivery hits the same document."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm, Volume
from soundings.services.domain.posts import Mention, Post, Statement
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.domain.urgent import Urgent
from soundings.services.index import encoding, theme_forms
from soundings.services.index.encoding import UnfitRecord
from soundings.services.index.fields import TIMESTAMP, Kind, alias
from soundings.services.index.port import Record, Rejected

MAX_ID_BYTES = 512
"""Elasticsearch takes no longer `_id`."""

FIRST = "first"
"""The index that stands behind each alias before there is any month, so that every alias can be searched from the
start; notifications stay in it: their only time is that of the sending, which a repeated sending changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    kind: Kind
    id: str
    part: str
    """`2021-03`, or `first`."""
    version: int | None
    """A document of a lower version never replaces it; None: the last one put wins."""
    body: bytes
    """JSON."""

    def index(self, prefix: str) -> str:
        return f"{alias(prefix, self.kind)}-{self.part}"


def identifier(record: Record) -> str:
    match record:
        case Mention() | Statement():
            return record.post.id
        case Volume():
            return f"{record.account}|{record.minute.astimezone(UTC).isoformat(timespec='minutes')}"
        case Notification():
            return f"{record.alert}|{record.channel}"
        case Firestorm() | Alert() | Urgent() | ThemeWeek() | ThemesRead():
            return record.id


def document(record: Record) -> Document:
    """The document that holds a record.

    Raises:
        UnfitRecord: no document can.
    """
    name = identifier(record)
    try:
        kind, at, version, fields = _parts(record)
        body = orjson.dumps({TIMESTAMP: encoding.moment(at)} | fields)
        size = len(name.encode())
    except (orjson.JSONEncodeError, UnicodeEncodeError):  # a lone surrogate, a number of more than 64 bits
        raise UnfitRecord("it holds something that JSON cannot") from None
    if not 0 < size <= MAX_ID_BYTES:
        raise UnfitRecord(f"an id of {size} bytes")
    part = FIRST if kind is Kind.NOTIFICATIONS else _month(at)
    return Document(kind=kind, id=name, part=part, version=version, body=body)


def documents(records: Iterable[Record]) -> tuple[tuple[Document, ...], tuple[Rejected, ...]]:
    """One document for each id, the latest version, and what could not become one.

    One for each id, because a retry of the first could otherwise overtake the second.
    """
    chosen: dict[tuple[Kind, str], Document] = {}
    rejected: dict[str, Rejected] = {}
    for record in records:
        try:
            new = document(record)
        except UnfitRecord as error:
            name = identifier(record)
            rejected[name] = Rejected(id=name, reason=str(error))
            continue
        old = chosen.get((new.kind, new.id))
        if old is None or (new.version or 0) >= (old.version or 0):
            chosen[new.kind, new.id] = new
    return tuple(chosen.values()), tuple(rejected.values())


def millis(moment: datetime) -> int:
    """Milliseconds since 1970, rounded down: the index's resolution of time."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000


def said(post: Post) -> int:
    """Version of a post's document: when it was said, so that an edited text is never replaced by an older one."""
    return max(0, millis(post.said_at))


def _parts(record: Record) -> tuple[Kind, datetime, int | None, dict[str, object]]:
    """Kind, the time it belongs to, version, fields."""
    match record:
        case Mention():
            fields = encoding.post(record.post) | encoding.tags(record.tags)
            return Kind.MENTIONS, record.post.created_at, said(record.post), fields
        case Statement():
            fields = encoding.post(record.post)
            return Kind.STATEMENTS, record.post.created_at, said(record.post), fields
        case Volume():
            return Kind.VOLUMES, record.minute, None, encoding.volume(record)
        case Firestorm():
            return Kind.FIRESTORMS, record.opened_at, max(0, millis(record.updated_at)), encoding.firestorm(record)
        case Alert():
            return Kind.ALERTS, record.at, None, encoding.alert(record)
        case Notification():
            return Kind.NOTIFICATIONS, record.at, _told(record), encoding.notification(record)
        case Urgent():
            return Kind.URGENT, record.at, None, encoding.urgent(record)
        case ThemeWeek():
            begins = theme_forms.week_begins(record.week)
            return Kind.THEMES, begins, max(0, millis(record.at)), theme_forms.theme_fields(record)
        case ThemesRead():
            begins = theme_forms.week_begins(record.week)
            return Kind.READINGS, begins, max(0, millis(record.at)), theme_forms.reading_fields(record)


def _told(record: Notification) -> int:
    """Sent outranks every other outcome, a final one outranks one that is still owed."""
    return 2 if record.outcome.told else 1 if record.outcome.final else 0


def _month(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()[: len("2021-03")]
