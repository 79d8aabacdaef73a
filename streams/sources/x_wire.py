"""The connection to X: rules kept in step, the stream, the filling of what was missed, the compliance streams."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import requests
import tweepy

from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.posts import native_id
from soundings.services.settings import XSettings
from soundings.streams.sources.connection import Connection
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.source import Gap
from soundings.streams.sources.tokens import token
from soundings.streams.sources.wire import Put, Up, WireLost, WireRefused, WireStopped
from soundings.streams.sources.x_batch import BatchCompliance
from soundings.streams.sources.x_compliance_stream import ComplianceStreams
from soundings.streams.sources.x_fill import Fill
from soundings.streams.sources.x_rules import Rule, changed, handles, packed, wanted_rules
from soundings.streams.sources.x_stream import FilteredStream, refusal


class XWire:
    def __init__(self, settings: XSettings, book: AccountBook, known: KnownPosts) -> None:
        self._known = known
        self._settings = settings
        self._bearer = token(settings.bearer_token, "SOUNDINGS_X__BEARER_TOKEN", settings.url, "SOUNDINGS_X__URL")
        self._wanted = wanted_rules(book, longest=settings.rule_length, most=settings.rules)
        self._queries = packed(handles(book), settings.query_length)
        self._connection: Connection | None = None
        self._stream: FilteredStream | None = None
        self._gone = threading.Event()
        self._complying = False

    def run(self, since: datetime | None, put: Put) -> None:
        connection = self._connection = Connection(put)
        stream = self._stream = FilteredStream(
            self._bearer, self._settings.url, put, lambda: self._connected(since, put, connection)
        )
        if self._gone.is_set():
            raise WireStopped
        try:
            self._keep_rules(stream)
            stream.listen(self._backfill(since))
        finally:
            connection.end()
            stream.session.close()

    def stop(self) -> None:
        self._gone.set()
        if self._connection is not None:
            self._connection.over.set()
        if self._stream is not None:
            self._stream.disconnect()

    def _connected(self, since: datetime | None, put: Put, connection: Connection) -> None:
        fills = since is not None and self._settings.search
        put(Up(filling=fills))
        if self._settings.compliance and not self._complying:
            # Once: these keep themselves, whatever becomes of the stream of posts.
            self._complying = True
            ComplianceStreams(self._bearer, self._settings.url, put, self._gone).start()
        elif self._settings.compliance_hours and not self._complying:
            self._complying = True
            every = self._settings.compliance_hours * 3600.0
            BatchCompliance(self._bearer, self._settings.url, self._ids, put, self._gone, every).start()
        if since is None:
            return
        if fills:
            fill = Fill(self._bearer, self._settings.url, self._queries, connection.put, connection.over)
            connection.fill(partial(fill.run, since), "x fill")
        elif datetime.now(UTC) - since > timedelta(minutes=self._settings.backfill_minutes):
            put(Gap(begin=since, end=datetime.now(UTC), why="recent search is switched off"))

    def _ids(self) -> list[str]:
        return [native_id(post) for post in self._known.ids()]

    def _backfill(self, since: datetime | None) -> int:
        return self._settings.backfill_minutes if since is not None else 0

    def _keep_rules(self, stream: FilteredStream) -> None:
        try:
            answer = stream.get_rules()
            change = changed(self._wanted, _rules(answer))
            if change.delete and len(change.add) + len(_rules(answer)) > self._settings.rules:
                stream.delete_rules([rule.id for rule in change.delete])
            if change.add:
                _check(stream.add_rules([tweepy.StreamRule(value=rule.value, tag=rule.tag) for rule in change.add]))
            if change.delete:
                stream.delete_rules([rule.id for rule in change.delete])
        except tweepy.HTTPException as error:
            headers = {name.lower(): value for name, value in error.response.headers.items()}
            raise refusal(error.response.status_code, headers) from None
        except requests.RequestException as error:
            raise WireLost(type(error).__name__) from None


def _rules(answer: Any) -> list[Rule]:
    listed = answer.get("data") if isinstance(answer, dict) else None
    return [
        Rule(value=each["value"], id=str(each["id"]), tag=str(each.get("tag", "")))
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and isinstance(each.get("value"), str) and "id" in each
    ]


def _check(answer: Any) -> None:
    errors = answer.get("errors") if isinstance(answer, dict) else None
    titles = {str(each.get("title", "")) for each in errors or [] if isinstance(each, dict)}
    if titles - {"DuplicateRule"}:
        raise WireRefused(
            f"X does not take the rules ({', '.join(sorted(titles))}): "
            "look at SOUNDINGS_X__RULES, SOUNDINGS_X__RULE_LENGTH and the plan"
        )
