"""What was collected and what was missed, said before anything is concluded from it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.words import plural
from soundings.services.digests.counts import ENOUGH
from soundings.services.digests.digest import Coverage
from soundings.services.digests.material import Material
from soundings.services.domain.posts import Mention, PostKind

_FEW = 0.2
"""Of a usual day's people: a day below it looks like a fault of collection, not like quiet."""
_NOTICEABLE = 10
"""People on a usual day below which a quiet day says nothing."""

NOT_A_SAMPLE = (
    "This is not a sample of the public. It is what some people chose to say to these accounts on these platforms, in "
    "posts that could be collected. Most people never post; those who do are angrier, more often online and more "
    "interested than others. Take from it what is said and why, not how many of the public think so."
)


def coverage(material: Material, mentions: Sequence[Mention], now: datetime) -> Coverage:
    return Coverage(
        sources=tuple(sorted(material.collected.items())),
        gaps=tuple(_gaps(material, mentions, now)),
    )


def _gaps(material: Material, mentions: Sequence[Mention], now: datetime) -> Iterator[str]:
    zone = ZoneInfo(material.department.timezone)
    days = material.week.days
    over = [day for day in days if day <= now.astimezone(zone).date()]
    if now < material.week.span(zone)[1]:
        yield "The week is not over: days to come are missing."
    for source in sorted(material.past_sources - material.collected.keys()):
        yield f"Nothing came from {source} in the whole week, though it did in the weeks before."
    for source, counts in sorted(material.collected.items()):
        silent = [day for day, count in zip(days, counts, strict=True) if not count and day in over]
        if silent:
            yield f"Nothing came from {source} on {_names(silent)}."
    if thin := _thin(material, over):
        yield f"Far fewer people than usual on {_names(thin)}: collection may have failed for some hours."
    if material.past.weeks and len(material.past.weeks) < ENOUGH:
        known = len(material.past.weeks)
        verb = "is" if known == 1 else "are"
        yield f"Only {plural(known, 'week')} before this one {verb} known: too few to say what is usual."
    elif not material.past.weeks:
        yield "No week before this one is known, so nothing can be said about what is usual."
    yield from _posts(mentions)
    silent_sources = sorted({name for alert in material.alerts for name in alert.stale_sources})
    if silent_sources:
        yield f"While a storm was on, nothing was heard from {', '.join(silent_sources)} for some minutes."


def _posts(mentions: Sequence[Mention]) -> Iterator[str]:
    if not mentions:
        return
    if not any(mention.post.kind is PostKind.REPOST for mention in mentions):
        yield "Reposts were not collected: how far something spread cannot be seen."
    if cut := sum(not mention.post.text_complete for mention in mentions):
        share = 100 * cut / len(mentions)
        percent = "under 1" if share < 1 else f"{share:.0f}"
        yield f"Of {plural(cut, 'post')} ({percent} %) only the first part of the text was delivered."
    if all(mention.post.reach is None for mention in mentions):
        yield "Follower counts were not delivered: large and small accounts look the same here."


def _thin(material: Material, over: Sequence[date]) -> list[date]:
    """Days on which the whole department heard from far fewer sources' posts than on its other days."""
    totals = [sum(counts[number] for counts in material.collected.values()) for number in range(7)]
    found = []
    for number, day in enumerate(material.week.days):
        usual = material.past.usual_day(number)
        people = len({m.post.voice for m in material.mentions if _local(m, material) == day})
        if day in over[:-1] and totals[number] and usual and usual >= _NOTICEABLE and people < _FEW * usual:
            found.append(day)
    return found


def _local(mention: Mention, material: Material) -> date:
    return mention.post.created_at.astimezone(ZoneInfo(material.department.timezone)).date()


def _names(days: Sequence[date]) -> str:
    names = [f"{day:%A}" for day in days]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
