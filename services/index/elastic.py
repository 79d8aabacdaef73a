"""The index in Elasticsearch 9, with nothing but what every node has: no scripts, no ILM, no data streams."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from elasticsearch import AsyncElasticsearch

from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm, Volume
from soundings.services.domain.posts import Mention, Statement
from soundings.services.domain.themes import ThemesRead, ThemeWeek, reading_id, theme_week_id
from soundings.services.domain.urgent import Urgent
from soundings.services.index import bulk, decoding, queries, schema, theme_forms, withdrawal
from soundings.services.index.connection import connect, named_errors
from soundings.services.index.days import local_days
from soundings.services.index.documents import documents
from soundings.services.index.fields import (
    AlertField,
    FirestormField,
    Kind,
    NotificationField,
    PostField,
    UrgentField,
    VolumeField,
)
from soundings.services.index.fields import alias as alias_of
from soundings.services.index.port import EVERYTHING, Day, Index, Record, Rejected, Where
from soundings.services.index.scan import PAGE, hits, scan
from soundings.services.settings import ElasticsearchSettings

T = TypeVar("T")
Decode = Callable[[Mapping[str, Any]], T]


class ElasticsearchIndex(Index):
    """Not for several event loops; several tasks may share it."""

    def __init__(self, client: AsyncElasticsearch, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._prepared = False

    @classmethod
    def at(cls, settings: ElasticsearchSettings) -> "ElasticsearchIndex":
        """Raises SettingsError where the settings cannot be meant; sends nothing yet."""
        return cls(connect(settings), settings.prefix)

    async def prepare(self) -> None:
        await schema.prepare(self._client, self._prefix)
        self._prepared = True

    async def put(self, records: Sequence[Record]) -> tuple[Rejected, ...]:
        if not self._prepared:  # without its template, a month would be born with guessed field types
            await self.prepare()
        fit, unfit = documents(records)
        return unfit + await bulk.write(self._client, self._prefix, fit)

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        found = await self._by_id(Kind.MENTIONS, ids, decoding.mention)
        return {each.post.id: each for each in found}

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]:
        found = await self._by_id(Kind.STATEMENTS, ids, decoding.statement)
        return {each.post.id: each for each in found}

    def scan_mentions(self, department: str, start: datetime, end: datetime) -> AsyncIterator[Mention]:
        query = queries.mentions(department, start, end, EVERYTHING)
        return self._scan(Kind.MENTIONS, query, (PostField.CREATED_AT, PostField.ID), decoding.mention)

    def scan_volumes(self, department: str, start: datetime, end: datetime) -> AsyncIterator[Volume]:
        query = queries.every(
            queries.term(VolumeField.DEPARTMENT, department), queries.between(VolumeField.MINUTE, start, end)
        )
        return self._scan(Kind.VOLUMES, query, (VolumeField.MINUTE, VolumeField.ACCOUNT), decoding.volume)

    async def count_mentions(self, department: str, start: datetime, end: datetime, where: Where = EVERYTHING) -> int:
        return await self._count(Kind.MENTIONS, queries.mentions(department, start, end, where))

    async def count_voices(self, department: str, start: datetime, end: datetime, where: Where = EVERYTHING) -> int:
        query = queries.mentions(department, start, end, where)
        answer = await self._aggregate(query, {"voices": queries.VOICES})
        return int(answer["voices"]["value"])

    async def daily(self, department: str, start: datetime, end: datetime, timezone: str) -> tuple[Day, ...]:
        query = queries.mentions(department, start, end, EVERYTHING)
        answer = await self._aggregate(query, {"days": queries.by_local_day(timezone)})
        found = {date.fromisoformat(bucket["key_as_string"]): bucket for bucket in answer["days"]["buckets"]}
        return tuple(_day(day, found.get(day)) for day in local_days(start, end, ZoneInfo(timezone)))

    async def statements_between(self, department: str, start: datetime, end: datetime) -> tuple[Statement, ...]:
        query = queries.every(
            queries.term(PostField.DEPARTMENTS, department), queries.between(PostField.CREATED_AT, start, end)
        )
        order = (PostField.CREATED_AT, PostField.ID)
        return tuple([each async for each in self._scan(Kind.STATEMENTS, query, order, decoding.statement)])

    async def firestorm(self, identifier: str) -> Firestorm | None:
        found = await self._by_id(Kind.FIRESTORMS, (identifier,), decoding.firestorm)
        return found[0] if found else None

    async def firestorms(self, department: str | None, start: datetime, end: datetime) -> tuple[Firestorm, ...]:
        query = queries.open_storms(department, start, end)
        order = (FirestormField.OPENED_AT, FirestormField.ID)
        return tuple([each async for each in self._scan(Kind.FIRESTORMS, query, order, decoding.firestorm)])

    async def alerts(self, department: str | None, start: datetime, end: datetime) -> tuple[Alert, ...]:
        mine = [queries.term(AlertField.DEPARTMENT, department)] if department is not None else []
        query = queries.every(queries.between(AlertField.AT, start, end), *mine)
        order = (AlertField.AT, AlertField.ID)
        return tuple([each async for each in self._scan(Kind.ALERTS, query, order, decoding.alert)])

    async def notifications(self, alerts: Collection[str]) -> tuple[Notification, ...]:
        found: list[Notification] = []
        for part in _parts(alerts):
            query = queries.every(queries.terms(NotificationField.ALERT, part))
            order = (NotificationField.ALERT, NotificationField.CHANNEL)
            found += [each async for each in self._scan(Kind.NOTIFICATIONS, query, order, decoding.notification)]
        return tuple(sorted(found, key=lambda each: (each.alert, each.channel)))

    async def urgent(self, department: str | None, start: datetime, end: datetime) -> tuple[Urgent, ...]:
        mine = [queries.term(UrgentField.DEPARTMENT, department)] if department is not None else []
        query = queries.every(queries.between(UrgentField.AT, start, end), *mine)
        order = (UrgentField.AT, UrgentField.ID)
        return tuple([each async for each in self._scan(Kind.URGENT, query, order, decoding.urgent)])

    async def themes_read(self, department: str, week: str) -> ThemesRead | None:
        found = await self._by_id(Kind.READINGS, (reading_id(department, week),), theme_forms.reading_of)
        return found[0] if found else None

    async def theme_weeks(self, department: str, week: str) -> tuple[ThemeWeek, ...]:
        read = await self.themes_read(department, week)
        wanted = [theme_week_id(department, week, theme) for theme in read.themes] if read else []
        found = {each.id: each for each in await self._by_id(Kind.THEMES, wanted, theme_forms.theme_of)}
        return tuple(found[name] for name in wanted if name in found)

    async def totals(self) -> Mapping[str, int]:
        return {kind.value: await self._count(kind, {"match_all": {}}) for kind in Kind}

    async def spoken_by(self, voice: str) -> tuple[str, ...]:
        query = queries.term(PostField.VOICE, voice)
        with named_errors():
            await self._client.indices.refresh(index=self._alias(Kind.MENTIONS))
        found = hits(self._client, self._alias(Kind.MENTIONS), query, (PostField.ID,), (PostField.ID,))
        return tuple([hit["_id"] async for hit in found])

    async def holding(self, posts: Collection[str]) -> Mapping[str, int]:
        parts = [dict.fromkeys(part) for part in _parts(posts)]
        found = [place for part in parts for place in await withdrawal.find(self._client, self._prefix, part)]
        return withdrawal.by_kind(found)

    async def take_back(self, posts: Mapping[str, datetime | None]) -> Mapping[str, int]:
        if not self._prepared:
            await self.prepare()
        parts = [{name: posts[name] for name in part} for part in _parts(posts)]
        gone = [place for part in parts for place in await withdrawal.take_back(self._client, self._prefix, part)]
        return withdrawal.by_kind(gone)

    async def refresh(self) -> None:
        with named_errors():
            await self._client.indices.refresh(index=[self._alias(kind) for kind in Kind])

    async def close(self) -> None:
        await self._client.close()

    def _alias(self, kind: Kind) -> str:
        return alias_of(self._prefix, kind)

    async def _by_id(self, kind: Kind, ids: Collection[str], decode: Decode[T]) -> list[T]:
        found: list[T] = []
        for part in _parts(ids):
            with named_errors():
                answer = await self._client.search(
                    index=self._alias(kind),
                    query={"ids": {"values": part}},
                    size=len(part),
                    allow_partial_search_results=False,
                )
            found += [decode(hit["_source"]) for hit in answer["hits"]["hits"]]
        return found

    async def _scan(
        self, kind: Kind, query: queries.Query, order: Sequence[str], decode: Decode[T]
    ) -> AsyncIterator[T]:
        async for source in scan(self._client, self._alias(kind), query, order):
            yield decode(source)

    async def _count(self, kind: Kind, query: queries.Query) -> int:
        with named_errors():
            answer = await self._client.search(
                index=self._alias(kind), query=query, size=0, track_total_hits=True, allow_partial_search_results=False
            )
        return int(answer["hits"]["total"]["value"])

    async def _aggregate(self, query: queries.Query, aggregations: Mapping[str, Any]) -> Mapping[str, Any]:
        with named_errors():
            answer = await self._client.search(
                index=self._alias(Kind.MENTIONS),
                query=query,
                aggregations=aggregations,
                size=0,
                track_total_hits=False,
                allow_partial_search_results=False,
            )
        found: Mapping[str, Any] = answer["aggregations"]
        return found


def _day(day: date, bucket: Mapping[str, Any] | None) -> Day:
    if bucket is None:
        return Day(date=day, posts=0, voices=0, hostile_voices=0)
    return Day(
        date=day,
        posts=bucket["doc_count"],
        voices=bucket["voices"]["value"],
        hostile_voices=bucket["hostile"]["voices"]["value"],
    )


def _parts(ids: Collection[str]) -> list[list[str]]:
    """A page's worth of ids at a time."""
    each = sorted(set(ids))
    return [each[n : n + PAGE] for n in range(0, len(each), PAGE)]
