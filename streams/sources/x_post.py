"""One post of the X API v2 into a Post. Fields: https://docs.x.com/x-api/fundamentals/data-dictionary."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from soundings.services.domain.accounts import AccountBook, Platform
from soundings.services.domain.posts import Post, PostKind, post_id
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import DEFAULT_INSTANCE, Malformed, language
from soundings.streams.sources.fields import (
    answers,
    as_of_then,
    content,
    count,
    flag,
    items,
    mapping,
    moment,
    needed,
    reach,
    text,
    words,
)
from soundings.streams.sources.x_page import Page

EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
"""Ids of X hold their time: milliseconds since this moment, above 22 bits of worker and sequence number."""

_NUMBER = re.compile(r"^[0-9]{1,20}$")
_PREFIX = re.compile(r"^RT @\w{1,50}: ")
_STATUS = re.compile(r"^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w{1,50})/status/([0-9]{1,20})", re.IGNORECASE)
_SITE = re.compile(r"^https?://(?:[a-z]+\.)?(?:x|twitter)\.com/", re.IGNORECASE)
_KINDS = {"retweeted": PostKind.REPOST, "replied_to": PostKind.REPLY, "quoted": PostKind.QUOTE}
_MEDIA = {"photo": "photo", "video": "video", "animated_gif": "video"}
_NO_LANGUAGE = frozenset({"und", "zxx", "qam", "qct", "qht", "qme", "qst"})
"""X's codes for texts without words: only mentions, tags, media, or nothing that can be told."""


def identifier(native: str) -> str:
    """The post id.

    Raises:
        Malformed: X's ids are numbers.
    """
    if not _NUMBER.match(native):
        raise Malformed("id is no number")
    return post_id(Platform.X, DEFAULT_INSTANCE[Platform.X], native)


def since_id(at: datetime) -> int:
    """The smallest id that a post of this moment can have."""
    return max(0, (at - EPOCH) // timedelta(milliseconds=1)) << 22


def parse_post(
    post: Mapping[str, Any], page: Page, book: AccountBook, pseudonyms: Pseudonyms, source: str, now: datetime
) -> Post:
    """The post, with the accounts that it addresses; none if what came with it does not show any.

    Raises:
        Malformed: saying why.
    """
    at = moment(post, "created_at", now)
    author = needed(post, "author_id")
    refers = _references(post)
    kind = next((_KINDS[each] for each in ("retweeted", "replied_to", "quoted") if each in refers), PostKind.ORIGINAL)
    reference = next((refers[each] for each in ("retweeted", "replied_to", "quoted") if each in refers), None)
    original = page.included.get(refers.get("retweeted", ""))
    quoted = _quoted(post, refers, page)
    own = page.account(author)
    addressed = _addressed(post, original, page) | ({quoted} if quoted else set())
    accounts = tuple(sorted(addressed - ({own.key} if own else set())))
    said, complete = _text(post, original, kind)
    metrics = mapping(post, "public_metrics") if kind is not PostKind.REPOST else {}
    referred = as_of_then(mapping(page.included.get(reference or ""), "public_metrics"), at, now)
    user = page.users.get(author)
    answered = text(post, "in_reply_to_user_id")
    thread = text(post, "conversation_id")
    return Post(
        id=identifier(needed(post, "id")),
        created_at=at,
        voice=pseudonyms.voice(Platform.X, author, at),
        text=pseudonyms.text(Platform.X, said, at),
        kind=kind,
        source=source,
        accounts=accounts,
        departments=book.departments_of([own.key] if own else accounts),
        own_account=own.key if own else None,
        reference=identifier(reference) if reference else None,
        thread=identifier(thread) if thread and _NUMBER.match(thread) else None,
        reply_to_voice=pseudonyms.voice(Platform.X, answered, at) if answered else None,
        quoted_account=quoted,
        public_author=page.public(author),
        lang=_lang(post),
        text_complete=complete,
        # This form of the address leads to the post without naming its author.
        url=f"https://x.com/i/web/status/{needed(post, 'id')}",
        media=_media(post, page),
        likes=count(metrics, "like_count"),
        reposts=count(metrics, "retweet_count"),
        replies=count(metrics, "reply_count"),
        quotes=count(metrics, "quote_count"),
        reference_likes=count(referred, "like_count"),
        reference_answers=answers(count(referred, "reply_count"), count(referred, "quote_count")),
        reach=reach(count(mapping(user, "public_metrics"), "followers_count")),
        verified=flag(user, "verified"),
    )


def _references(post: Mapping[str, Any]) -> dict[str, str]:
    """Native id by the kind of reference."""
    return {
        kind: native
        for each in items(post, "referenced_tweets")
        if (kind := text(each, "type")) in _KINDS and (native := text(each, "id")) and _NUMBER.match(native)
    }


def _addressed(post: Mapping[str, Any], original: Mapping[str, Any] | None, page: Page) -> set[str]:
    """Keys of our accounts that it names, answers or reposts."""
    said = (post, mapping(post, "note_tweet"), original, mapping(original, "note_tweet"))
    found = [page.named(name) for part in said for name in _names(part)]
    found += [page.account(text(post, "in_reply_to_user_id")), page.account(text(original, "author_id"))]
    if original is None and (prefix := _PREFIX.match(text(post, "text") or "")):
        found.append(page.named(prefix[0][4:-2]))
    return {account.key for account in found if account}


def _names(part: Mapping[str, Any] | None) -> Iterator[str]:
    for mention in items(mapping(part, "entities"), "mentions"):
        if name := text(mention, "username"):
            yield name


def _quoted(post: Mapping[str, Any], refers: Mapping[str, str], page: Page) -> str | None:
    """Key of our account whose post it quotes: by the quoted post, or by its address where that did not come along."""
    if "quoted" not in refers:
        return None
    account = page.account(text(page.included.get(refers["quoted"]), "author_id"))
    for url in items(mapping(post, "entities"), "urls"):
        link = _STATUS.match(text(url, "expanded_url") or "")
        if account is None and link and link[2] == refers["quoted"]:
            account = page.named(link[1])
    return account.key if account else None


def _text(post: Mapping[str, Any], original: Mapping[str, Any] | None, kind: PostKind) -> tuple[str, bool]:
    """The full text and whether it is full: `text` is cut at 140 characters in reposts and at 280 in long posts."""
    source = original if kind is PostKind.REPOST and original else post
    note = mapping(source, "note_tweet")
    if "text" in note:
        return _plain(content(note, "text")), True
    said = _plain(content(source, "text"))
    if kind is PostKind.REPOST and original is None:
        return _PREFIX.sub("", said, count=1), not said.endswith("…")
    return said, True


def _plain(said: str) -> str:
    """X writes three characters as HTML does."""
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _lang(post: Mapping[str, Any]) -> str | None:
    lang = text(post, "lang")
    return None if lang in _NO_LANGUAGE else language(lang)


def _media(post: Mapping[str, Any], page: Page) -> tuple[str, ...]:
    keys = words(mapping(post, "attachments"), "media_keys")
    found = {_MEDIA[page.media[key]] for key in keys if page.media.get(key) in _MEDIA}
    links = (text(url, "expanded_url") or "" for url in items(mapping(post, "entities"), "urls"))
    if any(link and not _SITE.match(link) for link in links):
        found.add("link")
    return tuple(each for each in ("photo", "video", "link") if each in found)
