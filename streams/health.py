"""Health and metrics of a part, on loopback unless set otherwise: answers even while the event loop is busy."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from soundings.services import metrics

KAFKA = "kafka"
"""What a part reads from: while it does not answer, nothing is taken in and the part is not ready. Any other server is
waited for with the work at hand."""


class Health:
    """What a part says of itself. Safe to use from several threads."""

    def __init__(self, part: str) -> None:
        self.part = part
        self._ready = False
        self._waiting: set[str] = set()
        self._lock = threading.Lock()

    def ready(self) -> None:
        """The part takes work, for as long as Kafka answers."""
        with self._lock:
            self._ready = True

    def waiting_for(self, server: str) -> None:
        """The part waits for a server that is down."""
        with self._lock:
            self._waiting.add(server)
        metrics.WAITING.labels(self.part, server).set(1)

    def goes_on(self, server: str) -> None:
        with self._lock:
            self._waiting.discard(server)
        metrics.WAITING.labels(self.part, server).set(0)

    def state(self) -> dict[str, object]:
        with self._lock:
            ready = self._ready and KAFKA not in self._waiting
            return {"part": self.part, "ready": ready, "waiting_for": sorted(self._waiting)}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, health: Health, host: str, port: int) -> None:
        self.health = health
        super().__init__((host, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.path == "/health":
            state = self.server.health.state()
            self._answer(200 if state["ready"] else 503, "application/json", json.dumps(state).encode())
        elif self.path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
        else:
            self._answer(404, "text/plain", b"there are /health and /metrics\n")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: the supervisor asks every second."""


def serve(health: Health, file: Path | None, *, host: str = "127.0.0.1", port: int = 0) -> str:
    """Serve (port 0: a free one); writes the address to `file` for the supervisor and returns it."""
    server = _Server(health, host, port)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    address = f"http://{host}:{server.server_address[1]}"
    if file is not None:
        temporary = file.with_suffix(".part")
        temporary.write_text(json.dumps({"health": address}))
        temporary.replace(file)
    return address
