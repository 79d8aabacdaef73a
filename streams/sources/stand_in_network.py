"""A network on this machine that can fall silent: a proxy that keeps its connections and drops what comes."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 64 * 1024


class Network:
    """Forwards to one address until it is told to drop; then nothing passes, and nobody is told of it."""

    def __init__(self, target: str) -> None:
        """`target`: host:port."""
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._over = threading.Event()
        self.dropping = False

    @contextmanager
    def running(self) -> Iterator[str]:
        """Gives `host:port` of the near end."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.1)
            thread = threading.Thread(target=self._accept, args=(server,), name="network", daemon=True)
            thread.start()
            try:
                yield f"127.0.0.1:{server.getsockname()[1]}"
            finally:
                self._over.set()
                thread.join(5)

    def _accept(self, server: socket.socket) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                near, _ = server.accept()
                threading.Thread(target=self._forward, args=(near,), name="network", daemon=True).start()

    def _forward(self, near: socket.socket) -> None:
        with (
            near,
            suppress(OSError),
            socket.create_connection(self._target) as far,
            selectors.DefaultSelector() as both,
        ):
            both.register(near, selectors.EVENT_READ, far)
            both.register(far, selectors.EVENT_READ, near)
            while not self._over.is_set():
                for key, _ in both.select(0.1):
                    content = key.fileobj.recv(CHUNK)  # type: ignore[union-attr]
                    if not content:
                        return
                    if not self.dropping:
                        key.data.sendall(content)
