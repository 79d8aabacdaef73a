"""Reading everything that matches, in order, page by page, as it was when the reading began."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from elasticsearch import AsyncElasticsearch

from soundings.services.index.connection import named_errors
from soundings.services.index.port import IndexUnavailable
from soundings.services.index.queries import Query

PAGE = 1_000
"""Documents a request: a page of the largest texts stays within some MB."""

KEEP_ALIVE = "2m"
"""How long a page may be worked on: the node keeps deleted segments for as long, on disk and in memory."""


async def scan(
    client: AsyncElasticsearch, alias: str, query: Query, order: Sequence[str]
) -> AsyncIterator[Mapping[str, Any]]:
    """The sources of all documents of an alias that match, in the order of these fields (together unique).

    Raises:
        IndexUnavailable: the server is away, or a page was worked on for longer than KEEP_ALIVE.
    """
    async for hit in hits(client, alias, query, order):
        yield hit["_source"]


async def hits(
    client: AsyncElasticsearch, alias: str, query: Query, order: Sequence[str], fields: Sequence[str] | None = None
) -> AsyncIterator[Mapping[str, Any]]:
    """The same with where each document lies (`_index`, `_id`), and with these fields only if any are named.

    `alias` may be several, with commas between them.
    """
    with named_errors():
        view: str = (await client.open_point_in_time(index=alias, keep_alive=KEEP_ALIVE))["id"]
    try:
        after: list[Any] | None = None
        while True:
            with named_errors():
                answer = await client.search(
                    pit={"id": view, "keep_alive": KEEP_ALIVE},
                    query=query,
                    sort=[{field: "asc"} for field in order],
                    search_after=after,
                    size=PAGE,
                    source=None if fields is None else {"includes": list(fields)},
                    allow_partial_search_results=False,
                    track_total_hits=False,
                )
            view = answer["pit_id"]
            page = answer["hits"]["hits"]
            for hit in page:
                yield hit
            if len(page) < PAGE:
                return
            after = page[-1]["sort"]
    finally:
        await _let_go(client, view)


async def _let_go(client: AsyncElasticsearch, view: str) -> None:
    try:
        with named_errors():
            await client.close_point_in_time(id=view)
    except IndexUnavailable:
        return  # it ends by itself after KEEP_ALIVE
