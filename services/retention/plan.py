"""What is due for removal at a moment, and why: pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from soundings.services.domain.posts import Statement
from soundings.services.index.fields import Kind

EVERY = timedelta(days=1)
"""Between runs: what is due goes within a day."""

_PSEUDONYM = re.compile(r"user_[0-9a-f]{12}\b")


class Term(StrEnum):
    """How long a kind of document is kept."""

    TEXT = "text"
    """What somebody of the public wrote, or what was made of one such post alone."""
    COUNTS = "counts"
    """Ids, counts, decisions of the machine; our own statements."""
    UNTIL_REMOVED = "until somebody removes it"
    """What people of the department decided, with who and why: its own record."""


TERMS: Mapping[str, Term] = {
    "mentions": Term.TEXT,
    "urgent": Term.TEXT,
    "statements": Term.COUNTS,
    "volumes": Term.COUNTS,
    "firestorms": Term.COUNTS,
    "alerts": Term.COUNTS,
    "notifications": Term.COUNTS,
    "themes": Term.COUNTS,
    "readings": Term.COUNTS,
    "retention": Term.COUNTS,
    "register": Term.UNTIL_REMOVED,
    "decisions": Term.UNTIL_REMOVED,
    "holds": Term.UNTIL_REMOVED,
}
"""By the name of the kind; a kind that is missing here fails a test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long text and counts are kept."""

    text_days: int
    counts_days: int

    def days(self, term: Term) -> int | None:
        """None: no limit."""
        return {Term.TEXT: self.text_days, Term.COUNTS: self.counts_days}.get(term)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Of a kind, everything whose time lies before."""

    kind: Kind
    before: datetime
    reason: str


def plan(limits: Limits, now: datetime) -> tuple[Due, ...]:
    """What is due of each kind at a moment; kinds without a limit are left out.

    The age of a post is counted from when it was posted, not from when it was collected: an archive that is older than
    the limit when it is replayed is due at once.
    """
    found = []
    for kind in Kind:
        term = TERMS[kind.value]
        days = limits.days(term)
        if days is not None:
            reason = f"{term} is kept for {days} days"
            found.append(Due(kind=kind, before=now - timedelta(days=days), reason=reason))
    return tuple(found)


def whole(part: str, before: datetime) -> bool:
    """Whether everything in a month (`2026-03`, UTC) lies before."""
    year, month = (int(number) for number in part.split("-"))
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return end <= before


def next_run(last: datetime | None, now: datetime) -> datetime:
    """When to run: a day after the last run began; at once if there was none, or if the clock was set back since."""
    if last is None or last > now:
        return now
    return max(now, last + EVERY)


def names_somebody(text: str) -> bool:
    """Whether a text of ours holds a pseudonym."""
    return _PSEUDONYM.search(text) is not None


def nameless(statement: Statement) -> Statement:
    """The statement without the pseudonym of whom it answers, and without those in its text."""
    post = statement.post
    text = _PSEUDONYM.sub("user", post.text)
    return replace(statement, post=replace(post, text=text, reply_to_voice=None))
