"""An instance of Mastodon on this machine, for tests: streams of server-sent events, and the REST API for the rest."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from soundings.streams.sources.stand_in_http import Broadcast, Exchange, serving

PAGE = 3
"""Items a page: few, so that paging is tried."""


class MastodonStandIn:
    """One account's view: its notifications, its own posts, the public timeline."""

    def __init__(self, *, keep_alive: float = 0.2) -> None:
        self._keep_alive = keep_alive
        self._stream = Broadcast()
        self._notifications: list[dict[str, Any]] = []
        self._statuses: list[dict[str, Any]] = []
        self.address = ""
        self.connections = 0
        self.streams: list[str] = []
        """Routes of the streams that were asked for."""
        self.refusing = False
        self.accounts: dict[str, str] = {}
        """Name to id, for who looks them up."""

    @contextmanager
    def running(self) -> Iterator[str]:
        with serving(self._serve) as address:
            self.address = address
            try:
                yield address
            finally:
                self._stream.cut()

    def notify(self, status: dict[str, Any], kind: str = "mention", *, streamed: bool = True) -> None:
        """Somebody mentions, answers or boosts the account."""
        content = {
            "id": str(len(self._notifications) + 1),
            "type": kind,
            "created_at": status["created_at"],
            "account": status["account"],
            "status": status,
        }
        self._notifications.append(content)
        if streamed:
            self.event("notification", json.dumps(content))

    def post(self, status: dict[str, Any], *, streamed: bool = True) -> None:
        """A post of the account itself, or on the public timeline."""
        self._statuses.append(status)
        if streamed:
            self.event("update", json.dumps(status))

    def event(self, name: str, data: str) -> None:
        self.send_raw(f"event: {name}\ndata: {data}\n\n".encode())

    def send_raw(self, content: bytes) -> None:
        self._stream.send(content)

    def cut(self) -> None:
        self._stream.cut()

    def _serve(self, exchange: Exchange) -> None:
        if exchange.path in ("/api/v1/instance/", "/api/v2/instance/"):
            return exchange.answer(200, self._instance())
        if exchange.path == "/api/v1/accounts/lookup":
            known = self.accounts.get(exchange.query.get("acct", ""))
            return exchange.answer(200, {"id": known}) if known else exchange.answer(404, {"error": "Record not found"})
        if not exchange.authorised:
            return exchange.answer(401, {"error": "The access token is invalid"})
        if self.refusing:
            return exchange.answer(503, {"error": "down"})
        if exchange.path == "/api/v1/accounts/verify_credentials":
            return exchange.answer(200, {"id": "1", "username": "dept", "acct": "dept"})
        if exchange.path.startswith("/api/v1/streaming/"):
            return self._follow(exchange)
        if exchange.path == "/api/v1/notifications":
            return self._list(exchange, self._notifications)
        return self._list(exchange, self._statuses)

    def _follow(self, exchange: Exchange) -> None:
        self.connections += 1
        self.streams.append(exchange.path)
        following = self._stream.follow(b":thump\n", self._keep_alive)
        exchange.begin("text/event-stream")
        exchange.chunk(b":)\n")
        for message in following:
            half = len(message) // 2
            # In two pieces, as long events come over a real network.
            for piece in (message[:half], message[half:]):
                if piece:
                    exchange.chunk(piece)

    def _list(self, exchange: Exchange, listed: list[dict[str, Any]]) -> None:
        begin = int(exchange.query.get("begin", "0"))
        newest_first = listed[::-1]
        headers = {}
        if begin + PAGE < len(listed):
            headers["Link"] = f'<{self.address}{exchange.path}?begin={begin + PAGE}>; rel="next"'
        exchange.answer(200, newest_first[begin : begin + PAGE], headers)

    def _instance(self) -> dict[str, Any]:
        access = {"live_feeds": {"local": "public", "remote": "public"}}
        access["hashtag_feeds"] = access["live_feeds"]
        return {
            "urls": {"streaming_api": self.address},
            "configuration": {"urls": {"streaming": self.address}, "timelines_access": access},
            "version": "4.5.0",
        }
