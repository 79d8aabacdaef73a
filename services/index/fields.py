"""Every name in the index: kinds, aliases and fields. Mappings, adapters and dashboards take them from here."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a document is; each kind has its own mapping and alias."""

    MENTIONS = "mentions"
    STATEMENTS = "statements"
    VOLUMES = "volumes"
    FIRESTORMS = "firestorms"
    ALERTS = "alerts"
    NOTIFICATIONS = "notifications"
    URGENT = "urgent"
    REGISTER = "register"
    DECISIONS = "decisions"
    HOLDS = "holds"
    RETENTION = "retention"
    THEMES = "themes"
    READINGS = "readings"
    """Not `themes-read`: the pattern of `themes` would match its indices."""


def alias(prefix: str, kind: Kind) -> str:
    """`soundings-mentions`: the name that everybody reads from."""
    return f"{prefix}-{kind.value}"


TIMESTAMP: Final = "@timestamp"
"""The time of a document, in every kind, derived. Grafana sorts raw documents by the names of the fields to sort by, of
which one is always `_doc`: only a time field that stands before it in ASCII puts the newest first."""


class PostField:
    """Mentions and statements."""

    ID: Final = "id"
    CREATED_AT: Final = "created_at"
    VOICE: Final = "voice"
    TEXT: Final = "text"
    KIND: Final = "kind"
    SOURCE: Final = "source"
    ACCOUNTS: Final = "accounts"
    DEPARTMENTS: Final = "departments"
    OWN_ACCOUNT: Final = "own_account"
    REFERENCE: Final = "reference"
    THREAD: Final = "thread"
    REPLY_TO_VOICE: Final = "reply_to_voice"
    QUOTED_ACCOUNT: Final = "quoted_account"
    PUBLIC_AUTHOR: Final = "public_author"
    SOURCE_LANG: Final = "source_lang"
    """As the source told it; `lang` is what the text was found to be."""
    TEXT_COMPLETE: Final = "text_complete"
    URL: Final = "url"
    MEDIA: Final = "media"
    LIKES: Final = "likes"
    REPOSTS: Final = "reposts"
    REPLIES: Final = "replies"
    QUOTES: Final = "quotes"
    REACH: Final = "reach"
    VERIFIED: Final = "verified"
    EDITED_AT: Final = "edited_at"
    VERSION_OF: Final = "version_of"
    UNKNOWN: Final = "unknown"
    """JSON text: what it holds is not known, so nothing in it may reach a mapping."""


class TagField:
    """Mentions only."""

    LANG: Final = "lang"
    SENTIMENT: Final = "sentiment"
    HOSTILITY: Final = "hostility"
    OFFENSIVE: Final = "offensive"
    ACTS: Final = "acts"


class VolumeField:
    DEPARTMENT: Final = "department"
    ACCOUNT: Final = "account"
    MINUTE: Final = "minute"
    POSTS: Final = "posts"
    ORIGINALS: Final = "originals"
    REPLIES: Final = "replies"
    QUOTES: Final = "quotes"
    REPOSTS: Final = "reposts"
    VOICES: Final = "voices"
    HOSTILE_VOICES: Final = "hostile_voices"
    USUAL_VOICES: Final = "usual_voices"


class FirestormField:
    ID: Final = "id"
    DEPARTMENT: Final = "department"
    ACCOUNTS: Final = "accounts"
    STATE: Final = "state"
    KIND: Final = "kind"
    SEVERITY: Final = "severity"
    BEGAN_AT: Final = "began_at"
    OPENED_AT: Final = "opened_at"
    UPDATED_AT: Final = "updated_at"
    PEAKED_AT: Final = "peaked_at"
    CLOSED_AT: Final = "closed_at"
    TRIGGER: Final = "trigger"
    TRIGGER_POST: Final = "trigger.post"
    TRIGGER_WHOSE: Final = "trigger.whose"
    TRIGGER_VOICES: Final = "trigger.voices"
    STATEMENT: Final = "statement"
    VOICES: Final = "voices"
    HOSTILE_VOICES: Final = "hostile_voices"
    POSTS: Final = "posts"
    USUAL_VOICES: Final = "usual_voices"
    DOUBLING_MINUTES: Final = "doubling_minutes"
    HALF_LIFE_MINUTES: Final = "half_life_minutes"
    NEXT_HOUR_VOICES: Final = "next_hour_voices"
    LARGE_ACCOUNTS: Final = "large_accounts"
    REPOSTS_COLLECTED: Final = "reposts_collected"
    REASONS: Final = "reasons"
    REASON_CODE: Final = "reasons.code"
    REASON_WORDS: Final = "reasons.words"
    REASON_VALUE: Final = "reasons.value"
    REASON_USUAL: Final = "reasons.usual"
    REASON_WEIGHT: Final = "reasons.weight"
    SAMPLE: Final = "sample"
    LATELY: Final = "lately"
    """JSON text: shown with the storm, and never searched."""
    TITLE: Final = "title"
    """Derived, for annotations: `serious firestorm, home-office`."""


class AlertField:
    ID: Final = "id"
    STEP: Final = "step"
    DEPARTMENT: Final = "department"
    AT: Final = "at"
    LIVE: Final = "live"
    STALE_SOURCES: Final = "stale_sources"
    FIRESTORM: Final = "firestorm"
    """Holds the fields of FirestormField, as they were when the alert was due."""
    FIRESTORM_ID: Final = "firestorm.id"
    FIRESTORM_SEVERITY: Final = "firestorm.severity"
    FIRESTORM_KIND: Final = "firestorm.kind"
    FIRESTORM_VOICES: Final = "firestorm.voices"


