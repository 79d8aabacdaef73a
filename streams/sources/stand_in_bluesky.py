"""A Jetstream on this machine, for tests: speaks the newer protocol (zstd included) and the older one."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import zstandard
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

DICTIONARY_ID = 7

_TYPE = "network.bsky.jetstream.subscribeEvents"


class JetstreamStandIn:
    """Keeps every event and sends it to who asks from its time on, as the real one does."""

    def __init__(self) -> None:
        self._events: list[tuple[int, bytes]] = []
        """(microseconds, payload as the older protocol has it); -1 for what has no time and is sent live only."""
        self._changed = threading.Condition()
        self._open: set[ServerConnection] = set()
        self._tips: dict[ServerConnection, int] = {}
        """How many events there were when a client came."""
        self.connections = 0
        self.refusing = False
        self.oldest = 0
        """Microseconds: events before it are no longer kept."""
        samples: list[bytes | bytearray | memoryview] = [
            json.dumps({"did": f"did:plc:{n}", "collection": "app.bsky.feed.post"}).encode() for n in range(200)
        ]
        trained = zstandard.train_dictionary(1024, samples, dict_id=DICTIONARY_ID)
        self._dictionary = trained.as_bytes()
        self._compressor = zstandard.ZstdCompressor(dict_data=trained)
        self.compressed = 0
        """Frames sent compressed."""

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serves on a free port of the loopback address; gives `host:port`."""
        with serve(self._serve, "127.0.0.1", 0, process_request=self._request, select_subprotocol=_agreed) as server:
            thread = threading.Thread(target=server.serve_forever, name="jetstream stand-in", daemon=True)
            thread.start()
            try:
                yield "{}:{}".format(*server.socket.getsockname()[:2])
            finally:
                self.cut()
                server.shutdown()
                thread.join(5)

    def add(self, event: dict[str, Any]) -> None:
        """Send an event of the older protocol's form, and keep it."""
        self.add_raw(event["time_us"], json.dumps(event).encode())

    def add_raw(self, micros: int, raw: bytes) -> None:
        with self._changed:
            self._events.append((micros, raw))
            self._changed.notify_all()

    def cut(self) -> None:
        """Every connection breaks."""
        for connection in list(self._open):
            connection.socket.close()
        with self._changed:
            self._changed.notify_all()

    def _request(self, connection: ServerConnection, request: Request) -> Response | None:
        if self.refusing:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "down\n")
        if urlsplit(request.path).path.endswith("getZstdDictionary"):
            headers = Headers([("Content-Type", "application/octet-stream"), ("Connection", "close")])
            headers["Content-Length"] = str(len(self._dictionary))
            return Response(HTTPStatus.OK, "OK", headers, self._dictionary)
        self._tips[connection] = len(self._events)  # before the client knows that it is connected
        return None

    def _serve(self, connection: ServerConnection) -> None:
        self.connections += 1
        self._open.add(connection)
        address = urlsplit(connection.request.path if connection.request else "")
        query = parse_qs(address.query)
        try:
            self._send(connection, query, modern=not address.path.endswith("/subscribe"))
        except (ConnectionClosed, OSError):
            pass
        finally:
            self._open.discard(connection)

    def _send(self, connection: ServerConnection, query: dict[str, list[str]], *, modern: bool) -> None:
        asked = int(query.get("cursor", ["0"])[0])
        compress = query.get("zstdDictionary") == [str(DICTIONARY_ID)]
        sent = 0 if asked else self._tips.pop(connection)
        if modern and asked and asked < self.oldest:
            info = {"$type": f"{_TYPE}#info", "name": "OutdatedCursor"}
            connection.send(json.dumps({"$type": "message", "payload": info}))
        while connection in self._open:
            with self._changed:
                while sent >= len(self._events):
                    if not self._changed.wait(0.2):
                        connection.ping()  # finds out that the client is gone
                micros, raw = self._events[sent]
            sent += 1
            if micros < max(asked, self.oldest):
                continue
            self._frame(connection, _modern(raw, sent) if modern else raw, compress=compress)

    def _frame(self, connection: ServerConnection, raw: bytes, *, compress: bool) -> None:
        if compress:
            self.compressed += 1
            connection.send(self._compressor.compress(raw))
        else:
            connection.send(raw, text=True)


def _agreed(connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return offered[0] if offered else None


def _modern(raw: bytes, seq: int) -> bytes:
    """The event as the newer protocol sends it; what is no event stays as it is."""
    try:
        event = json.loads(raw)
        kind, micros = event["kind"], event["time_us"]
    except (ValueError, KeyError, TypeError):
        return raw
    at = datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
    time = at.isoformat().replace("+00:00", "Z")
    payload = {"$type": f"{_TYPE}#{kind}", "did": event["did"], "seq": seq, "time": time, "witnessedAt": time}
    payload |= event["commit"] if kind == "commit" else {kind: event[kind]}
    return json.dumps({"$type": "message", "payload": payload}).encode()
