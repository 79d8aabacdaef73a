"""The shape of each kind of document: strict, so that a field nobody declared is an error and not a guess."""

from collections.abc import Mapping
from typing import Any

from soundings.services.index.fields import (
    TIMESTAMP,
    AlertField,
    DecisionField,
    FirestormField,
    HoldField,
    Kind,
    NotificationField,
    PostField,
    ReadingField,
    RegisterField,
    RetentionField,
    TagField,
    ThemeField,
    UrgentField,
    VolumeField,
    leaf,
)

Properties = dict[str, Any]

KEYWORD: Properties = {"type": "keyword"}
KEPT: Properties = {"type": "keyword", "index": False, "doc_values": False}
"""Only in `_source`: neither searched nor counted."""
DATE: Properties = {"type": "date", "format": "strict_date_optional_time"}
COUNT: Properties = {"type": "long"}
NUMBER: Properties = {"type": "double"}
"""Double, as Python's floats: a hostility just under the threshold must not round up to it."""
FLAG: Properties = {"type": "boolean"}
TEXT: Properties = {"type": "text", "analyzer": "standard"}
"""Full text in the one analyser that every node has; `significant_text` works on it from `_source`."""

_POST: Properties = {
    PostField.ID: KEYWORD,
    PostField.CREATED_AT: DATE,
    PostField.VOICE: KEYWORD,
    PostField.TEXT: TEXT,
    PostField.KIND: KEYWORD,
    PostField.SOURCE: KEYWORD,
    PostField.ACCOUNTS: KEYWORD,
    PostField.DEPARTMENTS: KEYWORD,
    PostField.OWN_ACCOUNT: KEYWORD,
    PostField.REFERENCE: KEYWORD,
    PostField.THREAD: KEYWORD,
    PostField.REPLY_TO_VOICE: KEYWORD,
    PostField.QUOTED_ACCOUNT: KEYWORD,
    PostField.PUBLIC_AUTHOR: KEYWORD,
    PostField.SOURCE_LANG: KEYWORD,
    PostField.TEXT_COMPLETE: FLAG,
    PostField.URL: KEPT,
    PostField.MEDIA: KEYWORD,
    PostField.LIKES: COUNT,
    PostField.REPOSTS: COUNT,
    PostField.REPLIES: COUNT,
    PostField.QUOTES: COUNT,
    PostField.REACH: COUNT,
    PostField.VERIFIED: FLAG,
    PostField.EDITED_AT: DATE,
    PostField.VERSION_OF: KEYWORD,
    PostField.UNKNOWN: KEPT,
}

_TAGS: Properties = {
    TagField.LANG: KEYWORD,
    TagField.SENTIMENT: KEYWORD,
    TagField.HOSTILITY: NUMBER,
    TagField.OFFENSIVE: FLAG,
    TagField.ACTS: KEYWORD,
}

_VOLUME: Properties = {
    VolumeField.DEPARTMENT: KEYWORD,
    VolumeField.ACCOUNT: KEYWORD,
    VolumeField.MINUTE: DATE,
    VolumeField.POSTS: COUNT,
    VolumeField.ORIGINALS: COUNT,
    VolumeField.REPLIES: COUNT,
    VolumeField.QUOTES: COUNT,
    VolumeField.REPOSTS: COUNT,
    VolumeField.VOICES: COUNT,
    VolumeField.HOSTILE_VOICES: COUNT,
    VolumeField.USUAL_VOICES: NUMBER,
}

