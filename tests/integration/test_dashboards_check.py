"""The dashboards on a real Elasticsearch."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import AsyncElasticsearch

from soundings.dashboards import sample
from soundings.dashboards.build import dashboards
from soundings.dashboards.check import check, run
from soundings.dashboards.grafana import targets
from soundings.services.index import shapes
from soundings.services.index.connection import connect
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.fields import Kind
from soundings.services.index.register import ElasticsearchRegister
from soundings.services.index.schema import forget
from soundings.services.settings import ElasticsearchSettings

pytestmark = pytest.mark.stack

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def with_client(stack: Any, work: Callable[[AsyncElasticsearch], Awaitable[None]]) -> None:
    async def run_it() -> None:
        async with connect(ElasticsearchSettings(url=stack.elasticsearch_url)) as client:
            await work(client)

    asyncio.run(run_it())


def test_every_panel_gets_data_of_the_right_shape(stack: Any) -> None:
    """What Grafana would send for each panel, annotation and variable is answered with what it needs."""

    async def work(client: AsyncElasticsearch) -> None:
        report = await check(client, "board-check", NOW)
        assert report.findings == ()
        assert report.searches > 40
        left = (await client.indices.get(index="board-check-*")).body
        assert not left

    with_client(stack, work)


def test_panels_without_data_are_named(stack: Any) -> None:
    """On an empty index every panel is complained of: the check cannot pass by finding nothing."""

    async def work(client: AsyncElasticsearch) -> None:
        index = ElasticsearchIndex(client, "board-empty")
        await index.prepare()
        try:
            report = await run(client, "board-empty", dashboards(), NOW)
        finally:
            await forget(client, "board-empty")
        complained = {(finding.dashboard, finding.search) for finding in report.findings}
        panels = sum(len(targets(panel)) for board in dashboards() for panel in board["panels"])
        assert len(complained) >= panels

    with_client(stack, work)


def test_a_field_renamed_on_the_server_is_named(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `severity` mapped under another name, the panels that need it are called broken, and only these."""
    renamed = dict(shapes.PROPERTIES[Kind.FIRESTORMS])
    renamed["gravity"] = renamed.pop("severity")
    served = dict(shapes.PROPERTIES) | {Kind.FIRESTORMS: renamed}
    for module in ("mappings", "schema"):
        monkeypatch.setattr(f"soundings.services.index.{module}.PROPERTIES", served)

    async def work(client: AsyncElasticsearch) -> None:
        index = ElasticsearchIndex(client, "board-renamed")
        try:
            rejected = await index.put(sample.records(NOW))
            assert rejected  # a strict mapping does not take the storms either
            register = ElasticsearchRegister(client, "board-renamed")
            for entry in sample.decisions(NOW):
                await register.put(entry)
            await index.refresh()
            report = await run(client, "board-renamed", dashboards(), NOW)
        finally:
            await forget(client, "board-renamed")
        assert {finding.search for finding in report.findings} == {
            "Storms going on (A)",
            "Storms (A)",
            "annotation Firestorms",
        }
        assert {finding.words for finding in report.findings} == {"no such field: severity"}

    with_client(stack, work)
