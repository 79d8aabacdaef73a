"""Themes of a week as documents, and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from soundings.services.domain.themes import Evidence, LeftOut, Recurrence, Theme, ThemesRead, ThemeWeek, Trend
from soundings.services.index.encoding import UnfitRecord, moment, without_empty
from soundings.services.index.fields import ReadingField, ThemeField

Source = Mapping[str, Any]


def week_begins(week: str) -> datetime:
    """Monday of an ISO week. A report's own time may lie in the next month: a week's documents are in one place.

    Raises:
        UnfitRecord: it is no ISO week.
    """
    try:
        return datetime.strptime(f"{week}-1", "%G-W%V-%u").replace(tzinfo=UTC)
    except ValueError:
        raise UnfitRecord("its week is no ISO week") from None


def theme_fields(value: ThemeWeek) -> dict[str, Any]:
    """Raises UnfitRecord: a time without a zone."""
    theme = value.theme
    return without_empty(
        {
            ThemeField.ID: value.id,
            ThemeField.DEPARTMENT: value.department,
            ThemeField.WEEK: value.week,
            ThemeField.AT: moment(value.at),
            ThemeField.AREAS: value.areas,
            ThemeField.THEME: theme.id,
            ThemeField.TITLE: theme.title,
            ThemeField.KEYWORDS: theme.keywords,
            ThemeField.WEEKS: _json(dict(theme.weeks)),
            ThemeField.REPRESENTATIVE_POSTS: theme.representatives,
            ThemeField.QUESTION_POSTS: theme.questions,
            ThemeField.SUGGESTION_POSTS: theme.suggestions,
            ThemeField.CAMPAIGN: theme.campaign,
            ThemeField.FORMED_FROM: theme.formed_from,
            ThemeField.SPLIT_FROM: theme.split_from,
            **_evidence_fields(theme.evidence),
            **_recurrence_fields(theme.recurrence),
        }
    )


def theme_of(source: Source) -> ThemeWeek:
    return ThemeWeek(
        department=source[ThemeField.DEPARTMENT],
        week=source[ThemeField.WEEK],
        at=datetime.fromisoformat(source[ThemeField.AT]),
        areas=tuple(source.get(ThemeField.AREAS, ())),
        theme=Theme(
            id=source[ThemeField.THEME],
            title=source[ThemeField.TITLE],
            keywords=tuple(source.get(ThemeField.KEYWORDS, ())),
            evidence=_evidence_of(source),
            weeks=orjson.loads(source[ThemeField.WEEKS]),
            recurrence=_recurrence_of(source),
            representatives=tuple(source.get(ThemeField.REPRESENTATIVE_POSTS, ())),
            questions=tuple(source.get(ThemeField.QUESTION_POSTS, ())),
            suggestions=tuple(source.get(ThemeField.SUGGESTION_POSTS, ())),
            campaign=source[ThemeField.CAMPAIGN],
            formed_from=tuple(source.get(ThemeField.FORMED_FROM, ())),
            split_from=source.get(ThemeField.SPLIT_FROM),
        ),
    )


def reading_fields(value: ThemesRead) -> dict[str, Any]:
    """Raises UnfitRecord: a time without a zone."""
    left_out = [[each.id, each.rule, each.reason, each.support] for each in value.left_out]
    return without_empty(
        {
            ReadingField.ID: value.id,
            ReadingField.DEPARTMENT: value.department,
            ReadingField.WEEK: value.week,
            ReadingField.AT: moment(value.at),
            ReadingField.THEMES: value.themes,
            ReadingField.LEFT_OUT: _json(left_out),
            ReadingField.COUNTS: _json(dict(value.counts)),
        }
    )


def reading_of(source: Source) -> ThemesRead:
    left_out = orjson.loads(source[ReadingField.LEFT_OUT])
    return ThemesRead(
        department=source[ReadingField.DEPARTMENT],
        week=source[ReadingField.WEEK],
        at=datetime.fromisoformat(source[ReadingField.AT]),
        themes=tuple(source.get(ReadingField.THEMES, ())),
        left_out=tuple(LeftOut(id=id_, rule=rule, reason=why, support=n) for id_, rule, why, n in left_out),
        counts=orjson.loads(source[ReadingField.COUNTS]),
    )


def _evidence_fields(value: Evidence) -> dict[str, Any]:
    return {
        ThemeField.POSTS: value.posts,
        ThemeField.REPOSTS: value.reposts,
        ThemeField.SUPPORT: value.support,
        ThemeField.TEXTS: value.texts,
        ThemeField.VOICES: value.voices,
        ThemeField.HOSTILE: value.hostile,
        ThemeField.QUESTIONS: value.questions,
        ThemeField.SUGGESTIONS: value.suggestions,
    }


def _evidence_of(source: Source) -> Evidence:
    return Evidence(
        posts=source[ThemeField.POSTS],
        reposts=source[ThemeField.REPOSTS],
        texts=source[ThemeField.TEXTS],
        voices=source[ThemeField.VOICES],
        hostile=source[ThemeField.HOSTILE],
        questions=source[ThemeField.QUESTIONS],
        suggestions=source[ThemeField.SUGGESTIONS],
    )


def _recurrence_fields(value: Recurrence) -> dict[str, Any]:
    return {
        ThemeField.TREND: value.trend.value,
        ThemeField.WEEKS_PRESENT: value.weeks_present,
        ThemeField.WEEKS_LOOKED_AT: value.weeks_looked_at,
        ThemeField.FIRST_WEEK: value.first_week,
        ThemeField.REASON: value.reason,
    }


def _recurrence_of(source: Source) -> Recurrence:
    return Recurrence(
        trend=Trend(source[ThemeField.TREND]),
        weeks_present=source[ThemeField.WEEKS_PRESENT],
        weeks_looked_at=source[ThemeField.WEEKS_LOOKED_AT],
        first_week=source[ThemeField.FIRST_WEEK],
        reason=source[ThemeField.REASON],
    )


def _json(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        raise UnfitRecord("it holds something that JSON cannot") from None