_FIRESTORM: Properties = {
    FirestormField.ID: KEYWORD,
    FirestormField.DEPARTMENT: KEYWORD,
    FirestormField.ACCOUNTS: KEYWORD,
    FirestormField.STATE: KEYWORD,
    FirestormField.KIND: KEYWORD,
    FirestormField.SEVERITY: KEYWORD,
    FirestormField.BEGAN_AT: DATE,
    FirestormField.OPENED_AT: DATE,
    FirestormField.UPDATED_AT: DATE,
    FirestormField.PEAKED_AT: DATE,
    FirestormField.CLOSED_AT: DATE,
    FirestormField.TRIGGER: {
        "properties": {
            leaf(FirestormField.TRIGGER_POST): KEYWORD,
            leaf(FirestormField.TRIGGER_WHOSE): KEYWORD,
            leaf(FirestormField.TRIGGER_VOICES): COUNT,
        }
    },
    FirestormField.STATEMENT: KEYWORD,
    FirestormField.VOICES: COUNT,
    FirestormField.HOSTILE_VOICES: COUNT,
    FirestormField.POSTS: COUNT,
    FirestormField.USUAL_VOICES: NUMBER,
    FirestormField.DOUBLING_MINUTES: NUMBER,
    FirestormField.HALF_LIFE_MINUTES: NUMBER,
    FirestormField.NEXT_HOUR_VOICES: NUMBER,
    FirestormField.LARGE_ACCOUNTS: COUNT,
    FirestormField.REPOSTS_COLLECTED: FLAG,
    FirestormField.REASONS: {
        "properties": {
            leaf(FirestormField.REASON_CODE): KEYWORD,
            leaf(FirestormField.REASON_WORDS): KEPT,
            leaf(FirestormField.REASON_VALUE): NUMBER,
            leaf(FirestormField.REASON_USUAL): NUMBER,
            leaf(FirestormField.REASON_WEIGHT): NUMBER,
        }
    },
    FirestormField.SAMPLE: KEYWORD,
    FirestormField.LATELY: KEPT,
    FirestormField.TITLE: KEYWORD,
}

_ALERT: Properties = {
    AlertField.ID: KEYWORD,
    AlertField.STEP: KEYWORD,
    AlertField.DEPARTMENT: KEYWORD,
    AlertField.AT: DATE,
    AlertField.LIVE: FLAG,
    AlertField.STALE_SOURCES: KEYWORD,
    AlertField.FIRESTORM: {"properties": _FIRESTORM},
}

_NOTIFICATION: Properties = {
    NotificationField.ALERT: KEYWORD,
    NotificationField.CHANNEL: KEYWORD,
    NotificationField.OUTCOME: KEYWORD,
    NotificationField.AT: DATE,
    NotificationField.DEPARTMENT: KEYWORD,
}

_REGISTER: Properties = {
    RegisterField.THEME: KEYWORD,
    RegisterField.DEPARTMENT: KEYWORD,
    RegisterField.TITLE: KEYWORD,
    RegisterField.STANDING: KEYWORD,
    RegisterField.AREA: KEYWORD,
    RegisterField.OWNER: KEYWORD,
    RegisterField.PROGRESS: KEYWORD,
    RegisterField.INTO: KEYWORD,
    RegisterField.WORDS: KEYWORD,
    RegisterField.HISTORY: {
        "properties": {
            leaf(RegisterField.STEP_AT): DATE,
            leaf(RegisterField.STEP_WHO): KEPT,
            leaf(RegisterField.STEP_ACTION): KEYWORD,
            leaf(RegisterField.STEP_NOTE): KEPT,
            leaf(RegisterField.STEP_TITLE): KEPT,
            leaf(RegisterField.STEP_AREA): KEYWORD,
            leaf(RegisterField.STEP_OWNER): KEYWORD,
            leaf(RegisterField.STEP_PROGRESS): KEYWORD,
            leaf(RegisterField.STEP_CHANGE): KEYWORD,
            leaf(RegisterField.STEP_WHAT): KEPT,
            leaf(RegisterField.STEP_LINK): KEPT,
            leaf(RegisterField.STEP_THEMES): KEYWORD,
        }
    },
    RegisterField.LAST_NOTE: KEPT,
    RegisterField.LAST_LINK: KEPT,
}

_DECISION: Properties = {DecisionField.DEPARTMENT: KEYWORD, DecisionField.ENTRIES: KEPT}

_URGENT: Properties = {
    UrgentField.ID: KEYWORD,
    UrgentField.DEPARTMENT: KEYWORD,
    UrgentField.POST: KEYWORD,
    UrgentField.KIND: KEYWORD,
    UrgentField.REASON: KEYWORD,
    UrgentField.AT: DATE,
    UrgentField.LIVE: FLAG,
    UrgentField.APPEAL: KEYWORD,
}

