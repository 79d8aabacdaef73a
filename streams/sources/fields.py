"""Careful reading of a platform's JSON: what has another form than documented is as if it were not there.

A field that must be there is asked for with `needed`, which says what is missing and never quotes a value.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from soundings.services.intake.rows import CLOCK_SKEW, EARLIEST, MAX_TEXT, Malformed

LONGEST_NAME = 2000
"""Characters of any string that is not the text of a post: addresses are the longest."""

LONGEST_LIST = 2000
"""Items read of a list: a page of X has at most 500 posts, and thousands of included users."""

NOTHING: Mapping[str, Any] = {}

AT_THAT_MOMENT = timedelta(minutes=30)
"""How long after a post it may be delivered for counts that come with it to be those of its time: the shortest window
of a decision. What is fetched later, to fill a gap or for an archive, shows what became of a storm."""


def parsed(raw: bytes) -> Mapping[str, Any]:
    """The JSON object of a frame.

    Raises:
        Malformed: not UTF-8, not JSON, or no object.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        # The parser's message can quote the text; its position cannot.
        raise Malformed(f"not JSON (column {error.colno})") from None
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    return value


def mapping(value: Any, field: str) -> Mapping[str, Any]:
    """The object in the field, an empty one if there is none."""
    found = value.get(field) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else NOTHING


def items(value: Any, field: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list of the field. Some collectors write `{}` for an empty list."""
    found = value.get(field) if isinstance(value, dict) else None
    if isinstance(found, list):
        yield from (item for item in found[:LONGEST_LIST] if isinstance(item, dict))


def words(value: Any, field: str) -> list[str]:
    """The strings in the list of the field."""
    found = value.get(field) if isinstance(value, dict) else None
    return [item for item in found[:LONGEST_LIST] if isinstance(item, str)] if isinstance(found, list) else []


def text(value: Any, field: str) -> str | None:
    """The string in the field, None if it is empty, missing or longer than any address."""
    found = value.get(field) if isinstance(value, dict) else None
    return found if isinstance(found, str) and 0 < len(found) <= LONGEST_NAME else None


def needed(value: Any, field: str) -> str:
    """The string in the field.

    Raises:
        Malformed: there is none.
    """
    found = text(value, field)
    if found is None:
        raise Malformed(f"{field} is missing")
    return found


def content(value: Any, field: str) -> str:
    """The text of a post, which may be empty (a picture alone) but not missing.

    Raises:
        Malformed: there is none, or it is longer than any post.
    """
    found = value.get(field) if isinstance(value, dict) else None
    if not isinstance(found, str):
        raise Malformed(f"{field} is missing")
    if len(found) > MAX_TEXT:
        raise Malformed(f"{field} is longer than {MAX_TEXT} characters")
    return found


def count(value: Any, field: str) -> int | None:
    found = value.get(field) if isinstance(value, dict) else None
    return found if type(found) is int and 0 <= found < 2**53 else None


def as_of_then(referred: Mapping[str, Any], at: datetime, now: datetime) -> Mapping[str, Any]:
    """What came with a post of the moment `at` about the one that it refers to, if it can be of that moment."""
    return referred if now - at <= AT_THAT_MOMENT else NOTHING


def answers(replies: int | None, quotes: int | None) -> int | None:
    """Together. Quotes that are not told are none: not every instance has them, and fewer answers claim less."""
    return None if replies is None else replies + (quotes or 0)


def flag(value: Any, field: str) -> bool | None:
    found = value.get(field) if isinstance(value, dict) else None
    return found if isinstance(found, bool) else None


def reach(followers: int | None) -> int | None:
    """floor(log10(followers + 1)): coarse on purpose."""
    return None if followers is None else len(str(followers + 1)) - 1


def moment(value: Any, field: str, now: datetime) -> datetime:
    """The time in the field, UTC.

    Raises:
        Malformed: none, without a zone, from before the platforms or from the future.
    """
    found = value.get(field) if isinstance(value, dict) else None
    if not isinstance(found, str) or len(found) > 64:
        raise Malformed(f"{field} is missing")
    try:
        at = datetime.fromisoformat(found)
        at = at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        raise Malformed(f"{field} is not an ISO 8601 time") from None
    if at.tzinfo is None:
        raise Malformed(f"{field} has no time zone")
    return plausible(at, field, now)


def plausible(at: datetime, field: str, now: datetime) -> datetime:
    """The time itself.

    Raises:
        Malformed: from before the platforms or from the future.
    """
    if not EARLIEST <= at <= now + CLOCK_SKEW:
        raise Malformed(f"{field} lies in the future or before {EARLIEST.year}")
    return at