class NotificationField:
    ALERT: Final = "alert"
    CHANNEL: Final = "channel"
    OUTCOME: Final = "outcome"
    AT: Final = "at"
    DEPARTMENT: Final = "department"
    """Derived from the alert's id, which begins with it."""


class RegisterField:
    """What people decided about a theme, as it stands now, with every step that led there."""

    THEME: Final = "theme"
    DEPARTMENT: Final = "department"
    TITLE: Final = "title"
    STANDING: Final = "standing"
    AREA: Final = "area"
    OWNER: Final = "owner"
    PROGRESS: Final = "progress"
    INTO: Final = "into"
    WORDS: Final = "words"
    HISTORY: Final = "history"
    STEP_AT: Final = "history.at"
    STEP_WHO: Final = "history.who"
    STEP_ACTION: Final = "history.action"
    STEP_NOTE: Final = "history.note"
    STEP_TITLE: Final = "history.title"
    STEP_AREA: Final = "history.area"
    STEP_OWNER: Final = "history.owner"
    STEP_PROGRESS: Final = "history.progress"
    STEP_CHANGE: Final = "history.change"
    STEP_LINK: Final = "history.link"
    STEP_WHAT: Final = "history.what"
    STEP_THEMES: Final = "history.themes"
    LAST_NOTE: Final = "last_note"
    """Derived: of the last step, for tables."""
    LAST_LINK: Final = "last_link"
    """Derived likewise: where the last change is shown."""


class DecisionField:
    """The last decision of a department, whole: written before the entries that it changes."""

    DEPARTMENT: Final = "department"
    ENTRIES: Final = "entries"
    """JSON text of the entries as they are after it: read back by id only, never searched."""


class ThemeField:
    """A theme in one ISO week."""

    ID: Final = "id"
    DEPARTMENT: Final = "department"
    WEEK: Final = "week"
    AT: Final = "at"
    AREAS: Final = "areas"
    THEME: Final = "theme"
    TITLE: Final = "title"
    KEYWORDS: Final = "keywords"
    POSTS: Final = "posts"
    REPOSTS: Final = "reposts"
    SUPPORT: Final = "support"
    """Derived: posts and reposts. 0: the theme was in an earlier report of the week and is no longer."""
    TEXTS: Final = "texts"
    VOICES: Final = "voices"
    HOSTILE: Final = "hostile"
    QUESTIONS: Final = "questions"
    SUGGESTIONS: Final = "suggestions"
    WEEKS: Final = "weeks"
    """JSON text: ISO week to posts and reposts."""
    TREND: Final = "trend"
    WEEKS_PRESENT: Final = "weeks_present"
    WEEKS_LOOKED_AT: Final = "weeks_looked_at"
    FIRST_WEEK: Final = "first_week"
    REASON: Final = "reason"
    REPRESENTATIVE_POSTS: Final = "representative_posts"
    QUESTION_POSTS: Final = "question_posts"
    SUGGESTION_POSTS: Final = "suggestion_posts"
    CAMPAIGN: Final = "campaign"
    FORMED_FROM: Final = "formed_from"
    SPLIT_FROM: Final = "split_from"


class ReadingField:
    """What was read of a department in one ISO week, and which themes its report names."""

    ID: Final = "id"
    DEPARTMENT: Final = "department"
    WEEK: Final = "week"
    AT: Final = "at"
    THEMES: Final = "themes"
    """In the order of the report."""
    LEFT_OUT: Final = "left_out"
    """JSON text."""
    COUNTS: Final = "counts"
    """JSON text: what became of the posts read."""


class UrgentField:
    ID: Final = "id"
    DEPARTMENT: Final = "department"
    POST: Final = "post"
    KIND: Final = "kind"
    REASON: Final = "reason"
    AT: Final = "at"
    LIVE: Final = "live"
    APPEAL: Final = "appeal"


class HoldField:
    """A legal hold as it stands, with every step that led there."""

    ITEM: Final = "item"
    KIND: Final = "kind"
    DEPARTMENT: Final = "department"
    START: Final = "start"
    END: Final = "end"
    HISTORY: Final = "history"
    STEP_AT: Final = "history.at"
    STEP_WHO: Final = "history.who"
    STEP_ACTION: Final = "history.action"
    STEP_WHY: Final = "history.why"
    STEP_UNTIL: Final = "history.until"


class RetentionField:
    """A run of retention."""

    AT: Final = "at"
    SECONDS: Final = "seconds"
    TEXT_DAYS: Final = "text_days"
    COUNTS_DAYS: Final = "counts_days"
    MONTHS: Final = "months"
    PSEUDONYMS: Final = "pseudonyms"
    HOLDS: Final = "holds"
    REMOVED: Final = "removed"
    """Derived: of all kinds."""
    HELD: Final = "held"
    """Derived likewise."""
    KINDS: Final = "kinds"
    KINDS_NAME: Final = "kinds.name"
    KINDS_REMOVED: Final = "kinds.removed"
    KINDS_HELD: Final = "kinds.held"


def leaf(path: str) -> str:
    """`post` of `trigger.post`: the name inside its object."""
    return path.rpartition(".")[2]
