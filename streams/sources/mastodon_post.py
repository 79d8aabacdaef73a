"""A status of Mastodon's API into a Post (https://docs.joinmastodon.org/entities/Status/)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from soundings.services.domain.accounts import Account, AccountBook, Platform, account_key
from soundings.services.domain.posts import Post, PostKind, post_id
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import Malformed, language
from soundings.streams.sources.fields import (
    answers,
    as_of_then,
    content,
    count,
    items,
    mapping,
    moment,
    needed,
    reach,
    text,
)
from soundings.streams.sources.html_text import plain

PUBLIC = frozenset({"public", "unlisted"})
"""What anybody may read. Posts to followers and direct messages to an account are nobody's business but its own."""

_NUMBER = re.compile(r"^[A-Za-z0-9-]{1,64}$")
_MEDIA = {"image": "photo", "gifv": "video", "video": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Our accounts, as they are called on the instance that we listen to."""

    book: AccountBook
    pseudonyms: Pseudonyms
    source: str
    host: str
    """The instance's name: ids and local names are its own."""

    def identifier(self, native: str) -> str:
        if not _NUMBER.match(native):
            raise Malformed("id is no identifier")
        return post_id(Platform.MASTODON, self.host, native)

    def full(self, acct: str) -> str:
        """`name` → `name@host`, in lower case."""
        acct = acct.lstrip("@").casefold()
        return acct if "@" in acct else f"{acct}@{self.host}"

    def ours(self, acct: str | None) -> Account | None:
        """Our account of that name, which may be configured with or without its instance."""
        if not acct:
            return None
        name, _, host = self.full(acct).partition("@")
        whole = self.book.account(account_key(Platform.MASTODON, f"{name}@{host}"))
        if whole is not None:
            return whole
        short = self.book.account(account_key(Platform.MASTODON, name))
        return short if short is not None and (short.instance.casefold() or self.host) == host else None

    def public(self, acct: str | None) -> str | None:
        key = account_key(Platform.MASTODON, self.full(acct)) if acct else None
        return key if key in self.book.public_accounts else None


def parse_status(status: Mapping[str, Any], home: Home, now: datetime) -> Post | None:
    """The post; None if it is not public, or neither addresses us nor is ours.

    Raises:
        Malformed: it is for us and cannot be read.
    """
    if text(status, "visibility") not in PUBLIC:
        return None
    acct = text(mapping(status, "account"), "acct")
    own = home.ours(acct)
    boosted, quoted = mapping(status, "reblog"), mapping(mapping(status, "quote"), "quoted_status")
    if boosted and text(boosted, "visibility") not in PUBLIC:
        return None
    addressed = {account.key for part in (status, boosted) for account in _mentioned(part, home)}
    for other in (boosted, quoted):
        if account := home.ours(text(mapping(other, "account"), "acct")):
            addressed.add(account.key)
    if own is None and not addressed:
        return None
    if acct is None:
        raise Malformed("account is missing")
    at = moment(status, "created_at", now)
    accounts = tuple(sorted(addressed - ({own.key} if own else set())))
    answered = text(status, "in_reply_to_id")
    reference = text(boosted, "id") or answered or text(quoted, "id")
    quoted_account = home.ours(text(mapping(quoted, "account"), "acct"))
    answered_account = text(status, "in_reply_to_account_id")
    # The API gives an answer without the post that it answers.
    referred = as_of_then(boosted or (quoted if not answered else {}), at, now)
    said = boosted or status
    return Post(
        id=home.identifier(needed(status, "id")),
        created_at=at,
        voice=home.pseudonyms.voice(Platform.MASTODON, home.full(acct), at),
        text=home.pseudonyms.text(Platform.MASTODON, _text(said, home), at),
        kind=_kind(boosted, answered, quoted),
        source=home.source,
        accounts=accounts,
        departments=home.book.departments_of([own.key] if own else accounts),
        own_account=own.key if own else None,
        reference=home.identifier(reference) if reference else None,
        reply_to_voice=_answered_voice(status, answered_account, home, at),
        quoted_account=quoted_account.key if quoted_account else None,
        public_author=home.public(acct),
        lang=language(text(status, "language")),
        url=text(status, "url") or text(status, "uri"),
        media=_media(said),
        likes=None if boosted else count(status, "favourites_count"),
        reposts=None if boosted else count(status, "reblogs_count"),
        replies=None if boosted else count(status, "replies_count"),
        quotes=None if boosted else count(status, "quotes_count"),
        reference_likes=count(referred, "favourites_count"),
        reference_answers=answers(count(referred, "replies_count"), count(referred, "quotes_count")),
        edited_at=moment(status, "edited_at", now) if text(status, "edited_at") and not boosted else None,
        reach=reach(count(mapping(status, "account"), "followers_count")),
    )


def _kind(boosted: Mapping[str, Any], answered: str | None, quoted: Mapping[str, Any]) -> PostKind:
    if boosted:
        return PostKind.REPOST
    if answered:
        return PostKind.REPLY
    return PostKind.QUOTE if quoted else PostKind.ORIGINAL


def _mentioned(status: Mapping[str, Any], home: Home) -> list[Account]:
    names = (text(mention, "acct") for mention in items(status, "mentions"))
    return [account for name in names if (account := home.ours(name))]


def _answered_voice(status: Mapping[str, Any], account: str | None, home: Home, at: datetime) -> str | None:
    """Whom it answers: the API gives a local id, and the name only if the post mentions them too."""
    if account is None:
        return None
    for mention in items(status, "mentions"):
        acct = text(mention, "acct")
        if acct and text(mention, "id") == account:
            return home.pseudonyms.voice(Platform.MASTODON, home.full(acct), at)
    return None


def _text(status: Mapping[str, Any], home: Home) -> str:
    named = {
        url: f"@{account.handle}" if (account := home.ours(acct)) else f"@{home.full(acct)}"
        for mention in items(status, "mentions")
        if (url := text(mention, "url")) and (acct := text(mention, "acct"))
    }
    body = plain(content(status, "content"), named.get)
    warning = text(status, "spoiler_text")
    return f"{warning}\n\n{body}" if warning else body


def _media(status: Mapping[str, Any]) -> tuple[str, ...]:
    found = {_MEDIA[kind] for item in items(status, "media_attachments") if (kind := text(item, "type")) in _MEDIA}
    if mapping(status, "card"):
        found.add("link")
    return tuple(each for each in ("photo", "video", "audio", "link") if each in found)
