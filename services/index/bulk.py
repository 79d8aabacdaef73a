"""Writing: chunks of bounded size, a second try for what was refused for lack of room, the rest named."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import stamina
from elasticsearch import ApiError, AsyncElasticsearch

from soundings.services.index.connection import kind_of, named_errors
from soundings.services.index.documents import Document
from soundings.services.index.mappings import paths
from soundings.services.index.port import IndexUnavailable, Rejected
from soundings.services.index.shapes import PROPERTIES

CHUNK_DOCUMENTS = 1_000
CHUNK_BYTES = 5_000_000
"""A few MB are where Elasticsearch's throughput levels off; a chunk must fit its memory many times over (it refuses
requests of 100 MB), and a refused one is sent again whole."""

RETRY_SECONDS = 30.0
FIRST_WAIT_SECONDS = 0.2
"""A queue that is full drains in a fraction of a second; one that is still full after half a minute is an outage, and
then who called must stop taking work in."""

# Statuses of a single document.
STALE = 409
BAD = 400

# The request itself: 400 cannot be read, 413 is too large.
UNREADABLE = (400, 413)

FIELD = re.compile(r"field \[([a-z_.]+)\]")
FIELDS = {path for properties in PROPERTIES.values() for path in paths(properties)}


class _Refused(IndexUnavailable):
    """Some documents found no room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a chunk."""

    again: tuple[Document, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    status: int = 0
    """Of the last document that was refused."""


async def write(client: AsyncElasticsearch, prefix: str, documents: Sequence[Document]) -> tuple[Rejected, ...]:
    """Store documents, chunk after chunk.

    Raises:
        IndexUnavailable: documents were still refused, or the server still away, after RETRY_SECONDS.
    """
    rejected: list[Rejected] = []
    for chunk in chunks(documents):
        left = chunk
        async for attempt in stamina.retry_context(
            on=IndexUnavailable, attempts=None, timeout=RETRY_SECONDS, wait_initial=FIRST_WAIT_SECONDS
        ):
            with attempt:
                answer = await _send(client, prefix, left)
                rejected += answer.rejected
                left = answer.again
                if left:
                    raise _Refused(f"Elasticsearch refuses {len(left)} documents with {answer.status}")
    return tuple(rejected)


def chunks(documents: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    """In order, each within CHUNK_DOCUMENTS and CHUNK_BYTES, save for a single document that is larger."""
    chunk: list[Document] = []
    size = 0
    for document in documents:
        if chunk and (len(chunk) >= CHUNK_DOCUMENTS or size + len(document.body) > CHUNK_BYTES):
            yield tuple(chunk)
            chunk, size = [], 0
        chunk.append(document)
        size += len(document.body)
    if chunk:
        yield tuple(chunk)


def sorted_out(chunk: Sequence[Document], answer: Mapping[str, Any]) -> Answer:
    """What became of each document, from the answer to a bulk request (its items come in the order of the request)."""
    again: list[Document] = []
    rejected: list[Rejected] = []
    last = 0
    for document, item in zip(chunk, answer["items"], strict=True):
        outcome = item["index"]
        status: int = outcome["status"]
        if status < 300 or status == STALE:
            continue
        if status == BAD:
            rejected.append(Rejected(id=document.id, reason=why(outcome.get("error", {}))))
        else:
            again.append(document)
            last = status
    return Answer(again=tuple(again), rejected=tuple(rejected), status=last)


def why(error: Mapping[str, Any]) -> str:
    """The error's name and the field, if it names one of ours; its words may quote the post."""
    found = FIELD.search(str(error.get("reason", "")))
    named = f" in {found[1]}" if found and found[1] in FIELDS else ""
    return f"{error.get('type', 'unknown error')}{named}"


async def _send(client: AsyncElasticsearch, prefix: str, chunk: Sequence[Document]) -> Answer:
    try:
        with named_errors():
            answer = await client.bulk(
                operations=_lines(prefix, chunk),
                filter_path=("items.*.status", "items.*.error.type", "items.*.error.reason"),
                include_source_on_error=False,
            )
    except ApiError as error:
        if error.status_code not in UNREADABLE:
            raise
        return await _halves(client, prefix, chunk, kind_of(error))
    return sorted_out(chunk, answer.body)


async def _halves(client: AsyncElasticsearch, prefix: str, chunk: Sequence[Document], reason: str) -> Answer:
    """Find the document for which the whole request cannot be read."""
    if len(chunk) == 1:
        return Answer(rejected=(Rejected(id=chunk[0].id, reason=reason or "unreadable"),))
    middle = len(chunk) // 2
    first = await _send(client, prefix, chunk[:middle])
    second = await _send(client, prefix, chunk[middle:])
    return Answer(
        again=first.again + second.again,
        rejected=first.rejected + second.rejected,
        status=second.status or first.status,
    )


def _lines(prefix: str, chunk: Iterable[Document]) -> list[Any]:
    lines: list[bytes] = []
    for document in chunk:
        target: dict[str, Any] = {"_index": document.index(prefix), "_id": document.id}
        if document.version is not None:
            target |= {"version": document.version, "version_type": "external_gte"}
        lines += (orjson.dumps({"index": target}), document.body)
    return lines


async def remove(client: AsyncElasticsearch, targets: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Delete documents; of each, whether it was there and went. One that is newer than its target says stays.

    Args:
        targets: index and id of each, perhaps a version, as Elasticsearch names them.

    Raises:
        IndexUnavailable: some could not be deleted; to ask again is harmless.
    """
    gone: list[bool] = []
    for n in range(0, len(targets), CHUNK_DOCUMENTS):
        operations = [{"delete": target} for target in targets[n : n + CHUNK_DOCUMENTS]]
        with named_errors():
            answer = await client.bulk(operations=operations, filter_path="items.*.status", refresh=True)
        statuses = [item["delete"]["status"] for item in answer["items"]]
        refused = [status for status in statuses if status not in (200, 404, STALE)]
        if refused:
            raise IndexUnavailable(f"Elasticsearch refuses to delete {len(refused)} documents with {refused[0]}")
        gone += [status == 200 for status in statuses]
    return gone
