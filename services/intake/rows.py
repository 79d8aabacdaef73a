"""One row of an archive into a Post: parsing and validation, once, at the edge."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from soundings.services.domain.accounts import AccountBook, Platform, account_key
from soundings.services.domain.posts import Post, PostKind, post_id
from soundings.services.intake.pseudonyms import Pseudonyms

MAX_TEXT = 100_000
"""Characters. X allows 25,000, a Mastodon instance may allow more; beyond this it is not a post but an attack."""

EARLIEST = datetime(2006, 1, 1, tzinfo=UTC)
"""Before the first public post of any of the platforms."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far a platform's clock may be ahead of ours."""

DEFAULT_INSTANCE = {Platform.X: "x.com", Platform.BLUESKY: "bsky.network", Platform.MASTODON: "mastodon.social"}

KINDS = {
    "original": PostKind.ORIGINAL,
    "reply": PostKind.REPLY,
    "retweet": PostKind.REPOST,
    "repost": PostKind.REPOST,
    "quote": PostKind.QUOTE,
}

MEDIA = frozenset({"photo", "video", "audio", "link"})

_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_REPOST_PREFIX = re.compile(r"^RT @[\w.@-]+: ")
_ID = re.compile(r"[\w.:/~%-]{1,200}", re.ASCII)
_HOST = re.compile(r"[\w.-]{1,253}", re.ASCII)  # no colon: it parts the fields of a post id
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("|".join(_ENTITIES))


class Malformed(Exception):
    """The row is no post. The message says why and never quotes it."""


def parse_row(raw: bytes, book: AccountBook, pseudonyms: Pseudonyms, source: str, now: datetime) -> Post:
    """The post of one line, pseudonymised, with the departments that it addresses.

    Unknown fields are passed over: they may hold what must not be kept.

    Raises:
        Malformed: saying why.
    """
    row = _object(raw)
    platform = _platform(row)
    instance = _instance(row, platform)
    at = _time(row, now)
    kind = _kind(row)
    text = _text(row)
    own = _own_account(row, platform, book)
    accounts = tuple(sorted({key for key in _accounts(row, platform) if book.account(key)}))
    author = _required(row, "author")
    handle = _optional_text(row, "author_handle")
    author_key = account_key(platform, handle) if handle else None
    reply_to = _optional_text(row, "reply_to_author")
    if platform is Platform.X:
        text = _unescaped(text)
    if kind is PostKind.REPOST:
        text = _REPOST_PREFIX.sub("", text, count=1)
    return Post(
        id=post_id(platform, instance, _identifier(row, "id")),
        created_at=at,
        voice=pseudonyms.voice(platform, author, at),
        text=pseudonyms.text(platform, text, at),
        kind=kind,
        source=source,
        accounts=accounts,
        departments=book.departments_of([own] if own else accounts),
        own_account=own,
        reference=_reference(row, "ref_id", platform, instance),
        thread=_reference(row, "conversation_id", platform, instance),
        reply_to_voice=pseudonyms.voice(platform, reply_to, at) if reply_to else None,
        quoted_account=_quoted(row, platform, book),
        public_author=author_key if author_key in book.public_accounts else None,
        lang=language(_optional_text(row, "lang")),
        text_complete=row.get("text_full") is not False,
        url=_optional_text(row, "url"),
        media=tuple(item for item in _list(row, "media") if isinstance(item, str) and item in MEDIA),
        likes=_count(row, "likes"),
        reposts=_count(row, "reposts"),
        replies=_count(row, "replies"),
        quotes=_count(row, "quotes"),
        reference_likes=_count(row, "ref_likes"),
        reference_answers=_count(row, "ref_answers"),
        reach=_reach(row),
        verified=row["verified"] if isinstance(row.get("verified"), bool) else None,
    )


def language(told: str | None) -> str | None:
    """A language's tag (BCP 47), None for whatever else a source says there: it is indexed, and could name somebody."""
    return told if told and _LANG.fullmatch(told) else None


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None
        # The parser's message can quote the text; its position cannot.
        raise Malformed(f"not JSON (column {error.colno})") from None
    if not isinstance(row, dict):
        raise Malformed("not a JSON object")
    return row


def _platform(row: Mapping[str, Any]) -> Platform:
    value = row.get("platform") or "x"
    if value not in list(Platform):
        raise Malformed("platform is none of " + ", ".join(Platform))
    return Platform(value)


def _instance(row: Mapping[str, Any], platform: Platform) -> str:
    value = _optional_text(row, "instance") or DEFAULT_INSTANCE[platform]
    if not _HOST.fullmatch(value):
        raise Malformed("instance is no host name")
    return value


def _time(row: Mapping[str, Any], now: datetime) -> datetime:
    value = row.get("created_at")
    if not value:
        raise Malformed("created_at is missing")
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Malformed("created_at is not an ISO 8601 time") from None
    if at.tzinfo is None:
        raise Malformed("created_at has no time zone")
    try:
        at = at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Malformed("created_at is out of range") from None
    if at > now + CLOCK_SKEW:
        raise Malformed("created_at lies in the future")
    if at < EARLIEST:
        raise Malformed(f"created_at lies before {EARLIEST.year}")
    return at


def _kind(row: Mapping[str, Any]) -> PostKind:
    value = row.get("kind", "original")
    kind = KINDS.get(value) if isinstance(value, str) else None
    if kind is None:
        raise Malformed("kind is none of " + ", ".join(KINDS))
    return kind


def _text(row: Mapping[str, Any]) -> str:
    value = row.get("text")
    if not isinstance(value, str):
        raise Malformed("text is missing")
    if len(value) > MAX_TEXT:
        raise Malformed(f"text is longer than {MAX_TEXT} characters")
    return value


def _unescaped(text: str) -> str:
    """X writes these three characters as entities, and only these; each is read once (`&amp;lt;` is `&lt;`)."""
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], text) if "&" in text else text


def _own_account(row: Mapping[str, Any], platform: Platform, book: AccountBook) -> str | None:
    handle = _optional_text(row, "own_account")
    key = account_key(platform, handle) if handle else None
    return key if key and book.account(key) else None


def _accounts(row: Mapping[str, Any], platform: Platform) -> list[str]:
    return [account_key(platform, item) for item in _list(row, "accounts") if isinstance(item, str)]


def _quoted(row: Mapping[str, Any], platform: Platform, book: AccountBook) -> str | None:
    handle = _optional_text(row, "quoted_account")
    key = account_key(platform, handle) if handle else None
    return key if key and book.account(key) else None


def _identifier(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise Malformed(f"{field} is missing or no identifier")
    return text


def _reference(row: Mapping[str, Any], field: str, platform: Platform, instance: str) -> str | None:
    return post_id(platform, instance, _identifier(row, field)) if row.get(field) is not None else None


def _required(row: Mapping[str, Any], field: str) -> str:
    value = _optional_text(row, field)
    if not value:
        raise Malformed(f"{field} is missing")
    return value


def _optional_text(row: Mapping[str, Any], field: str) -> str | None:
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Malformed(f"{field} is not text")
    return value[:2000]


def _list(row: Mapping[str, Any], field: str) -> list[Any]:
    value = row.get(field) or []
    if not isinstance(value, list):
        raise Malformed(f"{field} is not a list")
    return value[:200]


def _count(row: Mapping[str, Any], field: str) -> int | None:
    value = row.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None


def _reach(row: Mapping[str, Any]) -> int | None:
    followers = _count(row, "followers")
    return None if followers is None else len(str(followers + 1)) - 1
