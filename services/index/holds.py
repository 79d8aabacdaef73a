"""Legal holds in Elasticsearch: one document each, with its history; nobody's decision is overwritten."""

from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch, ConflictError

from soundings.services.domain.holds import Hold
from soundings.services.index import schema
from soundings.services.index.connection import connect, named_errors
from soundings.services.index.documents import FIRST
from soundings.services.index.fields import HoldField, Kind, alias
from soundings.services.index.hold_forms import hold_body, hold_of
from soundings.services.index.scan import scan
from soundings.services.retention.store import HoldChanged, HoldStore, check_follows
from soundings.services.settings import ElasticsearchSettings

MISSING = 404


class ElasticsearchHolds(HoldStore):
    def __init__(self, client: AsyncElasticsearch, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._prepared = False

    @classmethod
    def at(cls, settings: ElasticsearchSettings) -> "ElasticsearchHolds":
        """Raises SettingsError where the settings cannot be meant; sends nothing yet."""
        return cls(connect(settings), settings.prefix)

    async def get(self, item: str) -> Hold | None:
        await self._prepare()
        with named_errors():
            answer = await self._client.options(ignore_status=MISSING).get(index=self._index, id=item)
        return hold_of(answer["_source"]) if answer.get("found") else None

    async def all(self) -> tuple[Hold, ...]:
        await self._prepare()
        found = scan(self._client, alias(self._prefix, Kind.HOLDS), {"match_all": {}}, (HoldField.ITEM,))
        return tuple([hold_of(source) async for source in found])

    async def put(self, hold: Hold) -> None:
        check_follows(await self.get(hold.item), hold)
        body: dict[str, Any] = orjson.loads(hold_body(hold))
        with named_errors():
            try:
                # Two who read the same version cannot both write the next one.
                await self._client.index(
                    index=self._index,
                    id=hold.item,
                    document=body,
                    version=hold.version,
                    version_type="external",
                    refresh=True,
                )
            except ConflictError:
                raise HoldChanged(f"somebody else decided about {hold.item} at the same time") from None

    async def close(self) -> None:
        await self._client.close()

    async def _prepare(self) -> None:
        """Without its template the index would be born with guessed field types; one of an older version lacks it."""
        if not self._prepared:
            await schema.prepare(self._client, self._prefix)
            self._prepared = True

    @property
    def _index(self) -> str:
        return f"{alias(self._prefix, Kind.HOLDS)}-{FIRST}"
