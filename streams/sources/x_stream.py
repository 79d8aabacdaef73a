"""A stream of X by tweepy: one connection, its lines handed on unread, its end told once and with its reason.

tweepy's own loop connects again by itself, sleeping for up to five minutes where nothing can wake it. Here every end
ends the loop; pauses are decided in one place (`backoff`).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import requests
import tweepy

from soundings.streams.sources.wire import Alive, Frame, Put, WireLost, WireRefused, WireStopped
from soundings.streams.sources.x_http import asked_to_wait, prepare

CHUNK = 16 * 1024
"""Bytes read at once. X sends each post as a chunk of its own, and a chunk is handed on as it comes."""

EXPANSIONS = [
    "author_id",
    "in_reply_to_user_id",
    "referenced_tweets.id",
    "referenced_tweets.id.author_id",
    "entities.mentions.username",
    "attachments.media_keys",
]
"""What the parser looks at, no more: users and posts that a post refers to."""

FIELDS: dict[str, Any] = {
    "expansions": EXPANSIONS,
    "tweet_fields": [
        "attachments",
        "author_id",
        "conversation_id",
        "created_at",
        "edit_history_tweet_ids",
        "entities",
        "in_reply_to_user_id",
        "lang",
        "note_tweet",
        "public_metrics",
        "referenced_tweets",
        "withheld",
    ],
    "user_fields": ["public_metrics", "username", "verified", "withheld"],
    "media_fields": ["type"],
}


class FilteredStream(tweepy.StreamingClient):  # type: ignore[misc]
    """One connection to the filtered stream."""

    def __init__(self, bearer: str, url: str, put: Put, connected: Callable[[], None]) -> None:
        super().__init__(bearer, return_type=dict, chunk_size=CHUNK)
        prepare(self.session, url)
        self.session.hooks["response"].append(self._answered)
        self._put = put
        self._connected = connected
        self._headers: dict[str, str] = {}
        self._end: Exception | None = None

    def listen(self, backfill_minutes: int) -> None:
        """Until the connection ends.

        Raises:
            WireLost, WireRefused, WireStopped: why it ended.
        """
        self.filter(backfill_minutes=backfill_minutes or None, **FIELDS)
        raise self._end or WireLost("X closed the connection")

    def on_connect(self) -> None:
        self._connected()

    def on_data(self, raw_data: bytes) -> None:
        self._put(Alive(at=datetime.now(UTC)))
        if why := disconnected(raw_data):
            self._ended(WireLost(why))
        else:
            self._put(Frame(raw=raw_data))

    def on_keep_alive(self) -> None:
        self._put(Alive(at=datetime.now(UTC)))

    def on_request_error(self, status_code: int) -> None:
        self._ended(refusal(status_code, self._headers))

    def on_connection_error(self) -> None:
        self._ended(WireLost("the connection broke or was silent for too long"))

    def on_closed(self, response: Any) -> None:
        self._ended(WireLost("X closed the connection"))

    def on_exception(self, exception: Exception) -> None:
        if isinstance(exception, WireStopped | WireLost):
            self._ended(exception)
        else:
            self._ended(WireLost(type(exception).__name__))

    def on_disconnect(self) -> None:
        """Told by `listen`."""

    def _ended(self, why: Exception) -> None:
        self._end = self._end or why
        self.running = False

    def _answered(self, response: requests.Response, *_: Any, **__: Any) -> None:
        self._headers = {name.lower(): value for name, value in response.headers.items()}


def refusal(status: int, headers: dict[str, str]) -> Exception:
    """What an HTTP status other than 200 means for the next attempt."""
    if status == 401:
        return WireRefused("X does not accept SOUNDINGS_X__BEARER_TOKEN (401)")
    if status == 403:
        return WireRefused("X does not allow the filtered stream to this token: look at the plan (403)")
    return WireLost(f"X answers {status}", asked_to_wait(status, headers))


def disconnected(raw: bytes) -> str:
    """Why X says that it ends the stream; empty for everything else that it sends."""
    if b'"operational-disconnect"' not in raw and b"/problems/" not in raw or b'"data"' in raw[:64]:
        return ""
    try:
        payload = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(payload, dict) or "data" in payload:
        return ""
    listed = payload.get("errors")
    for error in [payload, *(listed if isinstance(listed, list) else [])]:
        kind = error.get("type") if isinstance(error, dict) else None
        if isinstance(kind, str) and kind.endswith(("/operational-disconnect", "/streaming-connection")):
            return "X ends the stream: " + kind.rpartition("/")[2]
    return ""
