"""The index in memory: for tests, and for whatever needs no server. Held to the same contract as Elasticsearch."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson

from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm, Volume
from soundings.services.domain.posts import Mention, PostKind, Statement
from soundings.services.domain.themes import ThemesRead, ThemeWeek, reading_id, theme_week_id
from soundings.services.domain.urgent import Urgent
from soundings.services.index import decoding, theme_forms
from soundings.services.index.days import local_days
from soundings.services.index.documents import Document, documents, millis
from soundings.services.index.fields import Kind, PostField, UrgentField
from soundings.services.index.port import EVERYTHING, WITHDRAWN, Day, Index, IndexUnavailable, Record, Rejected, Where

T = TypeVar("T")


class MemoryIndex(Index):
    """Keeps documents, not records: what cannot be stored in Elasticsearch cannot be stored here either.

    What was put can be read at once. Not for several threads.
    """

    def __init__(self) -> None:
        self._held: dict[Kind, dict[str, Document]] = {kind: {} for kind in Kind}
        self.available = True
        """Set to False, every call raises IndexUnavailable, as if the server were down."""
        self.closed = False

    async def prepare(self) -> None:
        self._check()

    async def put(self, records: Sequence[Record]) -> tuple[Rejected, ...]:
        self._check()
        fit, rejected = documents(records)
        for new in fit:
            old = self._held[new.kind].get(new.id)
            if old is None or (new.version or 0) >= (old.version or 0):
                self._held[new.kind][new.id] = new
        return rejected

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        return self._by_id(Kind.MENTIONS, ids, decoding.mention)

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]:
        return self._by_id(Kind.STATEMENTS, ids, decoding.statement)

    async def scan_mentions(self, department: str, start: datetime, end: datetime) -> AsyncIterator[Mention]:
        for mention in self._mentions(department, start, end, EVERYTHING):
            yield mention

    async def scan_volumes(self, department: str, start: datetime, end: datetime) -> AsyncIterator[Volume]:
        volumes = (v for v in self._all(Kind.VOLUMES, decoding.volume) if v.department == department)
        chosen = [v for v in volumes if _within(v.minute, start, end)]
        for volume in sorted(chosen, key=lambda each: (millis(each.minute), each.account)):
            yield volume

    async def count_mentions(self, department: str, start: datetime, end: datetime, where: Where = EVERYTHING) -> int:
        return len(self._mentions(department, start, end, where))

    async def count_voices(self, department: str, start: datetime, end: datetime, where: Where = EVERYTHING) -> int:
        return _voices(self._mentions(department, start, end, where))

    async def daily(self, department: str, start: datetime, end: datetime, timezone: str) -> tuple[Day, ...]:
        zone = ZoneInfo(timezone)
        by_day: dict[date, list[Mention]] = {day: [] for day in local_days(start, end, zone)}
        for mention in self._mentions(department, start, end, EVERYTHING):
            by_day[mention.post.created_at.astimezone(zone).date()].append(mention)
        return tuple(
            Day(date=day, posts=len(found), voices=_voices(found), hostile_voices=_voices(_hostile(found)))
            for day, found in by_day.items()
        )

    async def statements_between(self, department: str, start: datetime, end: datetime) -> tuple[Statement, ...]:
        found = (s for s in self._all(Kind.STATEMENTS, decoding.statement) if department in s.post.departments)
        chosen = [s for s in found if _within(s.post.created_at, start, end)]
        return tuple(sorted(chosen, key=lambda each: (millis(each.post.created_at), each.post.id)))

    async def firestorm(self, identifier: str) -> Firestorm | None:
        return self._by_id(Kind.FIRESTORMS, (identifier,), decoding.firestorm).get(identifier)

    async def firestorms(self, department: str | None, start: datetime, end: datetime) -> tuple[Firestorm, ...]:
        chosen = [
            storm
            for storm in self._all(Kind.FIRESTORMS, decoding.firestorm)
            if department in (None, storm.department)
            and millis(storm.opened_at) < millis(end)
            and (storm.closed_at is None or millis(storm.closed_at) > millis(start))
        ]
        return tuple(sorted(chosen, key=lambda each: (millis(each.opened_at), each.id)))

    async def alerts(self, department: str | None, start: datetime, end: datetime) -> tuple[Alert, ...]:
        found = (a for a in self._all(Kind.ALERTS, decoding.alert) if department in (None, a.department))
        chosen = [alert for alert in found if _within(alert.at, start, end)]
        return tuple(sorted(chosen, key=lambda each: (millis(each.at), each.id)))

    async def notifications(self, alerts: Collection[str]) -> tuple[Notification, ...]:
        wanted = set(alerts)
        found = [n for n in self._all(Kind.NOTIFICATIONS, decoding.notification) if n.alert in wanted]
        return tuple(sorted(found, key=lambda each: (each.alert, each.channel)))

    async def urgent(self, department: str | None, start: datetime, end: datetime) -> tuple[Urgent, ...]:
        found = (u for u in self._all(Kind.URGENT, decoding.urgent) if department in (None, u.department))
        chosen = [urgent for urgent in found if _within(urgent.at, start, end)]
        return tuple(sorted(chosen, key=lambda each: (millis(each.at), each.id)))

    async def themes_read(self, department: str, week: str) -> ThemesRead | None:
        wanted = reading_id(department, week)
        return self._by_id(Kind.READINGS, (wanted,), theme_forms.reading_of).get(wanted)

    async def theme_weeks(self, department: str, week: str) -> tuple[ThemeWeek, ...]:
        read = await self.themes_read(department, week)
        wanted = [theme_week_id(department, week, theme) for theme in read.themes] if read else []
        return tuple(self._by_id(Kind.THEMES, wanted, theme_forms.theme_of).values())

    async def totals(self) -> Mapping[str, int]:
        self._check()
        return {kind.value: len(held) for kind, held in self._held.items()}

    async def spoken_by(self, voice: str) -> tuple[str, ...]:
        found = self._all(Kind.MENTIONS, decoding.mention)
        return tuple(sorted(each.post.id for each in found if each.post.voice == voice))

    async def holding(self, posts: Collection[str]) -> Mapping[str, int]:
        self._check()
        wanted = dict.fromkeys(posts)
        return {kind.value: sum(_goes(each, wanted) for each in self._held[kind].values()) for kind in WITHDRAWN}

    async def take_back(self, posts: Mapping[str, datetime | None]) -> Mapping[str, int]:
        self._check()
        gone = {kind.value: 0 for kind in WITHDRAWN}
        for kind in WITHDRAWN:
            for name, document in list(self._held[kind].items()):
                if _goes(document, posts):
                    del self._held[kind][name]
                    gone[kind.value] += 1
        return gone

    def shelf(self, kind: Kind) -> dict[str, Document]:
        """The documents of a kind by id, for what looks after the index itself."""
        self._check()
        return self._held[kind]

    async def refresh(self) -> None:
        self._check()

    async def close(self) -> None:
        self.closed = True

    def _check(self) -> None:
        if not self.available or self.closed:
            raise IndexUnavailable("the index in memory is switched off")

    def _by_id(self, kind: Kind, ids: Collection[str], decode: Callable[[Mapping[str, Any]], T]) -> dict[str, T]:
        self._check()
        held = self._held[kind]
        return {name: decode(orjson.loads(held[name].body)) for name in dict.fromkeys(ids) if name in held}

    def _all(self, kind: Kind, decode: Callable[[Mapping[str, Any]], T]) -> list[T]:
        self._check()
        return [decode(orjson.loads(held.body)) for held in self._held[kind].values()]

    def _mentions(self, department: str, start: datetime, end: datetime, where: Where) -> list[Mention]:
        found = (m for m in self._all(Kind.MENTIONS, decoding.mention) if department in m.post.departments)
        chosen = [m for m in found if _within(m.post.created_at, start, end) and _is(m, where)]
        return sorted(chosen, key=lambda each: (millis(each.post.created_at), each.post.id))


def _within(moment: datetime, start: datetime, end: datetime) -> bool:
    return millis(start) <= millis(moment) < millis(end)


def _goes(document: Document, posts: Mapping[str, datetime | None]) -> bool:
    fields = orjson.loads(document.body)
    if document.kind is Kind.URGENT:
        return posts.get(fields[UrgentField.POST], document) is None
    repeats = fields.get(PostField.REFERENCE) if fields[PostField.KIND] == PostKind.REPOST else None
    cause = next((name for name in (document.id, repeats) if name in posts), None)
    if cause is None:
        return False
    before = posts[cause]
    return before is None or (document.version or 0) < millis(before)


def _is(mention: Mention, where: Where) -> bool:
    post, tags = mention.post, mention.tags
    asked = (
        (where.account, post.accounts),
        (where.kind, (post.kind,)),
        (where.lang, (tags.lang,)),
        (where.sentiment, (tags.sentiment,)),
        (where.act, tags.acts),
        (where.hostile, (tags.hostile,)),
        (where.source, (post.source,)),
        (where.thread, (post.thread,)),
    )
    return all(value is None or value in held for value, held in asked)


def _hostile(mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.tags.hostile]


def _voices(mentions: Iterable[Mention]) -> int:
    return len({mention.post.voice for mention in mentions})
