"""Themes of one department as its stream goes by: what is read, when a report is due, and what it says.

Nothing here looks at a wall clock: the same posts and the same times give the same reports.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

from soundings.services.domain.accounts import Department
from soundings.services.domain.posts import Mention
from soundings.services.domain.register import Teaching
from soundings.services.domain.themes import ThemePost, ThemesRead, ThemeWeek
from soundings.services.themes.encoder import Encoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.report import report
from soundings.services.themes.state import StateError, from_bytes, to_bytes
from soundings.services.themes.tallies import week_of
from soundings.services.themes.teaching import teach
from soundings.services.themes.weekly import no_longer, theme_weeks

HOURS = 6
"""Event time between two reports of a week that goes on: an office sees the morning's themes after lunch."""

WORTH_GROUPING = 0.2
"""New texts, as a share of the micro-clusters, for which themes are formed anew before a week's end: fewer hardly move
them, and forming 1,500 takes as long as reading 400 posts."""

Fetch = Callable[[Sequence[str]], Mapping[str, Mention]]
"""Mentions by post id; those that were deleted are missing from the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A report that is owed: of a week that is over, or of one that goes on."""

    week: str
    at: datetime
    final: bool


@dataclass(slots=True)
class _About:
    """What is known without the engine: small, so that a quiet department need not be in memory."""

    until: str = ""
    """Boundary up to which reports were made, UTC; empty before the first post."""
    fresh: bool = False
    """Posts have come since the last report."""
    going_on: bool = False
    """The last report was of a week that went on: its last one is owed."""
    told: tuple[str, tuple[str, ...]] = ("", ())
    """Week and theme ids of the last report."""
    before: dict[str, int] | None = None
    """The engine's counts at the end of the last week."""
    grouped: int = 0
    """New texts of the stream when themes were last formed."""
    next_theme: int = 0
    """So that ids are never given twice, should the engine's state become unreadable."""


