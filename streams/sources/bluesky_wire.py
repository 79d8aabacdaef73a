"""The connection to a Jetstream, by atproto's client: its address, handshake, cursor and zstd; frames stay as they are.

The client parses each frame into its models, drops silently what they do not know, and sleeps for up to a minute
between attempts. Here frames go on unread (a broken one must reach the quarantine, and reading is ten times faster
that way), and an end of the connection ends `run`, so that one place decides about pauses.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from atproto import JetstreamClient, jetstream_models
from atproto.exceptions import AtProtocolError, JetstreamCursorTooOldError, JetstreamDecodingError

from soundings.services.settings import BlueskySettings
from soundings.streams.sources.bluesky_post import POST, REPOST
from soundings.streams.sources.wire import Frame, Put, Up, WireLost, WireStopped

SILENT = 20.0
"""Seconds without a frame after which the connection counts as dead: the network posts many times a second."""

LOOK_EVERY = 15.0
"""Seconds between looks whether a handle is due to be resolved."""

JUMP = timedelta(minutes=1)
"""The older protocol goes on from its oldest event without a word if ours is older. The network is never silent for
as long as this, so a first frame so much later than asked for means that the rest is gone."""


class JetstreamWire:
    """One connection; `look` is called before and during it, to resolve what handles are due."""

    def __init__(self, settings: BlueskySettings, look: Callable[[], None]) -> None:
        self._settings = settings
        self._look = look
        self._client: Any = None
        self._stopped = False

    def run(self, since: datetime | None, put: Put) -> None:
        self._look()
        threading.Thread(target=self._keep_looking, args=(over := threading.Event(),), daemon=True).start()
        try:
            self._run(since, put)
        finally:
            over.set()

    def _run(self, since: datetime | None, put: Put) -> None:
        cursor = None if since is None else round(since.timestamp() * 1_000_000)
        try:
            self._listen(cursor, put, JUMP)
        except JetstreamCursorTooOldError:
            # What the server still has begins later; without a cursor it begins now, and the gap is told.
            self._listen(None, put, timedelta(0))

    def stop(self) -> None:
        self._stopped = True
        if self._client is not None:
            self._client.stop()

    def _keep_looking(self, over: threading.Event) -> None:
        """Handles change while a connection lasts for weeks."""
        while not self._stopped and not over.wait(LOOK_EVERY):
            self._look()

    def _listen(self, cursor: int | None, put: Put, jump: timedelta) -> None:
        old = self._settings.url.endswith("/subscribe")
        client = self._client = (_legacy if old else _modern)(self._settings, cursor)
        client.up = lambda: put(Up(jump=jump))
        if self._stopped:
            raise WireStopped
        try:
            client.start(lambda raw: put(Frame(raw=raw)), client.abort)
        except JetstreamCursorTooOldError:
            raise
        except AtProtocolError as error:
            raise WireLost(_why(error)) from None
        if isinstance(client.ended, WireStopped) or self._stopped:
            raise WireStopped
        raise WireLost(_why(client.ended))


class _Frames(JetstreamClient):  # type: ignore[misc]
    """Hands frames over as bytes; ends at the first end of the connection, with what ended it in `ended`."""

    up: Callable[[], None]
    ended: BaseException | None = None

    def abort(self, error: BaseException) -> None:
        """What `put` raised inside the callback: the client would only print it."""
        self.ended = error
        self.stop()

    def _get_client(self) -> Any:
        client = super()._get_client()
        try:
            self.up()
        except WireStopped:
            client.close()
            raise
        return client

    def _decode_frame(self, raw_frame: str | bytes) -> bytes:
        raw = raw_frame.encode() if isinstance(raw_frame, str) else raw_frame
        if self._compression is not None and isinstance(raw_frame, bytes) and self.compressed:
            try:
                raw = self._compression.decompress(raw)
            except JetstreamDecodingError:
                return raw  # to the quarantine
        if b'"error"' in raw[:64]:
            self._end_of(raw)
        return raw

    def _end_of(self, raw: bytes) -> None:
        try:
            frame = jetstream_models.parse_frame(raw)
        except JetstreamDecodingError:
            return
        if isinstance(frame, jetstream_models.ErrorFrame):
            raise ConnectionAbortedError(frame.error[:100])

    def _handle_websocket_error_or_stop(self, exception: Exception) -> bool:
        if self.ended is None:
            self.ended = exception
        if isinstance(exception, WireStopped):
            return True
        super()._handle_websocket_error_or_stop(exception)
        return True


def _modern(settings: BlueskySettings, cursor: int | None) -> Any:
    params: dict[str, Any] = {"collections": [POST, REPOST]}
    if cursor is not None:
        params["cursor"] = cursor
    return _Frames(params, base_uri=settings.url, recv_timeout=SILENT, compress=settings.compress)


def _legacy(settings: BlueskySettings, cursor: int | None) -> Any:
    client = _Frames(None, base_uri=settings.url, recv_timeout=SILENT, compress=False)
    params: dict[str, Any] = {"wantedCollections": [POST, REPOST]}
    if cursor is not None:
        params["cursor"] = cursor
    super(JetstreamClient, client).__init__(
        "subscribe", settings.url.removesuffix("/subscribe"), params, recv_timeout=SILENT, compress=False
    )
    client._subprotocols = None
    return client


def _why(error: BaseException | None) -> str:
    """The kind of the error, and what the server calls it; messages of connections can hold addresses."""
    if isinstance(error, ConnectionAbortedError) and error.args:
        return f"the server says {error.args[0]}"
    return "the server closed the connection" if error is None else type(error).__name__
