"""X's compliance streams, for plans that have them: four partitions of posts, four of users, of the whole platform."""

import threading
import time
from typing import Any

import tweepy.streaming

from soundings.streams.sources.backoff import Backoff
from soundings.streams.sources.wire import Frame, Put, WireStopped
from soundings.streams.sources.x_events import COMPLIANCE
from soundings.streams.sources.x_http import BUILT_IN, SERVER_ERROR, prepare

PARTITIONS = (1, 2, 3, 4)

BACKFILL_MINUTES = 5
"""Asked for on every connection: what is told twice is a redaction twice, which does no harm."""


class ComplianceStreams:
    """Eight threads, ended by `over`. Their connections come and go by themselves and hold nothing up."""

    def __init__(self, bearer: str, url: str, put: Put, over: threading.Event) -> None:
        self._bearer = bearer
        self._url = url
        self._put = put
        self._over = over

    def start(self) -> None:
        for kind in ("tweets", "users"):
            for partition in PARTITIONS:
                arguments = (f"/2/{kind}/compliance/stream", partition)
                threading.Thread(target=self._keep, args=arguments, name=f"x {kind} {partition}", daemon=True).start()

    def _keep(self, route: str, partition: int) -> None:
        backoff = Backoff(first=SERVER_ERROR)
        params = {"partition": partition, "backfill_minutes": BACKFILL_MINUTES}
        while not self._over.is_set():
            began = time.monotonic()
            stream = _Stream(self._url, self._put)
            stream._connect("GET", BUILT_IN + route, params=params, headers={"Authorization": f"Bearer {self._bearer}"})
            if stream.stopped:
                return
            self._over.wait(backoff.after(time.monotonic() - began))


class _Stream(tweepy.streaming.BaseStream):  # type: ignore[misc]
    def __init__(self, url: str, put: Put) -> None:
        super().__init__()
        prepare(self.session, url)
        self._put = put
        self.stopped = False

    def on_data(self, raw_data: bytes) -> None:
        self._put(Frame(raw=raw_data, kind=COMPLIANCE))

    def on_keep_alive(self) -> None:
        """Says nothing of the posts' stream."""

    def on_request_error(self, status_code: int) -> None:
        self.running = False

    def on_connection_error(self) -> None:
        self.running = False

    def on_closed(self, response: Any) -> None:
        self.running = False

    def on_exception(self, exception: Exception) -> None:
        self.stopped = isinstance(exception, WireStopped)

    def on_connect(self) -> None:
        """Nothing to tell."""

    def on_disconnect(self) -> None:
        """Told by `_keep`."""
