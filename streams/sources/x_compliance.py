"""What X says must go: events of its compliance streams, and lines of a batch compliance job's result. Pure.

https://docs.x.com/x-api/compliance/streams/introduction and …/compliance/batch-compliance/introduction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from soundings.services.domain.redactions import RedactionReason
from soundings.services.intake.rows import Malformed
from soundings.streams.sources.fields import mapping, moment, needed, text, words

EVERYWHERE = frozenset({"XX", "XY"})
"""Country codes for content that is withheld in all countries."""

_POST_EVENTS = {"delete": RedactionReason.DELETED, "drop": RedactionReason.WITHHELD}
_USER_EVENTS = frozenset({"user_delete", "user_suspend", "user_protect"})
_HARMLESS_REASONS = frozenset({"scrub_geo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is taken back: one post, or all of a user's."""

    reason: RedactionReason
    at: datetime
    post: str | None = None
    """X's id."""
    user: str | None = None
    replaced_by: str | None = None


def withheld_here(item: Mapping[str, Any], country: str) -> bool:
    """Whether a post or user is withheld in the country."""
    return bool({country, *EVERYWHERE} & set(words(mapping(item, "withheld"), "country_codes")))


def parse_event(payload: Mapping[str, Any], country: str, now: datetime) -> Taken | None:
    """A message of a compliance stream; None for what takes nothing back (an undeletion, a new profile picture).

    Raises:
        Malformed: an event that takes back, without saying what.
    """
    data = mapping(payload, "data")
    for name in data:
        event = mapping(data, name)
        if name in _POST_EVENTS:
            return Taken(reason=_POST_EVENTS[name], at=_at(event, now), post=_id(event, "tweet"))
        if name == "withheld" and _withheld(event, country):
            return Taken(reason=RedactionReason.WITHHELD, at=_at(event, now), post=_id(event, "tweet"))
        if name == "tweet_edit":
            return _edited(event, now)
        if name in _USER_EVENTS:
            return Taken(reason=RedactionReason.ACCOUNT_GONE, at=_at(event, now), user=_id(event, "user"))
        if name == "user_withheld" and _withheld(event, country):
            return Taken(reason=RedactionReason.WITHHELD, at=_at(event, now), user=_id(event, "user"))
    return None


def parse_batch_line(line: Mapping[str, Any], *, users: bool, now: datetime) -> Taken | None:
    """A line of a job's result, which lists what is to be deleted. `users`: the job was asked about users.

    Raises:
        Malformed: it names nothing, or is no such line.
    """
    if line.get("action") != "delete":
        raise Malformed("action is not delete")
    why = text(line, "reason")
    if why in _HARMLESS_REASONS:
        return None
    reason = RedactionReason.DELETED if why in (None, "deleted") else RedactionReason.ACCOUNT_GONE
    at = moment(line, "redacted_at", now) if "redacted_at" in line else now
    native = needed(line, "id")
    return Taken(reason=reason, at=at, user=native) if users else Taken(reason=reason, at=at, post=native)


def _edited(event: Mapping[str, Any], now: datetime) -> Taken | None:
    versions = words(event, "edit_tweet_ids")
    first = text(event, "initial_tweet_id") or (versions[0] if versions else None) or text(_of(event, "tweet"), "id")
    if first is None:
        raise Malformed("initial_tweet_id is missing")
    newest = versions[-1] if versions and versions[-1] != first else None
    return Taken(reason=RedactionReason.EDITED, at=_at(event, now), post=first, replaced_by=newest)


def _withheld(event: Mapping[str, Any], country: str) -> bool:
    return bool({country, *EVERYWHERE} & set(words(event, "withheld_in_countries")))


def _of(event: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    return mapping(event, kind)


def _id(event: Mapping[str, Any], kind: str) -> str:
    return needed(_of(event, kind), "id")


def _at(event: Mapping[str, Any], now: datetime) -> datetime:
    return moment(event, "event_at", now) if "event_at" in event else now
