"""Frames of a Jetstream, of either protocol, into posts and redactions.

The older protocol (`/subscribe`) sends `{"did", "time_us", "kind", "commit": {…}}`, the newer one
(`network.bsky.jetstream.subscribeEvents`) `{"$type": "message", "payload": {"$type": "…#commit", …}}`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from soundings.services.domain.posts import Post
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.intake.rows import EARLIEST, Malformed
from soundings.streams.sources.bluesky_post import POST, REPOST, Commit, Ours, parse_record
from soundings.streams.sources.fields import count, mapping, moment, needed, parsed, plausible, text
from soundings.streams.sources.known import Known, KnownPosts
from soundings.streams.sources.wire import Frame, Reading

GONE = frozenset({"deleted", "takendown", "suspended", "deactivated"})
"""What an inactive account is called when it is gone. Others (`throttled`, `desynchronized`) tell of slow servers."""


class BlueskyReader:
    """Reads frames; remembers what it found, so that it knows it again when it is deleted."""

    def __init__(self, ours: Ours, known: KnownPosts) -> None:
        self._ours = ours
        self._known = known

    def read(self, frame: Frame, now: datetime) -> Reading:
        event = parsed(frame.raw)
        if "payload" in event:
            event = mapping(event, "payload")
        kind = text(event, "kind") or needed(event, "$type").rpartition("#")[2]
        if kind == "info":
            return Reading(outdated=event.get("name") == "OutdatedCursor")
        stamp = _stamp(event, now)
        if kind == "commit":
            commit = mapping(event, "commit") or event
            return Reading(events=self._commit(event, commit, stamp, now), stamp=stamp)
        if kind == "account":
            return Reading(events=self._account(event, stamp), stamp=stamp)
        # Identities: we go by DIDs, which stay when a handle changes. Kinds that are new to us: not about posts.
        return Reading(stamp=stamp)

    def _commit(
        self, event: Mapping[str, Any], commit: Mapping[str, Any], stamp: datetime, now: datetime
    ) -> tuple[Post | Redaction, ...]:
        collection = commit.get("collection")
        if collection not in (POST, REPOST):
            return ()
        change = Commit(
            did=needed(event, "did"),
            collection=collection,
            rkey=needed(commit, "rkey"),
            record=mapping(commit, "record"),
            seen=stamp,
        )
        operation = commit.get("operation")
        if operation == "delete":
            return self._taken_back(change, RedactionReason.DELETED)
        if operation not in ("create", "update"):
            raise Malformed("operation is none of create, update, delete")
        redactions: tuple[Redaction, ...] = ()
        if operation == "update":
            redactions = self._taken_back(change, RedactionReason.EDITED)
            before = self._known.get(self._ours.post_id(change.uri))
            change = replace(change, first_seen=before.at if before else None)
        post = parse_record(change, self._ours, self._known, now)
        if post is None:
            return redactions
        if operation == "update":
            post = replace(post, edited_at=stamp)
        self._known.sweep(now.date())
        author = self._ours.author(change.did)
        at = post.created_at
        self._known.add(post.id, Known(day=at.date(), at=at, author=author, accounts=post.accounts))
        return (*redactions, post)

    def _account(self, event: Mapping[str, Any], stamp: datetime) -> tuple[Redaction, ...]:
        account = mapping(event, "account")
        if account.get("active") is not False or text(account, "status") not in GONE:
            return ()
        return tuple(
            self._redaction(post, RedactionReason.ACCOUNT_GONE, stamp)
            for post in self._known.by(self._ours.author(needed(event, "did")))
        )

    def _taken_back(self, change: Commit, reason: RedactionReason) -> tuple[Redaction, ...]:
        if len(self._known) == 0:
            return ()  # most deletions of a network of millions concern nothing of ours
        post = self._ours.post_id(change.uri)
        return (self._redaction(post, reason, change.seen),) if post in self._known else ()

    def _redaction(self, post: str, reason: RedactionReason, at: datetime) -> Redaction:
        return Redaction(post=post, reason=reason, at=at, source=self._ours.source)


def _stamp(event: Mapping[str, Any], now: datetime) -> datetime:
    micros = count(event, "time_us")
    if micros is not None:
        if micros < EARLIEST.timestamp() * 1e6:
            raise Malformed("time_us lies before the network")
        return plausible(datetime.fromtimestamp(micros / 1e6, UTC), "time_us", now)
    return moment(event, "witnessedAt" if "witnessedAt" in event else "time", now)
