"""The way to Elasticsearch: one client, and its errors by what to do next."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch, BadRequestError, OrjsonSerializer

from soundings.services.index.port import IndexUnavailable
from soundings.services.settings import ElasticsearchSettings, SettingsError

PATIENCE_SECONDS = 30
"""For one request: a bulk of a few MB takes well under a second, a long collection of garbage some seconds."""


def connect(settings: ElasticsearchSettings) -> AsyncElasticsearch:
    """A client; nothing is sent yet. It does not retry by itself: who calls knows what is worth a second try.

    Raises:
        SettingsError: no address, or one that would send posts unencrypted over a network.
    """
    address = urlsplit(settings.url)
    if not address.hostname:
        raise SettingsError("SOUNDINGS_ELASTICSEARCH__URL: the address of Elasticsearch is not set")
    if address.scheme != "https" and not (address.scheme == "http" and loopback(address.hostname)):
        raise SettingsError(
            "SOUNDINGS_ELASTICSEARCH__URL: outside of this machine the address must begin with https://"
        )
    options: dict[str, Any] = {}
    if settings.api_key is not None:
        options["api_key"] = settings.api_key.get_secret_value()
    if settings.ca_file is not None:
        options["ca_certs"] = str(settings.ca_file)
    try:
        return AsyncElasticsearch(
            settings.url if address.port else _with_port(settings.url, address.scheme),
            serializer=OrjsonSerializer(),
            request_timeout=PATIENCE_SECONDS,
            max_retries=0,
            **options,
        )
    except (ValueError, OSError) as error:
        raise SettingsError(f"SOUNDINGS_ELASTICSEARCH: {error}") from None


@contextmanager
def named_errors() -> Iterator[None]:
    """Turns what the client raises into IndexUnavailable, save for requests that are wrong in themselves.

    Bodies of answers are left out: Elasticsearch quotes what it could not read.
    """
    try:
        yield
    except BadRequestError:
        raise
    except ApiError as error:
        raise IndexUnavailable(f"Elasticsearch answers {error.status_code} {kind_of(error)}") from None
    except TransportError as error:
        raise IndexUnavailable(f"Elasticsearch cannot be reached: {type(error).__name__}") from None


def kind_of(error: ApiError) -> str:
    """The name of an error, such as `mapper_parsing_exception`, without its words."""
    body = error.body
    described = body.get("error") if isinstance(body, dict) else None
    return str(described.get("type", "")) if isinstance(described, dict) else ""


def loopback(host: str) -> bool:
    """Whether a host name is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _with_port(url: str, scheme: str) -> str:
    """The client wants the port spelt out; a person who writes https://host means the usual one."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc}:{443 if scheme == 'https' else 80}").geturl()
