"""A record of Bluesky, a post or a repost, into a Post: whom it addresses is told by DIDs, never by words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from soundings.services.domain.accounts import Account, AccountBook, Platform
from soundings.services.domain.posts import Post, PostKind, post_id
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import DEFAULT_INSTANCE, Malformed
from soundings.streams.sources.bluesky_text import mentioned, readable
from soundings.streams.sources.fields import mapping, moment, text, words
from soundings.streams.sources.known import KnownPosts

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"

IMPORTED = timedelta(days=1)
"""A post that claims to be older than this when the network first sees it was carried over from elsewhere."""

_URI = re.compile(r"^at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,200})/([A-Za-z0-9.-]{1,200})/([A-Za-z0-9._:~-]{1,512})$")
_LANG = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9-]{1,20})?$")
_MEDIA = {
    "app.bsky.embed.images": ("photo",),
    "app.bsky.embed.video": ("video",),
    "app.bsky.embed.external": ("link",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What the parser needs to know of us."""

    book: AccountBook
    pseudonyms: Pseudonyms
    source: str
    dids: Mapping[str, Account]
    """Our accounts by DID; another object may add to it as handles are resolved."""
    public: Mapping[str, str]
    """Keys of the public accounts by DID, likewise."""

    def post_id(self, uri: str) -> str:
        """Id of the post at the address, which holds its author's DID: a keyed hash of it."""
        native = self.pseudonyms.lasting("bluesky post", uri)
        return post_id(Platform.BLUESKY, DEFAULT_INSTANCE[Platform.BLUESKY], native)

    def author(self, did: str) -> str:
        return self.pseudonyms.lasting("bluesky author", did)

    def handle(self, did: str) -> str | None:
        """How the account is named in texts, None for members of the public."""
        if account := self.dids.get(did):
            return account.handle
        return self.public[did].partition(":")[2] if did in self.public else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What was done to one record of a repository."""

    did: str
    collection: str
    rkey: str
    record: Mapping[str, Any]
    seen: datetime
    """When the network saw it."""
    first_seen: datetime | None = None
    """Of a record that was changed: when we first saw it. The post keeps its time, its month and its voice."""

    @property
    def uri(self) -> str:
        return f"at://{self.did}/{self.collection}/{self.rkey}"


def parse_record(commit: Commit, ours: Ours, known: KnownPosts, now: datetime) -> Post | None:
    """The post, None where it neither addresses us nor is ours.

    Raises:
        Malformed: it is for us and cannot be read.
    """
    record = commit.record
    reposted = _uri(record, "subject") if commit.collection == REPOST else None
    parent, root = _uri(mapping(record, "reply"), "parent"), _uri(mapping(record, "reply"), "root")
    quoted = _quoted(record)
    own = ours.dids.get(commit.did)
    addressed = {ours.dids[did].key for did in mentioned(record) if did in ours.dids}
    addressed |= {ours.dids[_did(uri)].key for uri in (parent, root, quoted, reposted) if _did(uri) in ours.dids}
    if reposted and (before := known.get(ours.post_id(reposted))):
        addressed |= {key for key in before.accounts if ours.book.account(key)}
    if own is None and not addressed:
        return None
    if commit.collection == REPOST and reposted is None:
        raise Malformed("subject is missing")
    accounts = tuple(sorted(addressed - ({own.key} if own else set())))
    at = _when(commit, now)
    reference = parent or quoted or reposted
    return Post(
        id=ours.post_id(commit.uri),
        created_at=at,
        voice=ours.pseudonyms.voice(Platform.BLUESKY, commit.did, at),
        # A repost brings no text; intake puts the original's in its place if it knows it.
        text="" if reposted else readable(record, ours.handle, ours.pseudonyms, at),
        kind=_kind(parent, quoted, reposted),
        source=ours.source,
        accounts=accounts,
        departments=ours.book.departments_of([own.key] if own else accounts),
        own_account=own.key if own else None,
        reference=ours.post_id(reference) if reference else None,
        thread=ours.post_id(root) if root else None,
        reply_to_voice=ours.pseudonyms.voice(Platform.BLUESKY, _did(parent), at) if parent else None,
        quoted_account=ours.dids[_did(quoted)].key if _did(quoted) in ours.dids else None,
        public_author=ours.public.get(commit.did),
        lang=next((lang for lang in words(record, "langs") if _LANG.match(lang)), None),
        text_complete=reposted is None,
        url=f"https://bsky.app/profile/{commit.did}/post/{commit.rkey}" if not reposted else None,
        media=_media(mapping(record, "embed")),
    )


def _when(commit: Commit, now: datetime) -> datetime:
    """When the network saw it: what the author's app claims can be anything, and ticks go by what was seen."""
    if commit.first_seen is not None:
        return commit.first_seen
    try:
        claimed = moment(commit.record, "createdAt", now)
    except Malformed:
        return commit.seen
    return claimed if claimed < commit.seen - IMPORTED else commit.seen


def _kind(parent: str | None, quoted: str | None, reposted: str | None) -> PostKind:
    if reposted:
        return PostKind.REPOST
    if parent:
        return PostKind.REPLY
    return PostKind.QUOTE if quoted else PostKind.ORIGINAL


def _quoted(record: Mapping[str, Any]) -> str | None:
    embed = mapping(record, "embed")
    kind = embed.get("$type")
    if kind == "app.bsky.embed.record":
        return _uri(embed, "record")
    if kind == "app.bsky.embed.recordWithMedia":
        return _uri(mapping(embed, "record"), "record")
    return None


def _media(embed: Mapping[str, Any]) -> tuple[str, ...]:
    inner = mapping(embed, "media") or embed
    kind = inner.get("$type")
    return _MEDIA.get(kind, ()) if isinstance(kind, str) else ()


def _uri(value: Mapping[str, Any], field: str) -> str | None:
    """The address of a post in the reference, None for anything else (a list, a feed)."""
    found = _URI.match(text(mapping(value, field), "uri") or "")
    return found[0] if found and found[2] == POST else None


def _did(uri: str | None) -> str:
    return uri.split("/")[2] if uri else ""
