"""Elasticsearch as retention sees it: no `_delete_by_query` and no ILM, but whole indices and bulk deletions."""

import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch

from soundings.services.domain.posts import Statement
from soundings.services.domain.retention import RetentionRun
from soundings.services.index import bulk, decoding, queries, schema
from soundings.services.index.connection import connect, named_errors
from soundings.services.index.documents import FIRST, documents, millis
from soundings.services.index.fields import TIMESTAMP, AlertField, Kind, NotificationField, PostField, alias
from soundings.services.index.hold_forms import run_body, run_of
from soundings.services.index.scan import hits
from soundings.services.retention.store import Month, Shelves, Stored
from soundings.services.settings import ElasticsearchSettings

MISSING = 404
MONTH = re.compile(r"\d{4}-\d{2}")
PSEUDONYM = "user_"
"""What a pseudonym in a text begins with (services/intake/pseudonyms.py); the analyser keeps it as one word."""

MERGING_SECONDS = 900
"""For one request to merge: a month of the busiest department is some GB, written at some 20 MB/s."""

_NEEDED = ("departments", "department", NotificationField.ALERT, AlertField.FIRESTORM_ID, "post")


class ElasticsearchShelves(Shelves):
    def __init__(self, client: AsyncElasticsearch, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    @classmethod
    def at(cls, settings: ElasticsearchSettings) -> "ElasticsearchShelves":
        """Raises SettingsError where the settings cannot be meant; sends nothing yet."""
        return cls(connect(settings), settings.prefix)

    async def months(self, kind: Kind) -> tuple[Month, ...]:
        with named_errors():
            answer = await self._client.options(ignore_status=MISSING).indices.get_alias(name=alias(self._prefix, kind))
        parts = (self._part(kind, name) for name in answer.body if name.startswith(f"{alias(self._prefix, kind)}-"))
        return tuple(Month(kind=kind, part=part) for part in sorted(parts) if MONTH.fullmatch(part))

    async def drop(self, month: Month) -> int:
        name = f"{alias(self._prefix, month.kind)}-{month.part}"
        with named_errors():
            counted = await self._client.count(index=name)
            await self._client.indices.delete(index=name)
        return int(counted["count"])

    async def due(self, kind: Kind, before: datetime) -> AsyncIterator[Stored]:
        query = {"range": {TIMESTAMP: {"lt": millis(before), "format": "epoch_millis"}}}
        found = hits(self._client, alias(self._prefix, kind), query, (TIMESTAMP,), (TIMESTAMP, *_NEEDED))
        async for hit in found:
            yield stored(kind, self._part(kind, hit["_index"]), hit["_id"], hit["_source"])

    async def remove(self, documents: Sequence[Stored]) -> int:
        targets = [{"_index": f"{alias(self._prefix, each.kind)}-{each.part}", "_id": each.id} for each in documents]
        return sum(await bulk.remove(self._client, targets))

    async def naming(self, before: datetime) -> AsyncIterator[Statement]:
        named = {"bool": {"should": [_exists(PostField.REPLY_TO_VOICE), _begins(PostField.TEXT, PSEUDONYM)]}}
        older = {"range": {PostField.CREATED_AT: {"lt": millis(before), "format": "epoch_millis"}}}
        found = hits(
            self._client, alias(self._prefix, Kind.STATEMENTS), queries.every(older, named), (PostField.CREATED_AT,)
        )
        async for hit in found:
            yield decoding.statement(hit["_source"])

    async def rewrite(self, statements: Sequence[Statement]) -> None:
        fit, _ = documents(statements)  # each came from a document
        await bulk.write(self._client, self._prefix, fit)
        with named_errors():
            await self._client.indices.refresh(index=alias(self._prefix, Kind.STATEMENTS))

    async def settle(self, kinds: Collection[Kind]) -> None:
        if not kinds:
            return
        with named_errors():
            await self._client.options(request_timeout=MERGING_SECONDS).indices.forcemerge(
                index=[alias(self._prefix, kind) for kind in kinds], only_expunge_deletes=True
            )

    async def record(self, run: RetentionRun) -> None:
        await schema.prepare(self._client, self._prefix)  # the index of an older version does not know runs
        with named_errors():
            await self._client.index(
                index=f"{alias(self._prefix, Kind.RETENTION)}-{FIRST}",
                id=run.at.isoformat(),
                document=orjson.loads(run_body(run)),
                refresh=True,
            )

    async def last_run(self) -> RetentionRun | None:
        with named_errors():
            answer = await self._client.options(ignore_status=MISSING).search(
                index=alias(self._prefix, Kind.RETENTION), sort=[{TIMESTAMP: "desc"}], size=1
            )
        found = answer.body.get("hits", {}).get("hits", [])
        return run_of(found[0]["_source"]) if found else None

    async def close(self) -> None:
        await self._client.close()

    def _part(self, kind: Kind, index: str) -> str:
        return index.removeprefix(f"{alias(self._prefix, kind)}-")


def stored(kind: Kind, part: str, identifier: str, source: Mapping[str, Any]) -> Stored:
    """A document as retention knows it; the source needs no other fields than those named here."""
    one = source.get("department")
    storm = source.get(AlertField.FIRESTORM, {})
    refers = {
        Kind.ALERTS: storm.get("id", "") if isinstance(storm, Mapping) else "",
        Kind.NOTIFICATIONS: source.get(NotificationField.ALERT, ""),
        Kind.URGENT: source.get("post", ""),
    }
    return Stored(
        kind=kind,
        part=part,
        id=identifier,
        at=datetime.fromisoformat(source[TIMESTAMP]),
        departments=tuple(source.get("departments", ())) or ((one,) if one else ()),
        refers=refers.get(kind, ""),
    )


def _exists(field: str) -> queries.Query:
    return {"exists": {"field": field}}


def _begins(field: str, beginning: str) -> queries.Query:
    return {"prefix": {field: {"value": beginning}}}
