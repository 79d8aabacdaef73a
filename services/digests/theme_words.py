"""Themes, decisions and what is asked for, as sentences shared by the page and the plain text."""

from datetime import date
from zoneinfo import ZoneInfo

from soundings.services.alerts.words import clean, people, plural
from soundings.services.digests.theme_items import Ask, Decision, Named, ThemeItem, Themes
from soundings.services.domain.themes import Trend
from soundings.services.themes import wording

GROUPS = {
    Trend.NEW: "New",
    Trend.GROWING: "Growing",
    Trend.BACK: "Back again",
    Trend.STEADY: "Recurring",
    Trend.FADING: "Fading",
    Trend.QUIET: "Hardly heard",
}
NO_QUOTE = "No post of it can be quoted: those that stand for it are reposts, abusive, or gone."
NONE = "No theme of this week has enough posts to be told."


def grouped(themes: Themes) -> tuple[tuple[str, tuple[ThemeItem, ...]], ...]:
    """The themes under the words for their trend, in their order."""
    found: dict[str, list[ThemeItem]] = {}
    for item in themes.items:
        found.setdefault(GROUPS[item.recurrence.trend], []).append(item)
    return tuple((name, tuple(items)) for name, items in found.items())


def name(title: str) -> str:
    return clean(title, one_line=True)


def counts(item: ThemeItem) -> str:
    """`120 people (80 the week before), 130 posts, 40 reposts; in its 5th week of the last 8`.

    A trend of posts that people do not bear out is said to be one.
    """
    before = "" if item.people_before is None else f" ({item.people_before:,} the week before)"
    facts = [f"{people(item.people)}{before}", plural(item.posts, "post")]
    if item.reposts:
        facts.append(plural(item.reposts, "repost"))
    found = ", ".join(facts)
    seen = item.recurrence
    if seen.weeks_present > 1:
        found += f"; in its {wording.nth(seen.weeks_present)} week of the last {seen.weeks_looked_at}"
    return found + _against_people(item)


def _against_people(item: ThemeItem) -> str:
    """The trend is that of posts and reposts; where people say the opposite, the reader is told."""
    if item.people_before is None:
        return ""
    if item.recurrence.trend is Trend.GROWING and item.people < item.people_before:
        return "; more is said than usual, by fewer people than in the week before"
    if item.recurrence.trend is Trend.FADING and item.people > item.people_before:
        return "; less is said than usual, by more people than in the week before"
    return ""


def inside(item: ThemeItem) -> str:
    """What posts in it do; empty if they neither ask nor suggest nor abuse."""
    counted = (
        (item.asked, "post asks something", "posts ask something"),
        (item.suggested, "post suggests something", "posts suggest something"),
        (item.hostile, "post or repost is hostile", "posts and reposts are hostile"),
    )
    facts = [plural(number, one, many) for number, one, many in counted if number]
    return ", ".join(facts) + "." if facts else ""


def standing(item: ThemeItem) -> str:
    """Who owns it and how far it is."""
    if item.progress is None:
        areas = f" Its posts are about {name(', '.join(item.areas))}." if item.areas else ""
        return f"Nobody owns it yet.{areas}"
    owner = f", {name(item.owner)}" if item.owner else ""
    return f"{name(', '.join(item.areas))}{owner}: {item.progress}."


def named(items: tuple[Named, ...]) -> str:
    return "; ".join(f"{name(item.title)} ({people(item.people)})" for item in items)


def ask(item: Ask) -> str:
    """`Late ferries: say who looks at it by Friday 17 July (heard since 3 July)`."""
    when = f"was due on {_day(item.due)}" if item.overdue else f"by {_day(item.due)}"
    owner = f"; owner {name(item.owner)}" if item.owner else ""
    return f"{item.words}, {when} ({item.because}{owner})."


def asked(themes: Themes) -> str:
    """For the box at the top; empty where nothing is asked."""
    if not themes.asks:
        return ""
    late = sum(item.overdue for item in themes.asks)
    first = min(item.due for item in themes.asks if not item.overdue) if late < len(themes.asks) else None
    said = f"{plural(len(themes.asks), 'decision is', 'decisions are')} asked of you"
    if late:
        said += f", {late} overdue"
    return said + (f", the next by {_day(first)}." if first else ".")


def decision(item: Decision, zone: ZoneInfo) -> str:
    """`answered by r.rowe on Tuesday 7 July: the reason`."""
    local = item.at.astimezone(zone)
    who = name(item.who)
    return f"{item.words}, by {who} on {_day(local.date())}: {name(item.note)}"


def open_words(themes: Themes) -> str:
    if not themes.open:
        return "No theme has been adopted yet."
    stages = ", ".join(f"{count} {progress}" for progress, count in themes.open)
    return f"Adopted themes: {stages}."


def headline(themes: Themes) -> str:
    """The largest themes, and what is new, in a sentence; empty where there is none."""
    if not themes.items:
        return ""
    largest = sorted(themes.items, key=lambda item: (-item.people, item.id))[:3]
    said = "Most people: " + "; ".join(f"{name(i.title)} ({people(i.people)})" for i in largest) + "."
    for group, trend in (("New", Trend.NEW), ("Growing", Trend.GROWING)):
        found = [i for i in themes.items if i.recurrence.trend is trend and i not in largest][:2]
        if found:
            said += f" {group}: " + "; ".join(f"{name(i.title)} ({people(i.people)})" for i in found) + "."
    return said


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
