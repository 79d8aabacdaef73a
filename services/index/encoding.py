"""From the domain to what a document holds. Lossless: decoding.py is its inverse, the derived fields aside.

What a source told of the post that another one refers to (`Post.reference_likes`, `reference_answers`) is not stored:
it served the decision of that minute, the reason told with an alert holds it, and nobody asks for it later.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import orjson

from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm, Reason, Trigger, Volume
from soundings.services.domain.posts import Post, Tags
from soundings.services.domain.urgent import Urgent
from soundings.services.index.fields import (
    AlertField,
    FirestormField,
    NotificationField,
    PostField,
    TagField,
    UrgentField,
    VolumeField,
    leaf,
)


class UnfitRecord(ValueError):
    """No document can hold this record. The message never holds text of a post."""


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the microsecond.

    Raises:
        UnfitRecord: the time has no zone, or none in UTC.
    """
    if value is None:
        return None
    if value.tzinfo is None:
        raise UnfitRecord("a time without a zone")
    try:
        return value.astimezone(UTC).isoformat()
    except OverflowError:
        raise UnfitRecord("a time outside of the calendar") from None


def number(value: float | None) -> float | None:
    if value is not None and not isfinite(value):
        raise UnfitRecord("a number that is not finite")
    return value


def without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is unknown or empty is left out: absent means None, or no elements."""
    return {name: value for name, value in fields.items() if value is not None and value != ()}


def post(value: Post) -> dict[str, Any]:
    return without_empty(
        {
            PostField.ID: value.id,
            PostField.CREATED_AT: moment(value.created_at),
            PostField.VOICE: value.voice,
            PostField.TEXT: value.text,
            PostField.KIND: value.kind.value,
            PostField.SOURCE: value.source,
            PostField.ACCOUNTS: value.accounts,
            PostField.DEPARTMENTS: value.departments,
            PostField.OWN_ACCOUNT: value.own_account,
            PostField.REFERENCE: value.reference,
            PostField.THREAD: value.thread,
            PostField.REPLY_TO_VOICE: value.reply_to_voice,
            PostField.QUOTED_ACCOUNT: value.quoted_account,
            PostField.PUBLIC_AUTHOR: value.public_author,
            PostField.SOURCE_LANG: value.lang,
            PostField.TEXT_COMPLETE: value.text_complete,
            PostField.URL: value.url,
            PostField.MEDIA: value.media,
            PostField.LIKES: value.likes,
            PostField.REPOSTS: value.reposts,
            PostField.REPLIES: value.replies,
            PostField.QUOTES: value.quotes,
            PostField.REACH: value.reach,
            PostField.VERIFIED: value.verified,
            PostField.EDITED_AT: moment(value.edited_at),
            PostField.VERSION_OF: value.version_of,
            PostField.UNKNOWN: orjson.dumps(dict(value.unknown)).decode() if value.unknown else None,
        }
    )


def tags(value: Tags) -> dict[str, Any]:
    return {
        TagField.LANG: value.lang,
        TagField.SENTIMENT: value.sentiment.value,
        TagField.HOSTILITY: number(value.hostility),
        TagField.OFFENSIVE: value.offensive,
        TagField.ACTS: [act.value for act in value.acts],
    }


def volume(value: Volume) -> dict[str, Any]:
    return without_empty(
        {
            VolumeField.DEPARTMENT: value.department,
            VolumeField.ACCOUNT: value.account,
            VolumeField.MINUTE: moment(value.minute),
            VolumeField.POSTS: value.posts,
            VolumeField.ORIGINALS: value.originals,
            VolumeField.REPLIES: value.replies,
            VolumeField.QUOTES: value.quotes,
            VolumeField.REPOSTS: value.reposts,
            VolumeField.VOICES: value.voices,
            VolumeField.HOSTILE_VOICES: value.hostile_voices,
            VolumeField.USUAL_VOICES: number(value.usual_voices),
        }
    )


def firestorm(value: Firestorm) -> dict[str, Any]:
    forecast = value.next_hour_voices
    return without_empty(
        {
            FirestormField.ID: value.id,
            FirestormField.DEPARTMENT: value.department,
            FirestormField.ACCOUNTS: value.accounts,
            FirestormField.STATE: value.state.value,
            FirestormField.KIND: value.kind.value,
            FirestormField.SEVERITY: value.severity.value,
            FirestormField.BEGAN_AT: moment(value.began_at),
            FirestormField.OPENED_AT: moment(value.opened_at),
            FirestormField.UPDATED_AT: moment(value.updated_at),
            FirestormField.PEAKED_AT: moment(value.peaked_at),
            FirestormField.CLOSED_AT: moment(value.closed_at),
            FirestormField.TRIGGER: _trigger(value.trigger) if value.trigger else None,
            FirestormField.STATEMENT: value.statement,
            FirestormField.VOICES: value.voices,
            FirestormField.HOSTILE_VOICES: value.hostile_voices,
            FirestormField.POSTS: value.posts,
            FirestormField.USUAL_VOICES: number(value.usual_voices),
            FirestormField.DOUBLING_MINUTES: number(value.doubling_minutes),
            FirestormField.HALF_LIFE_MINUTES: number(value.half_life_minutes),
            FirestormField.NEXT_HOUR_VOICES: [number(bound) for bound in forecast] if forecast else None,
            FirestormField.LARGE_ACCOUNTS: value.large_accounts,
            FirestormField.REPOSTS_COLLECTED: value.reposts_collected,
            FirestormField.REASONS: tuple(_reason(reason) for reason in value.reasons),
            FirestormField.SAMPLE: value.sample,
            FirestormField.LATELY: orjson.dumps(value.lately).decode() if value.lately else None,
            FirestormField.TITLE: f"{value.severity.value} {value.kind.value}, {value.department}",
        }
    )


def alert(value: Alert) -> dict[str, Any]:
    return without_empty(
        {
            AlertField.ID: value.id,
            AlertField.STEP: value.step.value,
            AlertField.DEPARTMENT: value.department,
            AlertField.AT: moment(value.at),
            AlertField.LIVE: value.live,
            AlertField.STALE_SOURCES: value.stale_sources,
            AlertField.FIRESTORM: firestorm(value.firestorm),
        }
    )


def notification(value: Notification) -> dict[str, Any]:
    return {
        NotificationField.ALERT: value.alert,
        NotificationField.CHANNEL: value.channel,
        NotificationField.OUTCOME: value.outcome.value,
        NotificationField.AT: moment(value.at),
        NotificationField.DEPARTMENT: value.alert.partition(":")[0],
    }


def urgent(value: Urgent) -> dict[str, Any]:
    """Without the post's address: that is kept once, with the post, and goes when the post goes."""
    return {
        UrgentField.ID: value.id,
        UrgentField.DEPARTMENT: value.department,
        UrgentField.POST: value.post,
        UrgentField.KIND: value.kind.value,
        UrgentField.REASON: value.reason,
        UrgentField.AT: moment(value.at),
        UrgentField.LIVE: value.live,
        UrgentField.APPEAL: value.appeal,
    }


def _trigger(value: Trigger) -> dict[str, Any]:
    return {
        leaf(FirestormField.TRIGGER_POST): value.post,
        leaf(FirestormField.TRIGGER_WHOSE): value.whose.value,
        leaf(FirestormField.TRIGGER_VOICES): value.voices,
    }


def _reason(value: Reason) -> dict[str, Any]:
    return without_empty(
        {
            leaf(FirestormField.REASON_CODE): value.code,
            leaf(FirestormField.REASON_WORDS): value.words,
            leaf(FirestormField.REASON_VALUE): number(value.value),
            leaf(FirestormField.REASON_USUAL): number(value.usual),
            leaf(FirestormField.REASON_WEIGHT): number(value.weight),
        }
    )
