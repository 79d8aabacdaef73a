"""What only a real Elasticsearch can show."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import AsyncElasticsearch

from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.index import schema
from soundings.services.index.connection import connect
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.fields import Kind
from soundings.services.index.mappings import paths
from soundings.services.index.port import IndexMismatch
from soundings.services.index.shapes import PROPERTIES
from soundings.services.settings import ElasticsearchSettings

pytestmark = pytest.mark.stack

NOON = datetime(2021, 3, 10, 12, tzinfo=UTC)
Work = Callable[[AsyncElasticsearch, str], Awaitable[None]]


def with_server(url: str, work: Work) -> None:
    """Run with a prefix of its own, whose indices are removed afterwards."""
    there = ElasticsearchSettings(url=url, prefix=f"server-{datetime.now(UTC):%H%M%S%f}")

    async def run() -> None:
        async with connect(there) as client:
            try:
                await work(client, there.prefix)
            finally:
                await schema.forget(client, there.prefix)

    asyncio.run(run())


def a_mention(**changes: Any) -> Mention:
    plain: dict[str, Any] = {
        "id": "x::1", "created_at": NOON, "voice": "v", "text": "Hello", "kind": PostKind.ORIGINAL, "source": "x",
        "departments": ("d",),
    }  # fmt: skip
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.0, offensive=False, acts=(SpeechAct.OTHER,))
    return Mention(post=Post(**(plain | changes)), tags=tags)


def test_the_server_rejects_and_quotes_nothing(stack: Any) -> None:
    """What only the server finds wrong comes back named, without text; the others are stored."""

    async def work(client: AsyncElasticsearch, prefix: str) -> None:
        index = ElasticsearchIndex(client, prefix)
        endless = a_mention(id="x::2", voice="secret " * 6_000)
        huge = a_mention(id="x::3", likes=2**63)
        rejected = await index.put((endless, a_mention(), huge, a_mention(id="x::4", text="word " * 200_000)))
        assert {each.id for each in rejected} == {"x::2", "x::3"}
        assert not any("secret" in each.reason for each in rejected)
        await index.refresh()
        assert set(await index.mentions(["x::1", "x::2", "x::3", "x::4"])) == {"x::1", "x::4"}

    with_server(stack.elasticsearch_url, work)


def test_a_first_document_makes_its_month_with_the_right_fields(stack: Any) -> None:
    """Without `prepare` having been called, a month is still born strict, behind its alias."""

    async def work(client: AsyncElasticsearch, prefix: str) -> None:
        await ElasticsearchIndex(client, prefix).put((a_mention(),))
        found = (await client.indices.get(index=f"{prefix}-mentions-2021-03")).body[f"{prefix}-mentions-2021-03"]
        assert found["mappings"]["dynamic"] == "strict"
        assert paths(found["mappings"]["properties"]) == paths(PROPERTIES[Kind.MENTIONS])
        assert list(found["aliases"]) == [f"{prefix}-mentions"]

    with_server(stack.elasticsearch_url, work)


def test_fields_of_another_type_stop_the_start(stack: Any) -> None:
    """An index that was made with other types is named, not written into."""

    async def work(client: AsyncElasticsearch, prefix: str) -> None:
        await client.indices.create(
            index=f"{prefix}-alerts-2020-01",
            mappings={"properties": {"step": {"type": "long"}}},
            aliases={f"{prefix}-alerts": {}},
        )
        with pytest.raises(IndexMismatch, match="step"):
            await ElasticsearchIndex(client, prefix).prepare()

    with_server(stack.elasticsearch_url, work)


def test_a_month_learns_the_fields_of_a_newer_version(stack: Any) -> None:
    """An index of an older version, which lacks a field, takes documents that have it."""

    async def work(client: AsyncElasticsearch, prefix: str) -> None:
        older = {name: spec for name, spec in PROPERTIES[Kind.MENTIONS].items() if name != "verified"}
        await client.indices.create(
            index=f"{prefix}-mentions-2021-03",
            mappings={"dynamic": "strict", "properties": older},
            aliases={f"{prefix}-mentions": {}},
        )
        assert await ElasticsearchIndex(client, prefix).put((a_mention(verified=True),)) == ()

    with_server(stack.elasticsearch_url, work)


def test_many_put_at_once_lose_nothing(stack: Any) -> None:
    """Several writers, the same and other documents: each id is there once."""

    async def work(client: AsyncElasticsearch, prefix: str) -> None:
        index = ElasticsearchIndex(client, prefix)
        batches = [[a_mention(id=f"x::{n}") for n in range(start, start + 300)] for start in range(0, 1_500, 150)]
        await asyncio.gather(*(index.put(batch) for batch in batches))
        await index.refresh()
        assert (await index.totals())["mentions"] == 1_650

    with_server(stack.elasticsearch_url, work)
