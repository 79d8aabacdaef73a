"""From a document back to the domain: the inverse of encoding.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.firestorms import (
    Firestorm,
    Lately,
    Quarter,
    Reason,
    Severity,
    StormKind,
    StormState,
    Trigger,
    Volume,
    Whose,
)
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.domain.urgent import UrgencyKind, Urgent
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

Source = Mapping[str, Any]


def mention(source: Source) -> Mention:
    return Mention(post=_post(source), tags=_tags(source))


def statement(source: Source) -> Statement:
    return Statement(post=_post(source))


def volume(source: Source) -> Volume:
    return Volume(
        department=source[VolumeField.DEPARTMENT],
        account=source[VolumeField.ACCOUNT],
        minute=_time(source[VolumeField.MINUTE]),
        posts=source[VolumeField.POSTS],
        originals=source[VolumeField.ORIGINALS],
        replies=source[VolumeField.REPLIES],
        quotes=source[VolumeField.QUOTES],
        reposts=source[VolumeField.REPOSTS],
        voices=source[VolumeField.VOICES],
        hostile_voices=source[VolumeField.HOSTILE_VOICES],
        usual_voices=source.get(VolumeField.USUAL_VOICES),
    )


def firestorm(source: Source) -> Firestorm:
    trigger = source.get(FirestormField.TRIGGER)
    forecast = source.get(FirestormField.NEXT_HOUR_VOICES)
    return Firestorm(
        id=source[FirestormField.ID],
        department=source[FirestormField.DEPARTMENT],
        accounts=tuple(source.get(FirestormField.ACCOUNTS, ())),
        state=StormState(source[FirestormField.STATE]),
        kind=StormKind(source[FirestormField.KIND]),
        severity=Severity(source[FirestormField.SEVERITY]),
        began_at=_time(source[FirestormField.BEGAN_AT]),
        opened_at=_time(source[FirestormField.OPENED_AT]),
        updated_at=_time(source[FirestormField.UPDATED_AT]),
        peaked_at=_time_or_none(source, FirestormField.PEAKED_AT),
        closed_at=_time_or_none(source, FirestormField.CLOSED_AT),
        trigger=_trigger(trigger) if trigger else None,
        statement=source.get(FirestormField.STATEMENT),
        voices=source[FirestormField.VOICES],
        hostile_voices=source[FirestormField.HOSTILE_VOICES],
        posts=source[FirestormField.POSTS],
        usual_voices=source[FirestormField.USUAL_VOICES],
        doubling_minutes=source.get(FirestormField.DOUBLING_MINUTES),
        half_life_minutes=source.get(FirestormField.HALF_LIFE_MINUTES),
        next_hour_voices=(forecast[0], forecast[1], forecast[2]) if forecast else None,
        large_accounts=source.get(FirestormField.LARGE_ACCOUNTS),
        reposts_collected=source[FirestormField.REPOSTS_COLLECTED],
        reasons=tuple(_reason(reason) for reason in source.get(FirestormField.REASONS, ())),
        sample=tuple(source.get(FirestormField.SAMPLE, ())),
        lately=_lately(source.get(FirestormField.LATELY)),
    )


def alert(source: Source) -> Alert:
    return Alert(
        id=source[AlertField.ID],
        step=AlertStep(source[AlertField.STEP]),
        department=source[AlertField.DEPARTMENT],
        at=_time(source[AlertField.AT]),
        firestorm=firestorm(source[AlertField.FIRESTORM]),
        live=source[AlertField.LIVE],
        stale_sources=tuple(source.get(AlertField.STALE_SOURCES, ())),
    )


def notification(source: Source) -> Notification:
    return Notification(
        alert=source[NotificationField.ALERT],
        channel=source[NotificationField.CHANNEL],
        outcome=Outcome(source[NotificationField.OUTCOME]),
        at=_time(source[NotificationField.AT]),
    )


def urgent(source: Source) -> Urgent:
    return Urgent(
        id=source[UrgentField.ID],
        department=source[UrgentField.DEPARTMENT],
        post=source[UrgentField.POST],
        kind=UrgencyKind(source[UrgentField.KIND]),
        reason=source[UrgentField.REASON],
        at=_time(source[UrgentField.AT]),
        live=source[UrgentField.LIVE],
        appeal=source[UrgentField.APPEAL],
    )


def _post(source: Source) -> Post:
    return Post(
        id=source[PostField.ID],
        created_at=_time(source[PostField.CREATED_AT]),
        voice=source[PostField.VOICE],
        text=source[PostField.TEXT],
        kind=PostKind(source[PostField.KIND]),
        source=source[PostField.SOURCE],
        accounts=tuple(source.get(PostField.ACCOUNTS, ())),
        departments=tuple(source.get(PostField.DEPARTMENTS, ())),
        own_account=source.get(PostField.OWN_ACCOUNT),
        reference=source.get(PostField.REFERENCE),
        thread=source.get(PostField.THREAD),
        reply_to_voice=source.get(PostField.REPLY_TO_VOICE),
        quoted_account=source.get(PostField.QUOTED_ACCOUNT),
        public_author=source.get(PostField.PUBLIC_AUTHOR),
        lang=source.get(PostField.SOURCE_LANG),
        text_complete=source[PostField.TEXT_COMPLETE],
        url=source.get(PostField.URL),
        media=tuple(source.get(PostField.MEDIA, ())),
        likes=source.get(PostField.LIKES),
        reposts=source.get(PostField.REPOSTS),
        replies=source.get(PostField.REPLIES),
        quotes=source.get(PostField.QUOTES),
        reach=source.get(PostField.REACH),
        verified=source.get(PostField.VERIFIED),
        edited_at=_time_or_none(source, PostField.EDITED_AT),
        version_of=source.get(PostField.VERSION_OF),
        unknown=orjson.loads(source.get(PostField.UNKNOWN, "{}")),
    )


def _tags(source: Source) -> Tags:
    return Tags(
        lang=source[TagField.LANG],
        sentiment=Sentiment(source[TagField.SENTIMENT]),
        hostility=source[TagField.HOSTILITY],
        offensive=source[TagField.OFFENSIVE],
        acts=tuple(SpeechAct(act) for act in source[TagField.ACTS]),
    )


def _trigger(source: Source) -> Trigger:
    return Trigger(
        post=source[leaf(FirestormField.TRIGGER_POST)],
        whose=Whose(source[leaf(FirestormField.TRIGGER_WHOSE)]),
        voices=source[leaf(FirestormField.TRIGGER_VOICES)],
    )


def _lately(text: str | None) -> Lately | None:
    if text is None:
        return None
    content = orjson.loads(text)
    return Lately(**{**content, "now": _quarter(content["now"]), "before": _quarter(content["before"])})


def _quarter(content: Mapping[str, Any]) -> Quarter:
    kind = content["mostly"]
    return Quarter(**{**content, "mostly": PostKind(kind) if kind else None})


def _reason(source: Source) -> Reason:
    return Reason(
        code=source[leaf(FirestormField.REASON_CODE)],
        words=source[leaf(FirestormField.REASON_WORDS)],
        value=source[leaf(FirestormField.REASON_VALUE)],
        usual=source.get(leaf(FirestormField.REASON_USUAL)),
        weight=source[leaf(FirestormField.REASON_WEIGHT)],
    )


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _time_or_none(source: Source, name: str) -> datetime | None:
    value = source.get(name)
    return None if value is None else _time(value)
