"""Themes on a terminal: a table of a week, a page of one theme."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from soundings.deploy.commands.register_desk import Listed, Told
from soundings.services.alerts.words import people, plural, shorten
from soundings.services.domain.register import Entry
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.themes import wording
from soundings.services.themes.shown import Shown

PIPED = 200
"""Columns where nobody has set a width: a line for each theme, for grep and less."""
TITLE = 60
"""Characters of a title in a table: most have fewer."""


def listed(found: Listed, console: Console | None = None) -> None:
    """One line for each theme, campaigns last."""
    out = console or _console()
    table = Table(title=f"{found.department.name}, week {found.week}", title_justify="left", expand=False)
    for name in ("theme", "title", "people", "posts", "trend", "standing", "area", "owner", "progress"):
        number = name in ("people", "posts")
        table.add_column(name, justify="right" if number else "left", no_wrap=name == "theme" or number)
    for each in sorted(found.themes, key=lambda each: each.theme.campaign):
        table.add_row(*map(Text, _cells(each)))
    for entry in found.silent:
        table.add_row(*map(Text, _silent(entry)))
    out.print(table)
    for line in _read(found.read):
        out.print(Text(line))


def told(found: Told, console: Console | None = None) -> None:
    """All that is known about a theme."""
    out = console or _console()
    for line in _page(found):
        out.print(Text(line))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=PIPED)


def _cells(each: Shown) -> tuple[str, ...]:
    evidence = each.theme.evidence
    trend = wording.trend(each.theme.recurrence) + (", campaign" if each.theme.campaign else "")
    areas = wording.title_of(", ".join(each.areas))
    return (
        each.theme.id,
        shorten(wording.title_of(each.title), TITLE),
        f"{evidence.voices:,}",
        f"{evidence.support:,}",
        trend,
        each.standing,
        areas,
        wording.title_of(each.owner),
        str(each.progress or ""),
    )


def _silent(entry: Entry) -> tuple[str, ...]:
    title, area, owner = (wording.title_of(part) for part in (entry.title, entry.area, entry.owner))
    return (
        entry.theme,
        shorten(title, TITLE),
        "0",
        "0",
        "quiet",
        str(entry.standing),
        area,
        owner,
        str(entry.progress or ""),
    )


def _read(read: ThemesRead | None) -> Iterator[str]:
    """What the table rests on, and what is not in it."""
    if read is None:
        yield "There is no report of this week."
        return
    yield "; ".join(f"{name} {count:,}" for name, count in read.counts.items() if count)
    if read.left_out:
        yield f"{plural(len(read.left_out), 'small or doubled theme')} left out."


def _page(found: Told) -> Iterator[str]:
    zone = ZoneInfo(found.department.timezone)
    entry = found.entry
    title = entry.title if entry else found.week.theme.title if found.week else ""
    yield wording.title_of(title)
    yield wording.entry_words(entry) if entry else "A candidate: nobody has decided about it."
    yield from _evidence(found.week) if found.week else ("Nothing was said about it of late.",)
    for heading, texts in (("Posts", found.posts), ("Questions", found.questions), ("Suggestions", found.suggestions)):
        if texts:
            yield ""
            yield f"{heading}:"
            yield from (f"  > {text}" for text in texts)
    if entry:
        yield ""
        yield "Decisions:"
        for step in entry.history:
            who, note = wording.title_of(step.who), wording.title_of(step.note)
            yield f"  {wording.day(step.at, zone)}, {who}: {wording.step_words(step)}. {note}"
            if step.change:
                yield f"    {step.change.link}"


def _evidence(week: ThemeWeek) -> Iterator[str]:
    theme = week.theme
    evidence = theme.evidence
    yield (
        f"Week {week.week}: {people(evidence.voices)}, {plural(evidence.posts, 'post')}, "
        f"{plural(evidence.reposts, 'repost')}; {wording.trend(theme.recurrence)} ({theme.recurrence.reason})"
        + ("; a campaign: mostly copied text, or few people" if theme.campaign else "")
    )
    if week.areas:
        yield f"Policy areas by its words: {wording.title_of(', '.join(week.areas))}"
    if theme.weeks:
        yield "By week: " + ", ".join(f"{name} {count:,}" for name, count in list(theme.weeks.items())[-8:] if name)
