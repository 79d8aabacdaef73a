"""A digest written to files, whole or not at all: page, plain text, JSON and CSV."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import orjson

from soundings.services.digests.digest import Digest, Saying
from soundings.services.digests.page import page
from soundings.services.digests.quote import Quote
from soundings.services.digests.text import text
from soundings.services.digests.theme_items import Themes

VERSION = 2
"""Of the JSON's form: raised when a field changes its meaning or goes."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run as a formula at the start of a cell."""
COLUMNS = ("section", "item", "people", "posts", "usual_people_a_week", "post", "url")
"""Of a theme the fifth is the number of people in the week before."""


def write(digest: Digest, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write `stem`.html, .txt, .json and .csv into the folder, replacing older ones; nothing is left half written.

    Raises:
        OSError: the folder cannot be made or written to; then what was there before is still there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "html": page(digest).encode(),
        "txt": text(digest).encode(),
        "json": as_json(digest),
        "csv": as_csv(digest).encode("utf-8-sig"),  # with a byte order mark: Excel takes it for Latin-1 without
    }
    targets = {suffix: folder / f"{stem}.{suffix}" for suffix in contents}
    halves = {suffix: folder / f".{stem}.{suffix}.{os.getpid()}" for suffix in contents}
    try:
        for suffix, content in contents.items():
            with halves[suffix].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for suffix, half in halves.items():
            half.replace(targets[suffix])
    finally:
        for half in halves.values():
            half.unlink(missing_ok=True)
    return tuple(targets.values())


def as_json(digest: Digest) -> bytes:
    return orjson.dumps({"version": VERSION, "digest": digest}, option=orjson.OPT_INDENT_2)


def as_csv(digest: Digest) -> str:
    """A row for each thing counted and each quotation, for whoever wants to sort them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _rows(digest):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _rows(digest: Digest) -> Iterator[tuple[object, ...]]:
    volume = digest.volume
    yield "week", digest.week, volume.people, volume.posts, volume.usual_people, "", ""
    for day in volume.days:
        yield "day", day.day.isoformat(), day.people, day.posts, day.usual, "", ""
    for source, counts in digest.coverage.sources:
        yield "source", source, "", sum(counts), "", "", ""
    for kind, count in digest.urgent.counts:
        yield "urgent", kind.value, "", count, "", "", ""
    for item in digest.urgent.items:
        yield f"urgent {item.kind}", f"{item.at.isoformat()} {item.reason}", "", item.posts, "", item.post, item.url
    for storm in digest.storms:
        yield "storm", f"{storm.severity} {storm.kind} {storm.id}", storm.people, "", storm.usual_people, "", ""
        yield from _sayings("storm saying", storm.sayings)
    yield from _themes(digest.themes)
    for spread in digest.spread:
        yield "passed on", spread.quote.text, spread.people, "", "", spread.quote.post, spread.quote.url
    for question in digest.questions.groups:
        quote = question.quote
        yield "question", quote.text, question.people, question.posts, "", quote.post, quote.url
    for act in digest.acts:
        yield act.name, "", act.people, act.posts, act.usual_people, "", ""
        yield from _quotes(f"{act.name} quote", act.quotes)
    for copied in digest.copies:
        yield "copied", copied.quote.text, copied.people, copied.posts, "", copied.quote.post, copied.quote.url


def _themes(themes: Themes) -> Iterator[tuple[object, ...]]:
    for section, items in (("theme", themes.items), ("storm theme", themes.stormy), ("campaign", themes.campaigns)):
        for item in items:
            # Posts and reposts: both put a name to it. The trend stands with the name, to sort and filter by.
            title = f"{item.title} [{item.id}, {item.recurrence.trend}]"
            yield section, title, item.people, item.posts + item.reposts, item.people_before, "", ""
            yield from _quotes(f"{section} quote", item.quotes)
            yield from _quotes(f"{section} question", item.questions)
            yield from _quotes(f"{section} suggestion", item.suggestions)
    for other in themes.others:
        yield "theme", f"{other.title} [{other.id}]", other.people, "", "", "", ""
    for step in themes.decisions:
        link = step.change.link if step.change else ""
        yield "decision", f"{step.title}: {step.words}. {step.note}", "", "", "", "", link
    for ask in themes.asks:
        yield "asked of you", f"{ask.title}: {ask.words}, {ask.due.isoformat()}", "", "", "", "", ""


def _sayings(section: str, sayings: tuple[Saying, ...]) -> Iterator[tuple[object, ...]]:
    for saying in sayings:
        yield section, saying.words, saying.people, saying.posts, "", "", ""
        yield from _quotes(f"{section} quote", saying.quotes)


def _quotes(section: str, quotes: tuple[Quote, ...]) -> Iterator[tuple[object, ...]]:
    for quote in quotes:
        yield section, quote.text, "", "", "", quote.post, quote.url


def _cell(value: object) -> object:
    if value is None:
        return ""
    # A leading apostrophe keeps a spreadsheet from running somebody's post.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
