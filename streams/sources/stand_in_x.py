"""The X API v2 on this machine, for tests: rules, filtered stream, recent search, compliance streams, limits."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from soundings.streams.sources.stand_in_http import Broadcast, Exchange, serving

PAGE = 3
"""Posts a page of search: few, so that paging is tried."""


class XStandIn:
    """Every post matches every rule: matching is X's business, not ours."""

    def __init__(self, *, keep_alive: float = 0.2) -> None:
        self._keep_alive = keep_alive
        self._stream = Broadcast()
        self._compliance = Broadcast()
        self._posts: list[tuple[int, dict[str, Any]]] = []
        self.rules: list[dict[str, str]] = []
        self.connections = 0
        self.searches = 0
        self.backfills: list[str] = []
        """`backfill_minutes` of each connection."""
        self.refuse: list[tuple[int, dict[str, str]]] = []
        """Answers (status, headers) to give instead of streams and searches, one each, the first one first."""
        self.refusing = False
        self._address = ""
        self.gone: set[str] = set()
        """Ids of posts that were deleted, for batch compliance."""
        self.asked_about: list[str] = []
        self.accounts: dict[str, str] = {}
        """Name to user id, for who looks them up."""
        self.searchable = True
        """Whether the plan has recent search."""

    @contextmanager
    def running(self) -> Iterator[str]:
        with serving(self._serve) as address:
            self._address = address
            try:
                yield address
            finally:
                self._stream.cut()
                self._compliance.cut()

    def add(self, payload: dict[str, Any], *, streamed: bool = True) -> None:
        """A post as the stream sends it; search finds it from now on."""
        self._posts.append((int(payload["data"]["id"]), payload))
        if streamed:
            self.send_raw(json.dumps(payload).encode())

    def send_raw(self, line: bytes) -> None:
        self._stream.send(line + b"\r\n")

    def comply(self, event: dict[str, Any]) -> None:
        self._compliance.send(json.dumps({"data": event}).encode() + b"\r\n")

    def cut(self) -> None:
        self._stream.cut()

    def _serve(self, exchange: Exchange) -> None:
        if exchange.path.startswith("/storage/"):
            return self._store(exchange)
        if not exchange.authorised:
            return exchange.answer(401, {"title": "Unauthorized", "status": 401})
        if exchange.path == "/2/tweets/search/stream/rules":
            return self._change_rules(exchange)
        if self.refusing:
            return exchange.answer(503, {"title": "Service Unavailable"})
        if self.refuse:
            status, headers = self.refuse.pop(0)
            return exchange.answer(status, {"title": "refused"}, headers)
        if exchange.path == "/2/tweets/search/stream":
            self.connections += 1
            self.backfills.append(exchange.query.get("backfill_minutes", ""))
            return self._send(exchange, self._stream)
        if exchange.path == "/2/tweets/search/recent":
            return self._search(exchange)
        if exchange.path == "/2/users/by":
            names = exchange.query.get("usernames", "").split(",")
            users = [{"id": self.accounts[name], "username": name} for name in names if name in self.accounts]
            return exchange.answer(200, {"data": users} if users else {"errors": [{"title": "Not Found Error"}]})
        if exchange.path.startswith("/2/compliance/jobs"):
            storage = f"{self._address}/storage"
            job = {"id": "7", "status": "complete", "upload_url": f"{storage}/up", "download_url": f"{storage}/down"}
            return exchange.answer(200, {"data": job})
        if exchange.path.endswith("/compliance/stream"):
            return self._send(exchange, self._compliance)
        return exchange.answer(404, {"title": "Not Found"})

    def _store(self, exchange: Exchange) -> None:
        """The storage service of batch compliance, which is not X's."""
        if exchange.has_token:
            return exchange.answer(400, {"error": "a token that is not for us"})
        if exchange.method == "PUT":
            self.asked_about = exchange.body.decode().split()
            return exchange.answer(200, {})
        lines = [
            {"id": each, "action": "delete", "reason": "deleted"} for each in self.asked_about if each in self.gone
        ]
        return exchange.answer(200, "\n".join(json.dumps(line) for line in lines).encode())

    def _send(self, exchange: Exchange, messages: Broadcast) -> None:
        following = messages.follow(b"\r\n", self._keep_alive)
        exchange.begin("application/json")
        for message in following:
            half = len(message) // 2
            # In two pieces, as long lines come over a real network.
            for piece in (message[:half], message[half:]):
                if piece:
                    exchange.chunk(piece)

    def _search(self, exchange: Exchange) -> None:
        self.searches += 1
        if not self.searchable:
            return exchange.answer(403, {"title": "Forbidden"})
        after = int(exchange.query["since_id"])
        found = sorted((each for each in self._posts if each[0] > after), key=lambda each: -each[0])
        begin = int(exchange.query.get("next_token", "0"))
        page = [payload for _, payload in found[begin : begin + PAGE]]
        meta: dict[str, Any] = {"result_count": len(page)}
        if begin + PAGE < len(found):
            meta["next_token"] = str(begin + PAGE)
        includes: dict[str, list[Any]] = {}
        for payload in page:
            for kind, items in payload.get("includes", {}).items():
                includes.setdefault(kind, []).extend(items)
        answer: dict[str, Any] = {"meta": meta}
        if page:
            answer |= {"data": [payload["data"] for payload in page], "includes": includes}
        exchange.answer(200, answer)

    def _change_rules(self, exchange: Exchange) -> None:
        if exchange.method == "POST":
            asked = json.loads(exchange.body)
            gone = set(asked.get("delete", {}).get("ids", ()))
            self.rules = [rule for rule in self.rules if rule["id"] not in gone]
            for rule in asked.get("add", ()):
                self.rules.append({**rule, "id": str(1000 + len(self.rules))})
        exchange.answer(200, {"data": self.rules, "meta": {}} if self.rules else {"meta": {}})
