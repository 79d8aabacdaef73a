"""The press office of a benchmark: takes every webhook on the loopback address and forgets it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def receiver() -> Iterator[dict[str, str]]:
    """Listens for the length of the block; yields the environment that makes it the one channel of a worker."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="receiver", daemon=True).start()
    channel = {
        "kind": "webhook",
        "name": "bench",
        "url": f"http://127.0.0.1:{server.server_address[1]}/",
        "secret": "a secret of benchmarks only",
        "allow_private": True,
        "min_severity": "notable",
        "rehearsal": True,
    }
    try:
        yield {"SOUNDINGS_ALERTS__CHANNELS": json.dumps([channel])}
    finally:
        server.shutdown()
        server.server_close()
