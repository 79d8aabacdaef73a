"""How a command that feeds Kafka ends when it is told to: soon, whatever it waits for."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPS_WITHIN = 8.0
"""Seconds from a signal to the end at the latest: container engines send SIGKILL after ten. What is not confirmed by
then is delivered again from the stored cursor."""


@contextmanager
def stopped_by_signals(stopping: threading.Event, close: Callable[[], None]) -> Iterator[None]:
    """SIGINT and SIGTERM set `stopping` and call `close`; the process ends if that was not enough."""

    def stop(*_: object) -> None:
        if not stopping.is_set():
            stopping.set()
            last = threading.Timer(STOPS_WITHIN, os._exit, (0,))
            last.daemon = True
            last.start()
            # Closing may wait for a lock that the interrupted code holds.
            threading.Thread(target=close, daemon=True).start()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