class DepartmentThemes:
    """Not for two threads at once."""

    def __init__(
        self,
        department: Department,
        encoder: Encoder,
        about: bytes | None = None,
        load: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        """
        Args:
            about: as `about()` gave it; None: a new stream.
            load: gives what `to_bytes()` gave with it, when it is needed.
        """
        self._department, self._encoder, self._load = department, encoder, load
        self._zone = ZoneInfo(department.timezone)
        self._about = _About(**orjson.loads(about)) if about else _About()
        self._engine: ThemeEngine | None = None
        self.lost = False
        """The engine's state was of another version or encoder: a new one was begun."""

    @property
    def engine(self) -> ThemeEngine:
        if self._engine is None:
            self._engine = self._loaded()
        return self._engine

    def _loaded(self) -> ThemeEngine:
        held = self._load() if self._about.until else None
        if held is not None:
            try:
                return from_bytes(held, self._encoder)
            except StateError:
                self.lost = True
                self._about.grouped, self._about.before = 0, None
        engine = ThemeEngine(self._encoder, stream=self._department.key)
        engine.next_theme = self._about.next_theme
        return engine

    def read(self, mentions: Sequence[Mention]) -> None:
        """Takes posts in, in order. Their weeks are those of the department's local time."""
        posts = [ThemePost.of(mention) for mention in mentions]
        local = [
            replace(post, created_at=post.created_at.astimezone(self._zone)) if post.created_at else post
            for post in posts
        ]
        self.engine.assign(local)
        if not self._about.until and mentions:
            self._about.until = self._boundary(mentions[0].post.created_at).isoformat()
        self._about.fresh = True

    def due(self, time: datetime, *, ended: bool = False) -> tuple[Due, ...]:
        """Reports owed when the clock has come to `time`; `ended`: and nothing more will be said for now."""
        if not self._about.until or not (self._about.fresh or self._about.going_on):
            return ()
        until, reached = datetime.fromisoformat(self._about.until), self._boundary(time)
        owed = [Due(week=week, at=at, final=True) for week, at in self._weeks_ended(until, reached)]
        if ended and self._about.fresh and time > until:
            owed.append(Due(week=self._week(time), at=time, final=False))
        elif reached > until and self._about.fresh and not (owed and owed[-1].at == reached):
            owed.append(Due(week=self._week(reached), at=reached, final=False))
        return tuple(owed)

    def passed(self, due: Due) -> None:
        """Takes note that this is done, or that it need not be."""
        self._about.until = max(self._about.until, self._boundary(due.at).isoformat())

    def worth_grouping(self, due: Due) -> bool:
        new = self.engine.reader.texts - self._about.grouped
        return due.final or new >= WORTH_GROUPING * self.engine.micro.live

    def group(self, due: Due, taught: Iterable[Teaching]) -> tuple[str, ...]:
        """Forms themes anew, as people decided; returns the themes of decisions that the engine does not know."""
        unknown = []
        for teaching in taught:
            try:
                teach(self.engine, teaching)
            except ValueError:
                unknown.append(teaching.theme)
        self.engine.regroup()
        self._about.grouped = self.engine.reader.texts
        return tuple(unknown)

    def report(self, due: Due, fetch: Fetch) -> tuple[ThemeWeek | ThemesRead, ...]:
        """What is to be published, the themes before what names them. Changes nothing about themes."""
        held: dict[str, Mention] = {}

        def texts(ids: Sequence[str]) -> Mapping[str, str]:
            held.update(fetch(ids))
            return {name: mention.post.text for name, mention in held.items()}

        made = report(self.engine, texts, week=due.week)
        before = self._about.before or {}
        read = ThemesRead(
            department=self._department.key,
            week=due.week,
            at=due.at,
            themes=tuple(theme.id for theme in made.themes),
            left_out=made.left_out,
            counts={name: number - before.get(name, 0) for name, number in made.counts.items()},
        )
        week, told = self._about.told
        gone = [theme for theme in told if week == due.week and theme not in read.themes]
        weeks = theme_weeks(self._department, due.at, made, self.engine, held)
        self._about.told = due.week, read.themes
        # What was said after the week's end, and read before the clock had passed it, is yet to be reported.
        self._about.fresh = due.final and any(name > due.week for weeks in self.engine.weeks.values() for name in weeks)
        self._about.going_on = not due.final
        if due.final:
            self._about.before = dict(self.engine.counts)
        return (*weeks, *(no_longer(self._department.key, due.week, due.at, theme) for theme in gone), read)

    def about(self) -> bytes:
        if self._engine is not None:
            self._about.next_theme = self._engine.next_theme
        return orjson.dumps(self._about)

    def to_bytes(self) -> bytes:
        return to_bytes(self.engine)

    def _boundary(self, time: datetime) -> datetime:
        """The last local time of a multiple of HOURS, UTC."""
        local = time.astimezone(self._zone)
        return local.replace(hour=local.hour // HOURS * HOURS, minute=0, second=0, microsecond=0, fold=0).astimezone(
            UTC
        )

    def _week(self, time: datetime) -> str:
        return week_of(time.astimezone(self._zone))

    def _weeks_ended(self, until: datetime, reached: datetime) -> list[tuple[str, datetime]]:
        """Weeks with posts that were over between the two boundaries, with the local midnight that ended each."""
        if reached <= until:
            return []
        day = until.astimezone(self._zone).date()
        monday = day - timedelta(days=day.weekday())
        ended: list[tuple[str, datetime]] = []
        while True:
            last, monday = monday, monday + timedelta(days=7)
            end = datetime(monday.year, monday.month, monday.day, tzinfo=self._zone).astimezone(UTC)
            if end > reached:
                return ended
            if end > until and self._has(name := f"{last.isocalendar().year}-W{last.isocalendar().week:02}"):
                ended.append((name, end))

    def _has(self, week: str) -> bool:
        return any(week in weeks for weeks in self.engine.weeks.values())
