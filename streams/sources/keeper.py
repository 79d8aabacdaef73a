"""Keeps a connection: makes it anew whenever it ends, with a pause between, and hands over what it brings."""

import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime

from soundings.streams.sources.backoff import Backoff
from soundings.streams.sources.wire import Down, Item, Refused, Wire, WireLost, WireRefused, WireStopped

AT_HAND = 10_000
"""Items that may wait to be read: some 10 MB, and more than a minute of the busiest platform. Beyond that the
connection is no longer read, and the platform notices that we are slow."""

LOOKS = 0.2
"""Seconds between looks whether anybody still listens, while the queue is full."""


class Keeper:
    """A thread round a wire. `items` holds what came, in its order."""

    def __init__(self, name: str, wire: Wire, backoff: Backoff, since: Callable[[], datetime | None]) -> None:
        """`since`: asked before each connection where to go on; what still waits in `items` is then fetched twice."""
        self.items: queue.Queue[Item] = queue.Queue(AT_HAND)
        self._wire = wire
        self._backoff = backoff
        self._since = since
        self._stopped = threading.Event()
        # A daemon: a read that blocks on a dead network must not keep the process.
        self._thread = threading.Thread(target=self._keep, name=f"source {name}", daemon=True)

    @property
    def ended(self) -> bool:
        """No item will come any more."""
        return not self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._wire.stop()

    def _keep(self) -> None:
        try:
            while not self._stopped.is_set():
                began = time.monotonic()
                asked: float | None = None
                why = "the platform closed the connection"
                try:
                    self._wire.run(self._since(), self._put)
                except WireLost as lost:
                    why, asked = lost.why, lost.wait
                except WireRefused as refused:
                    self._put(Refused(why=str(refused)))
                    return
                self._put(Down(why=why))
                self._stopped.wait(self._backoff.after(time.monotonic() - began, asked))
        except WireStopped:
            return

    def _put(self, item: Item) -> None:
        while not self._stopped.is_set():
            try:
                return self.items.put(item, timeout=LOOKS)
            except queue.Full:
                continue
        raise WireStopped
