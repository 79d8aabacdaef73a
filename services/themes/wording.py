"""Themes and decisions about them in words, shared by the command line and the digest."""

from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.words import clean
from soundings.services.domain.register import Action, Change, Entry, Step
from soundings.services.domain.themes import Recurrence, Trend


def trend(recurrence: Recurrence) -> str:
    """`new`, `growing, in its 5th of 8 weeks`, `recurring, in its 3rd of 8 weeks`, `back`."""
    if recurrence.trend in (Trend.NEW, Trend.QUIET, Trend.BACK):
        return recurrence.trend.value
    word = "recurring" if recurrence.trend is Trend.STEADY else recurrence.trend.value
    if recurrence.weeks_present < 2:
        return word
    return f"{word}, in its {nth(recurrence.weeks_present)} of {recurrence.weeks_looked_at} weeks"


def nth(number: int) -> str:
    if 10 < number % 100 < 14:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def title_of(words: str) -> str:
    """A title made of people's words, on one line and without what could hide in it."""
    return clean(words, one_line=True)


def entry_words(entry: Entry) -> str:
    """`d:7 “Late ferries”: adopted, being looked at; area Ferries, a@example.org`."""
    state = f"{entry.standing}, {entry.progress}" if entry.progress else str(entry.standing)
    if entry.into:
        state += f" into {', '.join(entry.into)}"
    held = ", ".join(clean(part, one_line=True) for part in (entry.area, entry.owner) if part)
    return f"{entry.theme} “{title_of(entry.title)}”: {state}" + (f"; {held}" if held else "")


def step_words(step: Step) -> str:
    """What was decided, without who and why: `answered`, `changed: a later last ferry (delivery)`."""
    match step.action:
        case Action.ADVANCED if step.change is not None:
            return f"{step.progress}: {change_words(step.change)}"
        case Action.ADVANCED:
            return str(step.progress)
        case Action.ADOPTED:
            return f"adopted for {clean(step.area or '', one_line=True)}"
        case Action.RENAMED:
            return f"renamed “{title_of(step.title or '')}”"
        case Action.HANDED_OVER:
            return f"handed over to {clean(step.area or '', one_line=True)}"
        case Action.MERGED | Action.SPLIT:
            return f"{step.action} into {', '.join(step.themes)}"
        case Action.TOOK_IN | Action.SPLIT_OFF:
            return f"{step.action} {'from ' if step.action is Action.SPLIT_OFF else ''}{', '.join(step.themes)}"
        case Action.DISCARDED:
            return "discarded"


def change_words(change: Change) -> str:
    return f"{clean(change.what, one_line=True)} ({change.kind})"


def day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"
