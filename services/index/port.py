"""The index: what is kept to be searched, counted and shown. A port with two adapters (memory, Elasticsearch)."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm, Volume
from soundings.services.domain.posts import HOSTILE_FROM, Mention, PostKind, Sentiment, SpeechAct, Statement
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.domain.urgent import Urgent
from soundings.services.index.fields import Kind

Record = Mention | Statement | Volume | Firestorm | Alert | Notification | Urgent | ThemeWeek | ThemesRead


class IndexUnavailable(Exception):
    """The server is down, overloaded, too slow or refuses us: nothing is wrong with the records, retry later."""


class IndexMismatch(Exception):
    """What the server holds was made with other field types: it must be indexed anew, retrying does not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A record that the index can never take: quarantine it."""

    id: str
    reason: str
    """What is wrong with it; never holds text of a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which mentions are counted; what is None does not narrow."""

    account: str | None = None
    kind: PostKind | None = None
    lang: str | None = None
    sentiment: Sentiment | None = None
    act: SpeechAct | None = None
    hostile: bool | None = None
    """True: hostility of HOSTILE_FROM or more; False: less."""
    source: str | None = None
    thread: str | None = None


EVERYTHING = Where()

WITHDRAWN = (Kind.MENTIONS, Kind.STATEMENTS, Kind.URGENT)
"""What holds words of a post, or was made of it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A department's local day."""

    date: date
    posts: int
    voices: int
    hostile_voices: int
    """Distinct people with at least one post of hostility HOSTILE_FROM or more."""


class Index(Protocol):
    """Times are timezone-aware; a span is from `start` (inclusive) to `end` (exclusive), to the millisecond.

    What was put can be read at once only after `refresh` (without it, within about a second). Each method may raise
    IndexUnavailable. Voices are exact up to 40,000 in a bucket, a close estimate above; the count is of pseudonyms, so
    a span that crosses a change of the pseudonym key counts people twice.
    """

    async def prepare(self) -> None:
        """Make templates, first indices and aliases. May be called again, and by several processes at once.

        Raises:
            IndexMismatch: the indices there have other field types.
        """

    async def put(self, records: Sequence[Record]) -> tuple[Rejected, ...]:
        """Store records under their own ids; putting one again changes nothing.

        A firestorm never replaces a later state of itself, a theme never a later report of its week, a notification
        never one that says more was done.
        Overload is retried inside for half a minute, then raised; what was stored until then stays stored.

        Returns:
            The records that can never be stored, each once.
        """

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        """Mentions by post id; those that are not there are missing from the answer."""

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]:
        """Statements by post id; those that are not there are missing from the answer."""

    def scan_mentions(self, department: str, start: datetime, end: datetime) -> AsyncIterator[Mention]:
        """Every mention of a department in a span, by `created_at`, then id; the view is that of the scan's start.

        Ask for the next one within two minutes, or the scan ends with IndexUnavailable.
        """

    def scan_volumes(self, department: str, start: datetime, end: datetime) -> AsyncIterator[Volume]:
        """Every volume of a department in a span, by minute, then account."""

    async def count_mentions(self, department: str, start: datetime, end: datetime, where: Where = EVERYTHING) -> int:
        """How many posts."""

    async def count_voices(self, department: str, start: datetime, end: datetime, where: Where = EVERYTHING) -> int:
        """How many distinct people."""

    async def daily(self, department: str, start: datetime, end: datetime, timezone: str) -> tuple[Day, ...]:
        """Each local day that the span touches, in order, quiet ones included.

        `timezone` is a name of the IANA database. The first and the last day count only what lies in the span.
        """

    async def statements_between(self, department: str, start: datetime, end: datetime) -> tuple[Statement, ...]:
        """The statements of a department (it is in the post's `departments`), by `created_at`, then id."""

    async def firestorm(self, identifier: str) -> Firestorm | None:
        """The latest state of a firestorm."""

    async def firestorms(self, department: str | None, start: datetime, end: datetime) -> tuple[Firestorm, ...]:
        """Firestorms that were open at any time of a span, by `opened_at`, then id; of all departments if None."""

    async def alerts(self, department: str | None, start: datetime, end: datetime) -> tuple[Alert, ...]:
        """Alerts by `at`, then id; of all departments if None."""

    async def notifications(self, alerts: Collection[str]) -> tuple[Notification, ...]:
        """What became of these alerts (ids), by alert, then channel."""

    async def urgent(self, department: str | None, start: datetime, end: datetime) -> tuple[Urgent, ...]:
        """Posts that could not wait, by `at`, then id; of all departments if None. `url` is not kept here."""

    async def themes_read(self, department: str, week: str) -> ThemesRead | None:
        """The latest report of an ISO week (`2021-W09`); None: nothing of that week has been reported."""

    async def theme_weeks(self, department: str, week: str) -> tuple[ThemeWeek, ...]:
        """The themes that the latest report of an ISO week names, in its order."""

    async def totals(self) -> Mapping[str, int]:
        """Documents by kind, which are those of fields.Kind."""

    async def spoken_by(self, voice: str) -> tuple[str, ...]:
        """Ids of the mentions of one pseudonym, sorted: for the erasure that a person asks for, nothing else."""

    async def holding(self, posts: Collection[str]) -> Mapping[str, int]:
        """How many documents of each kind `take_back` would remove of these posts, every version of them."""

    async def take_back(self, posts: Mapping[str, datetime | None]) -> Mapping[str, int]:
        """Remove mentions and statements by post id, with every repost that repeats their text.

        With a time, only what was said before it: a newer version stays, also one that is put at the same moment. With
        None whatever there is goes, and what was recorded as urgent of it. Also what was put within the last second.

        Returns:
            How many documents went, by kind.
        """

    async def refresh(self) -> None:
        """Make all that was put readable: for tests and before a digest."""

    async def close(self) -> None:
        """Let go of connections; the index cannot be used afterwards."""


__all__ = [
    "EVERYTHING",
    "WITHDRAWN",
    "HOSTILE_FROM",
    "Day",
    "Index",
    "IndexMismatch",
    "IndexUnavailable",
    "Record",
    "Rejected",
    "Where",
]
