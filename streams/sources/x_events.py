"""Payloads of X, a message of a stream or a page of a search, into posts and redactions."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from soundings.services.domain.accounts import Account, AccountBook, Platform
from soundings.services.domain.posts import Post
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import Malformed
from soundings.streams.sources.fields import parsed, text, words
from soundings.streams.sources.known import Known, KnownPosts
from soundings.streams.sources.wire import Frame, Problem, Reading
from soundings.streams.sources.x_compliance import Taken, parse_batch_line, parse_event, withheld_here
from soundings.streams.sources.x_page import Page
from soundings.streams.sources.x_post import identifier, parse_post

COMPLIANCE = "compliance"
"""Kind of frames that came from a compliance stream."""

BATCH = "batch compliance"
"""Kind of frames that are lines of a batch compliance job's result."""


class XReader:
    """Reads payloads; remembers what it found, so that it knows it again when it is taken back."""

    def __init__(
        self, book: AccountBook, pseudonyms: Pseudonyms, known: KnownPosts, source: str, country: str = "GB"
    ) -> None:
        self._book = book
        self._pseudonyms = pseudonyms
        self._known = known
        self._source = source
        self._country = country
        accounts = (account for department in book.departments for account in department.accounts)
        self._by_id: dict[str, Account] = {
            account.native_id: account for account in accounts if account.platform is Platform.X and account.native_id
        }

    def read(self, frame: Frame, now: datetime) -> Reading:
        payload = parsed(frame.raw)
        if frame.kind == COMPLIANCE:
            taken = parse_event(payload, self._country, now)
            return Reading(events=tuple(self._redactions(taken)) if taken else ())
        if frame.kind == BATCH:
            taken = parse_batch_line(payload, users=False, now=now)
            return Reading(events=tuple(self._redactions(taken)) if taken else ())
        page = Page(payload, self._book, self._by_id)
        if not page.posts and not {"meta", "errors"} & payload.keys():
            raise Malformed("neither data nor meta nor errors")
        events: list[Post | Redaction | Problem] = []
        for post in page.posts:
            try:
                events += self._post(post, page, now)
            except Malformed as problem:
                events.append(Problem(why=str(problem), raw=orjson.dumps(post)))
        return Reading(events=tuple(events))

    def _post(self, post: Mapping[str, Any], page: Page, now: datetime) -> Iterable[Post | Redaction]:
        author = page.users.get(text(post, "author_id") or "", {})
        if withheld_here(post, self._country) or withheld_here(author, self._country):
            native = text(post, "id")
            return self._redactions(Taken(reason=RedactionReason.WITHHELD, at=now, post=native)) if native else ()
        found = parse_post(post, page, self._book, self._pseudonyms, self._source, now)
        versions = words(post, "edit_history_tweet_ids")
        native = text(post, "id") or ""
        newest = max(versions, key=_number, default=native)
        edits = [
            redaction
            for version in versions
            if version != newest
            for redaction in self._redactions(
                Taken(reason=RedactionReason.EDITED, at=found.created_at, post=version, replaced_by=newest)
            )
        ]
        if newest != native:
            return edits  # an older version; the newer one comes by itself
        first = min(versions, key=_number, default=native)
        if first != native:
            found = replace(found, edited_at=found.created_at, version_of=identifier(first))
        if found.departments:
            self._known.sweep(now.date())
            known = Known(day=found.created_at.date(), author=self._author(text(post, "author_id")), accounts=())
            self._known.add(found.id, known)
        return [*edits, found]

    def _redactions(self, taken: Taken) -> list[Redaction]:
        """Only of what we have: the streams tell of everything on the platform."""
        found = self._known.by(self._author(taken.user)) if taken.user else []
        if taken.post:
            post = identifier(taken.post)
            found = [post] if post in self._known else []
        replaced_by = identifier(taken.replaced_by) if taken.replaced_by else None
        return [
            Redaction(post=post, reason=taken.reason, at=taken.at, source=self._source, replaced_by=replaced_by)
            for post in found
        ]

    def _author(self, user: str | None) -> str:
        return self._pseudonyms.lasting("x author", user or "")


def _number(native: str) -> int:
    return int(native) if native.isascii() and native.isdigit() else 0
