"""The themes of a digest as lines of plain text."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from soundings.services.digests import theme_words, wording
from soundings.services.digests.digest import Digest
from soundings.services.digests.lines import heading, quotes, wrapped
from soundings.services.digests.theme_items import ThemeItem, Themes
from soundings.services.digests.themes import NAMED


def theme_lines(digest: Digest, zone: ZoneInfo) -> Iterator[str]:
    themes = digest.themes
    yield from _asks(themes)
    yield from _said(themes)
    if themes.campaigns or digest.copies:
        yield from heading("Campaigns and copied texts")
        yield from wrapped("The same words posted again and again; kept apart. Count the people, not the posts.")
        for item in themes.campaigns:
            yield from wrapped(f"{theme_words.name(item.title)}: {theme_words.counts(item)}")
            yield from quotes(item.quotes)
        for copied in digest.copies:
            yield from quotes([copied.quote])
            yield from wrapped(wording.copied(copied), "  ")
    if themes.reported or themes.decisions or themes.open:
        yield from _decisions(themes, zone)


def _asks(themes: Themes) -> Iterator[str]:
    if not themes.asks:
        return
    yield from heading("Decisions asked of you")
    for number, ask in enumerate(themes.asks, start=1):
        yield from wrapped(f"{number}. {theme_words.name(ask.title)}. {theme_words.ask(ask)} [{ask.theme}]")


def _said(themes: Themes) -> Iterator[str]:
    yield from heading("What people keep saying")
    for group, items in theme_words.grouped(themes):
        yield ""
        yield f"{group}:"
        for item in items:
            yield from _item(item)
    if not themes.items and themes.reported:
        yield theme_words.NONE
    if themes.stormy:
        yield ""
        yield "Said in a storm of this week, of which more below:"
        for item in themes.stormy:
            yield ""
            yield from wrapped(f"{theme_words.name(item.title)}: {theme_words.counts(item)}")
            yield from quotes(item.quotes)
    if themes.others:
        more = len(themes.others) - NAMED
        rest = f"; and {more} smaller ones" if more > 0 else ""
        yield ""
        yield from wrapped(f"Also: {theme_words.named(themes.others[:NAMED])}{rest}.")
    if themes.silent:
        yield from wrapped(f"Not heard this week, but in the week before: {theme_words.named(themes.silent)}.")
    for note in themes.notes:
        yield from wrapped(f"- {theme_words.name(note)}")


def _item(item: ThemeItem) -> Iterator[str]:
    yield ""
    yield from wrapped(f"{theme_words.name(item.title)}: {theme_words.counts(item)}")
    yield from wrapped(f"{theme_words.standing(item)} {theme_words.inside(item)}".rstrip(), "  ")
    yield from quotes(item.quotes) if item.quotes else wrapped(theme_words.NO_QUOTE, "  ")
    for title, found in (("Asked:", item.questions), ("Suggested:", item.suggestions)):
        if found:
            yield f"  {title}"
            yield from quotes(found)


def _decisions(themes: Themes, zone: ZoneInfo) -> Iterator[str]:
    yield from heading("You said, we did")
    for decision in themes.decisions:
        yield from wrapped(f"{theme_words.name(decision.title)}: {theme_words.decision(decision, zone)}")
        if decision.change:
            yield f"    {decision.change.link}"
    if not themes.decisions:
        yield "Nothing was decided about a theme this week."
    yield from wrapped(theme_words.open_words(themes))
