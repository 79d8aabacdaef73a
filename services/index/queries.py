"""What Elasticsearch is asked, as plain data."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from soundings.services.domain.posts import HOSTILE_FROM, PostKind
from soundings.services.index.documents import millis
from soundings.services.index.fields import FirestormField, PostField, TagField
from soundings.services.index.port import Where

Query = dict[str, Any]

EXACT_VOICES = 40_000
"""The most that Elasticsearch counts nearly exactly; it costs 320 kB a bucket, and no bucket of ours is one of many."""

VOICES: Query = {"cardinality": {"field": PostField.VOICE, "precision_threshold": EXACT_VOICES}}
REPOST: Query = {"term": {PostField.KIND: PostKind.REPOST.value}}
HOSTILE: Query = {"range": {TagField.HOSTILITY: {"gte": HOSTILE_FROM}}}


def every(*filters: Query) -> Query:
    """All of these must hold; nothing is scored."""
    return {"bool": {"filter": list(filters)}}


def any_of(*options: Query) -> Query:
    """One of these must hold, or several."""
    return {"bool": {"should": list(options), "minimum_should_match": 1}}


def term(field: str, value: object) -> Query:
    return {"term": {field: value}}


def terms(field: str, values: Collection[str]) -> Query:
    return {"terms": {field: sorted(set(values))}}


def between(field: str, start: datetime, end: datetime) -> Query:
    return {"range": {field: {"gte": millis(start), "lt": millis(end), "format": "epoch_millis"}}}


def mentions(department: str, start: datetime, end: datetime, where: Where) -> Query:
    asked = {
        PostField.ACCOUNTS: where.account,
        PostField.KIND: where.kind,
        TagField.LANG: where.lang,
        TagField.SENTIMENT: where.sentiment,
        TagField.ACTS: where.act,
        PostField.SOURCE: where.source,
        PostField.THREAD: where.thread,
    }
    filters = [term(field, value) for field, value in asked.items() if value is not None]
    if where.hostile is not None:
        filters.append(HOSTILE if where.hostile else {"bool": {"must_not": HOSTILE}})
    return every(term(PostField.DEPARTMENTS, department), between(PostField.CREATED_AT, start, end), *filters)


def open_storms(department: str | None, start: datetime, end: datetime) -> Query:
    opened = {"range": {FirestormField.OPENED_AT: {"lt": millis(end), "format": "epoch_millis"}}}
    closed = {"range": {FirestormField.CLOSED_AT: {"lte": millis(start), "format": "epoch_millis"}}}
    mine = [term(FirestormField.DEPARTMENT, department)] if department is not None else []
    return {"bool": {"filter": [opened, *mine], "must_not": [closed]}}


def by_local_day(timezone: str) -> Query:
    """Posts, voices and hostile voices of each local day; the key is the date."""
    return {
        "date_histogram": {
            "field": PostField.CREATED_AT,
            "calendar_interval": "day",
            "time_zone": timezone,
            "format": "yyyy-MM-dd",
        },
        "aggs": {"voices": VOICES, "hostile": {"filter": HOSTILE, "aggs": {"voices": VOICES}}},
    }