_THEME: Properties = {
    ThemeField.ID: KEYWORD,
    ThemeField.DEPARTMENT: KEYWORD,
    ThemeField.WEEK: KEYWORD,
    ThemeField.AT: DATE,
    ThemeField.AREAS: KEYWORD,
    ThemeField.THEME: KEYWORD,
    ThemeField.TITLE: KEYWORD,
    ThemeField.KEYWORDS: KEYWORD,
    ThemeField.POSTS: COUNT,
    ThemeField.REPOSTS: COUNT,
    ThemeField.SUPPORT: COUNT,
    ThemeField.TEXTS: COUNT,
    ThemeField.VOICES: COUNT,
    ThemeField.HOSTILE: COUNT,
    ThemeField.QUESTIONS: COUNT,
    ThemeField.SUGGESTIONS: COUNT,
    ThemeField.WEEKS: KEPT,
    ThemeField.TREND: KEYWORD,
    ThemeField.WEEKS_PRESENT: COUNT,
    ThemeField.WEEKS_LOOKED_AT: COUNT,
    ThemeField.FIRST_WEEK: KEYWORD,
    ThemeField.REASON: KEPT,
    ThemeField.REPRESENTATIVE_POSTS: KEYWORD,
    ThemeField.QUESTION_POSTS: KEYWORD,
    ThemeField.SUGGESTION_POSTS: KEYWORD,
    ThemeField.CAMPAIGN: FLAG,
    ThemeField.FORMED_FROM: KEYWORD,
    ThemeField.SPLIT_FROM: KEYWORD,
}

_READING: Properties = {
    ReadingField.ID: KEYWORD,
    ReadingField.DEPARTMENT: KEYWORD,
    ReadingField.WEEK: KEYWORD,
    ReadingField.AT: DATE,
    ReadingField.THEMES: KEPT,
    ReadingField.LEFT_OUT: KEPT,
    ReadingField.COUNTS: KEPT,
}

_HOLD: Properties = {
    HoldField.ITEM: KEYWORD,
    HoldField.KIND: KEYWORD,
    HoldField.DEPARTMENT: KEYWORD,
    HoldField.START: DATE,
    HoldField.END: DATE,
    HoldField.HISTORY: {
        "properties": {
            leaf(HoldField.STEP_AT): DATE,
            leaf(HoldField.STEP_WHO): KEPT,
            leaf(HoldField.STEP_ACTION): KEYWORD,
            leaf(HoldField.STEP_WHY): KEPT,
            leaf(HoldField.STEP_UNTIL): DATE,
        }
    },
}

_RETENTION: Properties = {
    RetentionField.AT: DATE,
    RetentionField.SECONDS: NUMBER,
    RetentionField.TEXT_DAYS: COUNT,
    RetentionField.COUNTS_DAYS: COUNT,
    RetentionField.MONTHS: COUNT,
    RetentionField.PSEUDONYMS: COUNT,
    RetentionField.HOLDS: COUNT,
    RetentionField.REMOVED: COUNT,
    RetentionField.HELD: COUNT,
    RetentionField.KINDS: {
        "properties": {
            leaf(RetentionField.KINDS_NAME): KEYWORD,
            leaf(RetentionField.KINDS_REMOVED): COUNT,
            leaf(RetentionField.KINDS_HELD): COUNT,
        }
    },
}

PROPERTIES: Mapping[Kind, Properties] = {
    kind: {TIMESTAMP: DATE} | properties
    for kind, properties in (
        (Kind.MENTIONS, _POST | _TAGS),
        (Kind.STATEMENTS, _POST),
        (Kind.VOLUMES, _VOLUME),
        (Kind.FIRESTORMS, _FIRESTORM),
        (Kind.ALERTS, _ALERT),
        (Kind.NOTIFICATIONS, _NOTIFICATION),
        (Kind.URGENT, _URGENT),
        (Kind.REGISTER, _REGISTER),
        (Kind.DECISIONS, _DECISION),
        (Kind.HOLDS, _HOLD),
        (Kind.RETENTION, _RETENTION),
        (Kind.THEMES, _THEME),
        (Kind.READINGS, _READING),
    )
}
