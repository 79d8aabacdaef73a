"""Does it answer? Each probe says why not, in a few words; the empty string is yes."""

import socket

import httpx

from soundings.services.settings import ElasticsearchSettings, KafkaSettings
from soundings.streams.connection import client_options

SECONDS = 2.0
"""A part on this machine that needs longer for one small question is not ready."""


def kafka_answers(settings: KafkaSettings, *, seconds: float = SECONDS) -> str:
    """Asks for the cluster's metadata: brokers that are not fenced."""
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    if not _connects(settings.bootstrap, seconds):
        return f"nothing listens at {settings.bootstrap}"
    try:
        client = KafkaAdminClient(
            **client_options(settings), request_timeout_ms=int(seconds * 1000), bootstrap_timeout_ms=int(seconds * 1000)
        )
    except KafkaError as error:
        return f"no metadata: {type(error).__name__}"
    try:
        return "" if client.describe_cluster()["brokers"] else "no broker has joined"
    except KafkaError as error:
        return f"no metadata: {type(error).__name__}"
    finally:
        client.close()


def _connects(bootstrap: str, seconds: float) -> bool:
    """A client that finds no broker leaves its thread behind; a bare connection tells as much."""
    for address in bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=seconds).close()
        except (OSError, ValueError):
            continue
        return True
    return False


def elasticsearch_answers(settings: ElasticsearchSettings, *, seconds: float = SECONDS) -> str:
    """Yellow is as good as green here: a single node has nowhere to put a copy."""
    headers = {"Authorization": f"ApiKey {settings.api_key.get_secret_value()}"} if settings.api_key else {}
    verify = str(settings.ca_file) if settings.ca_file else True
    try:
        answer = httpx.get(
            f"{settings.url.rstrip('/')}/_cluster/health", timeout=seconds, headers=headers, verify=verify
        )
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return f"no answer: {type(error).__name__}"
    if answer.status_code != httpx.codes.OK:
        return f"answers {answer.status_code}"
    status = str(answer.json().get("status"))
    return "" if status in ("yellow", "green") else f"cluster is {status}"


def health_answers(address: str, *, seconds: float = SECONDS) -> str:
    """A worker's own word: GET /health."""
    if not address:
        return "has not said where its health is"
    try:
        answer = httpx.get(f"{address.rstrip('/')}/health", timeout=seconds)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"no answer: {type(error).__name__}"
    return "" if answer.status_code == httpx.codes.OK else f"unhealthy ({answer.status_code})"
