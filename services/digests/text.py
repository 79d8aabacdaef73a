"""A digest as plain text: for e-mail programs that show no pages, and for people who read none."""

import textwrap
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from soundings.services.alerts.words import clean, people
from soundings.services.digests import wording
from soundings.services.digests.coverage import NOT_A_SAMPLE
from soundings.services.digests.digest import Digest, Quote, Saying

_WIDTH = 76
"""Characters: a plain-text letter that is quoted once still fits in 80."""


def text(digest: Digest) -> str:
    return "\n".join(_lines(digest)) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    zone = ZoneInfo(digest.timezone)
    yield from _wrapped(wording.title(digest))
    yield ""
    for line in wording.headline(digest):
        yield from _wrapped(line)
    yield ""
    yield from _wrapped(NOT_A_SAMPLE)
    yield from _volume(digest)
    yield from _storms(digest, zone)
    yield from _heading(wording.sayings_title(digest))
    yield from _sayings(digest.sayings)
    if not digest.sayings:
        yield "No phrase was used by three people or more."
    if digest.spread:
        yield from _heading("What was passed on most")
        for spread in digest.spread:
            yield from _quotes([spread.quote])
            yield from _wrapped(wording.spread(spread), "  ")
    yield from _questions(digest, zone)
    for act in sorted(digest.acts, key=lambda act: act.name, reverse=True):
        yield from _heading(wording.ACTS[act.name][0])
        yield from _wrapped(wording.act(act))
        yield from _quotes(act.quotes)
    if digest.copies:
        yield from _heading("Copied texts")
        yield from _wrapped("The same words posted again and again; left out above. Count the people, not the posts.")
        for copied in digest.copies:
            yield from _quotes([copied.quote])
            yield from _wrapped(wording.copied(copied), "  ")
    yield from _coverage(digest)
    if digest.dashboard:
        yield f"This week on the dashboard: {digest.dashboard}"


def _volume(digest: Digest) -> Iterator[str]:
    yield from _heading("How much was said")
    yield from _wrapped(wording.volume(digest.volume))
    yield from _wrapped(
        f"{wording.sentence(people(digest.volume.hostile_people))} wrote with hostility, as far as a machine can tell."
    )
    yield f"{'':<14}{'people':>8}{'usual':>8}{'posts':>8}"
    for day in digest.volume.days:
        expected = "-" if day.usual is None else f"{day.usual:,.0f}"
        yield f"{f'{day.day:%A} {day.day.day}':<14}{day.people:>8,}{expected:>8}{day.posts:>8,}"


def _storms(digest: Digest, zone: ZoneInfo) -> Iterator[str]:
    yield from _heading("Storms")
    for storm in digest.storms:
        yield from _wrapped(wording.storm_title(storm) + ("" if storm.here else ", elsewhere in the department"))
        for fact in wording.storm_facts(storm, zone):
            yield from _wrapped(fact, "  ")
        if storm.statement:
            yield "  Our post that it turned on:"
            yield from _quotes([storm.statement])
        if storm.sayings:
            yield "  Repeated most while it was on:"
            yield from _sayings(storm.sayings)
    if not digest.storms:
        yield "None."


def _sayings(items: Iterable[Saying]) -> Iterator[str]:
    for saying in items:
        yield from _wrapped(f"“{clean(saying.words, one_line=True)}”: {wording.saying(saying)}")
        yield from _quotes(saying.quotes)


def _questions(digest: Digest, zone: ZoneInfo) -> Iterator[str]:
    yield from _heading("What people ask")
    if not digest.questions.posts:
        yield "No questions."
        return
    yield from _wrapped(wording.asked(digest.questions))
    for question in digest.questions.groups:
        yield from _quotes([question.quote])
        yield from _wrapped(wording.question(question, zone, digest.questions.answered is not None), "  ")


def _coverage(digest: Digest) -> Iterator[str]:
    yield from _heading("What was collected, and what was not")
    for source, counts in digest.coverage.sources:
        yield from _wrapped(
            f"{clean(source, one_line=True)}: {', '.join(f'{count:,}' for count in counts)} (Monday to Sunday)"
        )
    if not digest.coverage.sources:
        yield "Nothing was collected in this week."
    for gap in digest.coverage.gaps:
        yield from _wrapped(f"- {clean(gap, one_line=True)}")
    yield from _wrapped("- Mood, hostility and what a post does are estimated by a machine, and are sometimes wrong.")
    yield from _wrapped("- People are counted by pseudonym; somebody on two platforms counts twice.")
    yield ""


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield title.upper()


def _quotes(quotes: Iterable[Quote]) -> Iterator[str]:
    for quote in quotes:
        yield from _wrapped(quote.text, "  > ")
        if quote.url:
            yield f"    {quote.url}"


def _wrapped(line: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        line, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
