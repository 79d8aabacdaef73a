"""Taking posts back in Elasticsearch: what was said too early, what repeats it, what was recorded as urgent of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch

from soundings.services.index import bulk, queries
from soundings.services.index.connection import named_errors
from soundings.services.index.documents import millis
from soundings.services.index.fields import Kind, PostField, UrgentField, alias
from soundings.services.index.port import WITHDRAWN
from soundings.services.index.scan import hits

NEEDED = (PostField.ID, PostField.REFERENCE, UrgentField.POST)

Posts = Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a document lies that must go."""

    kind: Kind
    index: str
    id: str
    before: datetime | None
    """A document that was said at this time or later stays; None: none does."""

    def target(self) -> dict[str, Any]:
        target: dict[str, Any] = {"_index": self.index, "_id": self.id}
        if self.before is not None:
            # The version of a document is when it was said: what another worker puts meanwhile is newer and stays.
            target |= {"version": max(0, millis(self.before) - 1), "version_type": "external_gte"}
        return target


async def find(client: AsyncElasticsearch, prefix: str, posts: Posts) -> list[Place]:
    """What is there of at most a page of posts, also what was put a moment ago."""
    aliases = {kind: alias(prefix, kind) for kind in WITHDRAWN}
    with named_errors():
        await client.indices.refresh(index=list(aliases.values()))
    ids = sorted(posts)
    query = queries.any_of(
        {"ids": {"values": ids}},
        queries.every(queries.terms(PostField.REFERENCE, ids), queries.REPOST),
        queries.terms(UrgentField.POST, [name for name in ids if posts[name] is None]),
    )
    found = hits(client, ",".join(aliases.values()), query, (PostField.ID,), NEEDED)
    return [_place(hit, posts, aliases) async for hit in found]


async def take_back(client: AsyncElasticsearch, prefix: str, posts: Posts) -> list[Place]:
    """Remove what is there of at most a page of posts; what went."""
    found = await find(client, prefix, posts)
    gone = await bulk.remove(client, [place.target() for place in found])
    return [place for place, went in zip(found, gone, strict=True) if went]


def by_kind(places: Iterable[Place]) -> Mapping[str, int]:
    counts = Counter(place.kind for place in places)
    return {kind.value: counts[kind] for kind in WITHDRAWN}


def _place(hit: Mapping[str, Any], posts: Posts, aliases: Mapping[Kind, str]) -> Place:
    """A post goes for itself before it goes for what it repeats."""
    source, index = hit["_source"], hit["_index"]
    named = (hit["_id"], source.get(UrgentField.POST), source.get(PostField.REFERENCE))
    cause = next(name for name in named if name in posts)
    kind = next(kind for kind, name in aliases.items() if index.startswith(f"{name}-"))
    return Place(kind=kind, index=index, id=hit["_id"], before=posts[cause])
