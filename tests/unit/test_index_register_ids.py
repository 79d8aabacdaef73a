"""The register in Elasticsearch is asked for themes only."""

import asyncio

import pytest
from elasticsearch import AsyncElasticsearch

from soundings.services.index.register import ElasticsearchRegister


@pytest.mark.parametrize("theme", ["", "12", ":12"])
def test_what_names_no_department_is_no_theme(theme: str) -> None:
    """As in the register in memory; the server, which is not there, is not even asked."""

    async def asked() -> object:
        store = ElasticsearchRegister(AsyncElasticsearch("http://127.0.0.1:1"), "test")
        try:
            return await store.get(theme)
        finally:
            await store.close()

    assert asyncio.run(asked()) is None
