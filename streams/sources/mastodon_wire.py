"""The connection to one instance of Mastodon, by Mastodon.py: its stream, and its REST API for what was missed."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import requests
from mastodon import Mastodon, StreamListener
from mastodon.errors import MastodonError, MastodonRatelimitError, MastodonUnauthorizedError

from soundings.services.settings import MastodonSettings
from soundings.streams.sources.connection import Connection
from soundings.streams.sources.mastodon_fill import Fill, Listing
from soundings.streams.sources.sse import HEARTBEAT, EventLines
from soundings.streams.sources.tokens import token
from soundings.streams.sources.wire import Alive, Frame, Put, Up, WireLost, WireRefused, WireStopped

SILENT = 35.0
"""Seconds without a byte after which a connection counts as dead: the server says `:thump` every 15 s."""

CALL_TIMEOUT = 15.0
"""Seconds for a call of the REST API, and to connect."""

RATE_LIMITED = 60.0
"""Seconds to wait where the instance limits us without saying for how long."""

_NOTIFICATIONS = {"limit": 80, "types[]": ["mention", "status", "quote", "reblog", "update"]}


class MastodonWire:
    def __init__(self, settings: MastodonSettings) -> None:
        self._settings = settings
        self._token = token(settings.token, "SOUNDINGS_MASTODON__TOKEN", settings.url, "SOUNDINGS_MASTODON__URL")
        self._connection: Connection | None = None
        self._listener: _Listener | None = None
        self._stopped = False

    def run(self, since: datetime | None, put: Put) -> None:
        if self._stopped:
            raise WireStopped
        connection = self._connection = Connection(put)
        client = Mastodon(
            access_token=self._token,
            api_base_url=self._settings.url,
            ratelimit_method="throw",
            request_timeout=CALL_TIMEOUT,
        )
        try:
            own = str(client.account_verify_credentials().id)
            listener = self._listener = _Listener(put, partial(self._connected, since, put, connection, client, own))
            self._listen(client, listener)
        except MastodonUnauthorizedError:
            raise WireRefused("the instance does not accept SOUNDINGS_MASTODON__TOKEN") from None
        except MastodonRatelimitError:
            raise WireLost("the instance limits how often we may ask", RATE_LIMITED) from None
        except (MastodonError, requests.RequestException) as error:
            # The kind only: messages can hold addresses.
            raise WireLost(type(error).__name__) from None
        finally:
            connection.end()
            client.session.close()
        raise WireLost("the instance closed the connection")

    def stop(self) -> None:
        self._stopped = True
        if self._connection is not None:
            self._connection.over.set()
        if self._listener is not None:
            self._listener.stopped = True

    def _listen(self, client: Mastodon, listener: "_Listener") -> None:
        stream = self._settings.stream
        if stream == "user":
            client.stream_user(listener, timeout=SILENT)
        elif stream == "hashtag":
            client.stream_hashtag(quote(self._settings.hashtag, safe=""), listener, timeout=SILENT)
        else:
            client.stream_public(listener, timeout=SILENT, local=stream == "public:local")

    def _connected(self, since: datetime | None, put: Put, connection: Connection, client: Mastodon, own: str) -> None:
        put(Up(filling=since is not None))
        if since is None:
            return
        fill = Fill(client.session, self._settings.url, self._token, connection.put, connection.over)
        connection.fill(partial(fill.run, listings(self._settings, own), since), "mastodon fill")


def listings(settings: MastodonSettings, own: str) -> list[Listing]:
    """The lists of the REST API that hold what the stream brings. `own`: id of the token's account."""
    if settings.stream == "user":
        return [
            Listing(route="/api/v1/notifications", kind="notification", params=_NOTIFICATIONS),
            Listing(route=f"/api/v1/accounts/{own}/statuses", kind="update", params={"limit": 40}),
        ]
    if settings.stream == "hashtag":
        tag = quote(settings.hashtag, safe="")
        return [Listing(route=f"/api/v1/timelines/tag/{tag}", kind="update", params={"limit": 40})]
    local = {"local": "true"} if settings.stream == "public:local" else {}
    return [Listing(route="/api/v1/timelines/public", kind="update", params={"limit": 40, **local})]


class _Listener(StreamListener):
    """Hands events over unread. The library's own reading gives up the connection at the first broken event."""

    def __init__(self, put: Put, connected: Callable[[], None]) -> None:
        self._put = put
        self._connected = connected
        self.stopped = False

    def handle_stream(self, response: Any) -> None:
        self._connected()
        lines = EventLines()
        for content in response.iter_content(chunk_size=None):
            if self.stopped:
                raise WireStopped
            self._put(Alive(at=datetime.now(UTC)))
            for event in lines.feed(content):
                if event is not HEARTBEAT:
                    self._put(Frame(raw=event.data, kind=event.name))
