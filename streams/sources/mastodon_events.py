"""Events of Mastodon's streams, and pages of its REST API, into posts and redactions.

https://docs.joinmastodon.org/methods/streaming/#events
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.intake.rows import Malformed
from soundings.streams.sources.fields import mapping, moment, needed, parsed, text
from soundings.streams.sources.known import Known, KnownPosts
from soundings.streams.sources.mastodon_post import Home, parse_status
from soundings.streams.sources.wire import Frame, Problem, Reading

PAGE = "page of "
"""Frames of the REST API: the kind of what is in the list follows."""

QUIET = frozenset(
    {"filters_changed", "conversation", "announcement", "announcement.reaction", "announcement.delete"}
    | {"encrypted_message", "notifications_merged"}
)
"""Events that are about no public post."""

_TELLING = frozenset({"mention", "status", "quote", "update"})
"""Kinds of notification whose status says something to us; `reblog` is read on its own."""


class MastodonReader:
    """Reads events; remembers what it found, so that it knows it again when it is deleted."""

    def __init__(self, home: Home, known: KnownPosts) -> None:
        self._home = home
        self._known = known

    def read(self, frame: Frame, now: datetime) -> Reading:
        if frame.kind.startswith(PAGE):
            kind = frame.kind.removeprefix(PAGE)
            return Reading(events=tuple(self._page(frame.raw, kind, now)))
        if frame.kind == "delete":
            return Reading(events=self._deleted(frame.raw, now))
        if frame.kind in QUIET:
            return Reading()
        if not frame.kind:
            raise Malformed("an event without a name")
        return Reading(events=tuple(self._event(frame.kind, parsed(frame.raw), now)))

    def _page(self, raw: bytes, kind: str, now: datetime) -> Iterator[Post | Redaction | Problem]:
        try:
            listed = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise Malformed(f"not JSON (column {error.colno})") from None
        if not isinstance(listed, list):
            raise Malformed("not a JSON list")
        for item in listed:
            try:
                if not isinstance(item, dict):
                    raise Malformed("not a JSON object")
                yield from self._event(kind, item, now)
            except Malformed as problem:
                yield Problem(why=str(problem), raw=orjson.dumps(item))

    def _event(self, kind: str, content: Mapping[str, Any], now: datetime) -> Sequence[Post | Redaction]:
        if kind == "notification":
            return self._notification(content, now)
        if kind == "status.update":
            return self._status(content, now, edited=True)
        if kind == "update":
            return self._status(content, now, edited=False)
        return ()  # a kind that is new to us

    def _notification(self, content: Mapping[str, Any], now: datetime) -> Sequence[Post | Redaction]:
        kind, status = text(content, "type"), mapping(content, "status")
        if kind == "reblog":
            boost = self._boost(content, status, now)
            return (boost,) if boost else ()
        if kind not in _TELLING:
            return ()
        if not status:
            raise Malformed("status is missing")
        return self._status(status, now, edited=kind == "update")

    def _status(self, status: Mapping[str, Any], now: datetime, *, edited: bool) -> Sequence[Post | Redaction]:
        post = parse_status(status, self._home, now)
        identifier = self._home.identifier(needed(status, "id"))
        redactions: tuple[Redaction, ...] = ()
        # A list that is fetched after a disconnection shows edits of which no event told.
        edited_at = moment(status, "edited_at", now) if text(status, "edited_at") else now if edited else None
        if edited_at is not None and identifier in self._known:
            redactions = (self._redaction(identifier, RedactionReason.EDITED, edited_at),)
        if post is None:
            return redactions
        post = replace(post, edited_at=edited_at)
        self._remember(post, text(mapping(status, "account"), "acct") or "", now)
        return (*redactions, post)

    def _boost(self, content: Mapping[str, Any], status: Mapping[str, Any], now: datetime) -> Post | None:
        """A boost of ours: the notification tells who and when, but not the boost's own id."""
        acct = text(mapping(content, "account"), "acct")
        if acct is None:
            raise Malformed("account is missing")
        # The status as if it came with the boost: the same rules say whom it addresses and what may be read.
        shown = {
            "id": f"boost-{needed(content, 'id')}",
            "created_at": content.get("created_at"),
            "visibility": "public",
            "account": content.get("account"),
            "reblog": status,
            "language": status.get("language"),
        }
        post = parse_status(shown, self._home, now)
        if post is None or post.kind is not PostKind.REPOST:
            return None
        self._remember(post, acct, now)
        return replace(post, url=None)

    def _deleted(self, raw: bytes, now: datetime) -> tuple[Redaction, ...]:
        native = raw.decode("utf-8", "replace").strip().strip('"')
        post = self._home.identifier(native)
        return (self._redaction(post, RedactionReason.DELETED, now),) if post in self._known else ()

    def _remember(self, post: Post, acct: str, now: datetime) -> None:
        self._known.sweep(now.date())
        author = self._home.pseudonyms.lasting("mastodon author", self._home.full(acct))
        self._known.add(post.id, Known(day=post.created_at.date(), author=author, accounts=()))

    def _redaction(self, post: str, reason: RedactionReason, at: datetime) -> Redaction:
        return Redaction(post=post, reason=reason, at=at, source=self._home.source)
