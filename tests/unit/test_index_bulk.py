"""Writing in bulk: what is sent again, what is rejected, what is raised, and that no text gets out."""

import asyncio
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
import stamina
from elastic_transport import ApiResponseMeta, ConnectionTimeout, HttpHeaders, NodeConfig
from elasticsearch import ApiError, AsyncElasticsearch, BadRequestError

from soundings.services.index import bulk
from soundings.services.index.documents import Document
from soundings.services.index.fields import Kind
from soundings.services.index.port import IndexUnavailable, Rejected

OK: dict[str, Any] = {"index": {"status": 201}}
FULL: dict[str, Any] = {"index": {"status": 429, "error": {"type": "es_rejected_execution_exception"}}}
STALE: dict[str, Any] = {"index": {"status": 409}}
QUOTING: dict[str, Any] = {
    "index": {
        "status": 400,
        "error": {
            "type": "document_parsing_exception",
            "reason": "failed to parse field [likes] of type [long]. Preview of field's value: 'a secret'",
        },
    }
}


def a_document(name: str, size: int = 10) -> Document:
    return Document(kind=Kind.MENTIONS, id=name, part="2021-03", version=None, body=b"x" * size)


class Server:
    """Answers bulk requests from a list; an exception in it is raised. Remembers the ids it was sent."""

    def __init__(self, *answers: Sequence[dict[str, Any]] | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[list[str]] = []

    async def bulk(self, operations: Sequence[bytes], **_: object) -> Any:
        self.sent.append([orjson.loads(line)["index"]["_id"] for line in operations[::2]])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(body={"items": answer})

    def write(self, *names: str) -> tuple[Rejected, ...]:
        client = cast(AsyncElasticsearch, self)
        return asyncio.run(bulk.write(client, "soundings", [a_document(name) for name in names]))


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def refused(status: int, kind: str) -> ApiError:
    node = NodeConfig("http", "127.0.0.1", 9200)
    meta = ApiResponseMeta(status=status, http_version="1.1", headers=HttpHeaders(), duration=0.0, node=node)
    of_kind = BadRequestError if status == 400 else ApiError
    return of_kind(message=kind, meta=meta, body={"error": {"type": kind, "reason": "a secret"}})


def test_only_what_was_refused_is_sent_again() -> None:
    """A full queue refuses some documents of a chunk: these are sent again, the others are not."""
    server = Server([OK, FULL, OK, FULL], [OK, FULL], [OK])
    assert server.write("a", "b", "c", "d") == ()
    assert server.sent == [["a", "b", "c", "d"], ["b", "d"], ["d"]]


def test_a_queue_that_stays_full_is_raised() -> None:
    """Who calls learns that there is no room, and can stop taking work in."""
    with pytest.raises(IndexUnavailable, match="refuses 1 documents with 429"):
        Server([FULL], [FULL], [FULL]).write("a")


def test_a_server_that_comes_back_gets_the_chunk_again() -> None:
    """A request that timed out, or that the whole server refused, is repeated: ids make that harmless."""
    server = Server(ConnectionTimeout("late"), refused(503, "cluster_block_exception"), [OK, OK])
    assert server.write("a", "b") == ()
    assert server.sent == [["a", "b"]] * 3


def test_an_older_version_is_left_out_in_silence() -> None:
    """A conflict says that a later state is there already: nothing to do."""
    assert Server([STALE, OK]).write("a", "b") == ()


def test_a_bad_document_is_rejected_without_its_text() -> None:
    """The reason names the kind of error and the field; what Elasticsearch quotes of the post is left out."""
    assert Server([OK, QUOTING]).write("a", "b") == (Rejected(id="b", reason="document_parsing_exception in likes"),)


def test_a_field_that_is_none_of_ours_is_not_named() -> None:
    """A name in square brackets that came out of a post is not taken for a field."""
    assert bulk.why({"type": "t", "reason": "failed to parse field [a.secret]"}) == "t"
    assert bulk.why({}) == "unknown error"


def test_the_one_document_that_spoils_a_request_is_found() -> None:
    """A request that cannot be read is sent in halves, until the document is alone."""
    bad = refused(400, "x_content_parse_exception")
    server = Server(bad, [OK, OK], bad, [OK], bad)
    assert server.write("a", "b", "c", "d") == (Rejected(id="d", reason="x_content_parse_exception"),)
    assert server.sent == [["a", "b", "c", "d"], ["a", "b"], ["c", "d"], ["c"], ["d"]]


def test_errors_of_the_whole_server_quote_nothing() -> None:
    """The message of what is raised holds the status and the error's name only."""
    with pytest.raises(IndexUnavailable) as raised:
        Server(*[refused(429, "circuit_breaking_exception")] * 3).write("a")
    assert str(raised.value) == "Elasticsearch answers 429 circuit_breaking_exception"
    assert raised.value.__cause__ is None


def test_chunks_are_bounded_by_count_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, none empty; only a document larger than the bound is alone in a larger chunk."""
    monkeypatch.setattr(bulk, "CHUNK_DOCUMENTS", 3)
    monkeypatch.setattr(bulk, "CHUNK_BYTES", 100)
    sizes = [10, 10, 10, 10, 95, 10, 500, 10]
    found = list(bulk.chunks([a_document(str(n), size) for n, size in enumerate(sizes)]))
    assert [[document.id for document in chunk] for chunk in found] == [
        ["0", "1", "2"],
        ["3"],
        ["4"],
        ["5"],
        ["6"],
        ["7"],
    ]
    assert list(bulk.chunks([])) == []
