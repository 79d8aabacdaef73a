"""One connection's way to speak: what outlives it must not speak for the next one."""

import threading
from collections.abc import Callable

from soundings.streams.sources.wire import Filled, Item, Put, WireStopped


class Connection:
    """Threads that belong to a connection put through it; once it is over they are told to stop."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._lock = threading.Lock()
        self.over = threading.Event()

    def put(self, item: Item) -> None:
        """Hand over.

        Raises:
            WireStopped: the connection is over.
        """
        with self._lock:
            if self.over.is_set():
                raise WireStopped
            self._put(item)

    def fill(self, fetch: Callable[[], None], name: str) -> None:
        """Fetch what was missed beside the stream; `Filled` follows when it is all there."""

        def run() -> None:
            try:
                fetch()
                self.put(Filled())
            except WireStopped:
                return

        threading.Thread(target=run, name=name, daemon=True).start()

    def end(self) -> None:
        """After this nothing is handed over any more."""
        self.over.set()  # wakes who waits
        with self._lock:
            pass  # who is handing over now has done so
