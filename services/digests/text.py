"""A digest as plain text: for e-mail programs that show no pages, and for people who read none."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from soundings.services.alerts.words import clean, people
from soundings.services.digests import urgent_words, wording
from soundings.services.digests.coverage import NOT_A_SAMPLE
from soundings.services.digests.digest import Digest, Saying
from soundings.services.digests.lines import heading, quotes, wrapped
from soundings.services.digests.theme_text import theme_lines


def text(digest: Digest) -> str:
    return "\n".join(_lines(digest)) + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    zone = ZoneInfo(digest.timezone)
    yield from wrapped(wording.title(digest))
    yield ""
    for line in wording.headline(digest):
        yield from wrapped(line)
    yield ""
    yield from wrapped(NOT_A_SAMPLE)
    yield from theme_lines(digest, zone)
    yield from _volume(digest)
    yield from _urgent(digest, zone)
    yield from _storms(digest, zone)
    if digest.spread:
        yield from heading("What was passed on most")
        for spread in digest.spread:
            yield from quotes([spread.quote])
            yield from wrapped(wording.spread(spread), "  ")
    yield from _questions(digest, zone)
    for act in sorted(digest.acts, key=lambda act: act.name, reverse=True):
        yield from heading(wording.ACTS[act.name][0])
        yield from wrapped(wording.act(act))
        yield from quotes(act.quotes)
    yield from _coverage(digest)
    if digest.dashboard:
        yield f"This week on the dashboard: {digest.dashboard}"


def _volume(digest: Digest) -> Iterator[str]:
    yield from heading("How much was said")
    yield from wrapped(wording.volume(digest.volume))
    yield from wrapped(
        f"{wording.sentence(people(digest.volume.hostile_people))} wrote with hostility, as far as a machine can tell."
    )
    yield f"{'':<14}{'people':>8}{'usual':>8}{'posts':>8}"
    for day in digest.volume.days:
        expected = "-" if day.usual is None else f"{day.usual:,.0f}"
        yield f"{f'{day.day:%A} {day.day.day}':<14}{day.people:>8,}{expected:>8}{day.posts:>8,}"


def _urgent(digest: Digest, zone: ZoneInfo) -> Iterator[str]:
    yield from heading("Posts that could not wait")
    yield from wrapped(urgent_words.summary(digest.urgent, bool(digest.area)))
    for item in digest.urgent.items:
        yield from wrapped(urgent_words.title(item))
        yield from wrapped(urgent_words.facts(item, zone), "  ")
        if item.url:
            yield f"    {item.url}"
    yield from wrapped(urgent_words.MEANS)


def _storms(digest: Digest, zone: ZoneInfo) -> Iterator[str]:
    yield from heading("Storms")
    for storm in digest.storms:
        yield from wrapped(wording.storm_title(storm) + ("" if storm.here else ", elsewhere in the department"))
        for fact in wording.storm_facts(storm, zone):
            yield from wrapped(fact, "  ")
        if storm.statement:
            yield "  Our post that it turned on:"
            yield from quotes([storm.statement])
        if storm.sayings:
            yield "  Repeated most while it was on:"
            yield from _sayings(storm.sayings)
    if not digest.storms:
        yield "None."


def _sayings(items: Iterable[Saying]) -> Iterator[str]:
    for saying in items:
        yield from wrapped(f"“{clean(saying.words, one_line=True)}”: {wording.saying(saying)}")
        yield from quotes(saying.quotes)


def _questions(digest: Digest, zone: ZoneInfo) -> Iterator[str]:
    yield from heading("What people ask")
    if not digest.questions.posts:
        yield "No questions."
        return
    yield from wrapped(f"{wording.asked(digest.questions)} {wording.listed(digest.questions)}")
    for question in digest.questions.groups:
        yield from quotes([question.quote])
        yield from wrapped(wording.question(question, zone, digest.questions.answered is not None), "  ")


def _coverage(digest: Digest) -> Iterator[str]:
    yield from heading("What was collected, and what was not")
    for source, counts in digest.coverage.sources:
        yield from wrapped(
            f"{clean(source, one_line=True)}: {', '.join(f'{count:,}' for count in counts)} (Monday to Sunday)"
        )
    if not digest.coverage.sources:
        yield "Nothing was collected in this week."
    for gap in digest.coverage.gaps:
        yield from wrapped(f"- {clean(gap, one_line=True)}")
    yield from wrapped("- Mood, hostility and what a post does are estimated by a machine, and are sometimes wrong.")
    yield from wrapped("- People are counted by pseudonym; somebody on two platforms counts twice.")
    yield ""
