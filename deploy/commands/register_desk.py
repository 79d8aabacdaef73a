"""Where the commands about themes work: settings, accounts, the index and the register, and errors as sentences."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from getpass import getuser
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from soundings.deploy.commands.target import target
from soundings.services.alerts.evidence import named_handles
from soundings.services.digests.making import find_department
from soundings.services.digests.quotes import quotable, quote
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.domain.register import Entry, Standing
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.port import Index, IndexMismatch, IndexUnavailable
from soundings.services.index.register import ElasticsearchRegister
from soundings.services.intake.accounts import load_accounts
from soundings.services.themes.deciding import Signed, UnknownTheme, find, latest
from soundings.services.themes.register_store import Outdated, RegisterStore
from soundings.services.themes.register_store import department_of as department_key
from soundings.services.themes.shown import Shown, of_area, shown

T = TypeVar("T")

WRONG = 2
"""Exit code: it cannot be done like that."""
FAILED = 1
"""Exit code: it could not be done now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    department: Department
    week: str
    read: ThemesRead | None
    themes: tuple[Shown, ...]
    silent: tuple[Entry, ...]
    """Adopted themes that nothing was said about in the week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    department: Department
    week: ThemeWeek | None
    entry: Entry | None
    posts: tuple[str, ...]
    questions: tuple[str, ...]
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    book: AccountBook
    index: Index
    store: RegisterStore
    runner: asyncio.Runner

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(call)

    def department(self, key: str, area: str = "") -> Department:
        return find_department(self.book, key, area)

    def department_of(self, theme: str) -> Department:
        """The department that a theme's id begins with."""
        found = self.book.department(department_key(theme))
        if found is None:
            raise UnknownTheme(f"{theme!r} is no theme: ids look like {self.book.departments[0].key}:12")
        return found

    def until(self, department: Department, week: str) -> date:
        """The last day of the week asked for, or today."""
        return Week.parse(week).days[-1] if week else datetime.now(ZoneInfo(department.timezone)).date()

    def signed(self, who: str, note: str) -> Signed:
        return Signed(who=who or getuser(), at=datetime.now(UTC), note=note)

    async def themes(self, department: Department, week: str, area: str, owner: str) -> Listed:
        name = str(Week.parse(week)) if week else ""
        name = name or await latest(self.index, department.key, self.until(department, ""))
        weeks = await self.index.theme_weeks(department.key, name)
        entries = await self.store.of_department(department.key)
        heard = {each.theme.id for each in weeks}
        silent = [e for e in entries if e.standing is Standing.ADOPTED and e.theme not in heard]
        themes = shown(weeks, entries)
        if area:
            themes = of_area(themes, area)
            silent = [entry for entry in silent if entry.area.casefold() == area.strip().casefold()]
        if owner:
            themes = tuple(each for each in themes if each.owner.casefold() == owner.casefold())
            silent = [entry for entry in silent if entry.owner.casefold() == owner.casefold()]
        read = await self.index.themes_read(department.key, name)
        return Listed(department=department, week=name, read=read, themes=themes, silent=tuple(silent))

    async def show(self, theme: str, week: str) -> Told:
        department = self.department_of(theme)
        entry = await self.store.get(theme)
        try:
            found = await find(self.index, theme, self.until(department, week))
        except UnknownTheme:
            if entry is None:
                raise
            found = None
        held = found.theme if found else None
        return Told(
            department=department,
            week=found,
            entry=entry,
            posts=await self._texts(held.representatives if held else ()),
            questions=await self._texts(held.questions if held else ()),
            suggestions=await self._texts(held.suggestions if held else ()),
        )

    async def _texts(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """As they may be quoted; what was deleted or is abusive is missing."""
        posts = await self.index.mentions(ids) if ids else {}
        named = named_handles(self.book)
        held = [posts[name] for name in ids if name in posts]
        return tuple(quote(mention.post, named).text for mention in held if quotable(mention, short=True))


@contextmanager
def connected(accounts: Path | None) -> Iterator[Desk]:
    settings = target(accounts)
    book = load_accounts(settings.accounts)
    with asyncio.Runner() as runner:
        index = ElasticsearchIndex.at(settings.elasticsearch)
        store = ElasticsearchRegister.at(settings.elasticsearch)
        try:
            yield Desk(book=book, index=index, store=store, runner=runner)
        finally:
            runner.run(store.close())
            runner.run(index.close())


@contextmanager
def desk(accounts: Path | None) -> Iterator[Desk]:
    """Errors end the command with a sentence: exit code 2 if it cannot be done like that, 1 if not now."""
    try:
        with connected(accounts) as found:
            yield found
    except Outdated as error:
        _end(f"somebody else decided meanwhile, nothing was changed: {error}. Look at it again", FAILED)
    except (IndexUnavailable, IndexMismatch) as error:
        _end(f"nothing was changed, Elasticsearch cannot be used: {error}", FAILED)
    except (ValueError, LookupError) as error:
        _end(str(error), WRONG)


def _end(words: str, code: int) -> None:
    typer.echo(f"soundings themes: {words}", err=True)
    raise typer.Exit(code)
