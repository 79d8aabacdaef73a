"""What the stand-ins for HTTP platforms share: a server on this machine that can stream, refuse and break off."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "stand-in-token-that-must-not-be-seen"  # noqa: S105 - worth nothing outside of this process


class Exchange:
    """One request and its answer."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        address = urlsplit(handler.path)
        self.method, self.path = handler.command, address.path
        self.query: dict[str, str] = {name: values[0] for name, values in parse_qs(address.query).items()}
        length = int(handler.headers.get("Content-Length") or 0)
        self.body = handler.rfile.read(length) if length else b""
        self.has_token = "Authorization" in handler.headers
        self.authorised = handler.headers.get("Authorization") == f"Bearer {TOKEN}"

    def answer(self, status: int, content: Any, headers: Mapping[str, str] | None = None) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self._handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self._handler.send_header(name, value)
        self._handler.send_header("Content-Length", str(len(body)))
        self._last()
        self._handler.wfile.write(body)

    def begin(self, kind: str) -> None:
        """Start an answer in chunks."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._last()

    def _last(self) -> None:
        """Say that the connection ends with this answer: a client that kept it would lose its next request."""
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()

    def chunk(self, content: bytes) -> None:
        self._handler.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self._handler.wfile.flush()


class Broadcast:
    """Messages that every open stream gets, each from the moment it connected."""

    def __init__(self) -> None:
        self._messages: list[bytes] = []
        self._changed = threading.Condition()
        self._era = 0

    def send(self, message: bytes) -> None:
        with self._changed:
            self._messages.append(message)
            self._changed.notify_all()

    def cut(self) -> None:
        """Every open stream ends."""
        with self._changed:
            self._era += 1
            self._changed.notify_all()

    def follow(self, keep_alive: bytes, every: float) -> Iterator[bytes]:
        """Messages from the moment of this call on, and a sign of life where there are none."""
        with self._changed:
            return self._from(self._era, len(self._messages), keep_alive, every)

    def _from(self, era: int, sent: int, keep_alive: bytes, every: float) -> Iterator[bytes]:
        while True:
            with self._changed:
                if sent >= len(self._messages) and era == self._era:
                    self._changed.wait(every)
                if era != self._era:
                    return
                fresh = self._messages[sent:]
            sent += len(fresh)
            yield from fresh or [keep_alive]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nothing to tell."""


@contextmanager
def serving(serve: Callable[[Exchange], None]) -> Iterator[str]:
    """Serves on a free port of the loopback address; gives the base address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            with suppress(OSError):
                serve(Exchange(self))

        do_GET = do_POST = do_PUT = _any

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: tests look at what is logged."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="stand-in", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
