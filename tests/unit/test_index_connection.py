"""The address of Elasticsearch: what is refused before anything is sent."""

import asyncio
from pathlib import Path

import pytest

from soundings.services.index.connection import connect
from soundings.services.settings import ElasticsearchSettings, SettingsError


@pytest.mark.parametrize(
    "url", ["", "localhost:9200", "ftp://localhost:9200", "http://search.example:9200", "https://"]
)
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    """No address, another protocol, or posts in clear over a network: the start stops with the setting's name."""
    with pytest.raises(SettingsError, match="SOUNDINGS_ELASTICSEARCH__URL"):
        connect(ElasticsearchSettings(url=url))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9200", "http://localhost:9200", "http://[::1]:9200", "https://search.example"]
)
def test_loopback_and_https_are_taken(url: str) -> None:
    """Plain http stays possible on this machine; https everywhere, with the usual port."""

    async def make() -> str:
        async with connect(ElasticsearchSettings(url=url)) as client:
            node = next(iter(client.transport.node_pool.all()))
            return f"{node.config.scheme} {node.config.port} {node.config.verify_certs}"

    assert asyncio.run(make()) == ("https 443 True" if url.startswith("https") else "http 9200 True")


def test_a_certificate_that_is_not_there_is_named() -> None:
    """A wrong path of the certificate authority is a wrong setting, told at the start."""
    with pytest.raises(SettingsError, match="SOUNDINGS_ELASTICSEARCH"):
        connect(ElasticsearchSettings(url="https://search.example", ca_file=Path("/none/ca.pem")))
