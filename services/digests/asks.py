"""Which decisions a digest asks for, and by when: pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from soundings.services.alerts.words import people
from soundings.services.digests.theme_items import Ask
from soundings.services.digests.week import Week
from soundings.services.domain.register import Entry, Progress, Standing
from soundings.services.domain.themes import Trend
from soundings.services.themes import wording
from soundings.services.themes.shown import Shown

MOST = 6
"""Decisions asked in one digest: more are put off altogether."""
CANDIDATES = 3
"""Of them about new themes: an owner and an area for each take some thought."""

PEOPLE = 10
"""Fewer is correspondence, to be answered, not a theme to own."""
AT_ONCE = 50
"""People from which a theme is asked about in its first week; what fewer say may be gone the next."""

FRIDAY = timedelta(days=5)
"""After the week's last day: the digest is read on Monday, the week is there to decide in."""
LOOK = timedelta(weeks=2)
"""For somebody to look at what was heard: one meeting of most teams that meet fortnightly."""
ANSWER = timedelta(weeks=12)
"""For an answer, and after it for what becomes of it: what the Cabinet Office's Consultation Principles (2018) give a
department to respond to a consultation."""
NOTICE = timedelta(weeks=2)
"""Before a date falls due: what is asked for next quarter is not read today."""
REACHES = timedelta(weeks=4)
"""After an end: news of a change takes some weeks to reach people."""


def asks(themes: Sequence[Shown], entries: Iterable[Entry], week: Week) -> tuple[Ask, ...]:
    """Overdue ones first, then by date, then by people."""
    by_id = {each.theme.id: each for each in themes}
    found = [
        ask
        for entry in sorted(entries, key=lambda entry: entry.theme)
        if entry.standing is Standing.ADOPTED
        for ask in _of(entry, by_id.get(entry.theme), week)
    ]
    found += _candidates(themes, week)
    said = {each.theme.id: each.theme.evidence.voices for each in themes}
    return tuple(sorted(found, key=lambda ask: (not ask.overdue, ask.due, -said.get(ask.theme, 0), ask.theme))[:MOST])


def _candidates(themes: Sequence[Shown], week: Week) -> list[Ask]:
    """About the themes that most people speak of and nobody has decided about."""
    asked = [each for each in themes if each.entry is None and _worth(each)]
    asked.sort(key=lambda each: (-each.theme.evidence.voices, each.theme.id))
    return [
        Ask(
            theme=each.theme.id,
            title=each.title,
            words="Adopt it, with an owner, or discard it",
            because=f"{people(each.theme.evidence.voices)} this week; {wording.trend(each.theme.recurrence)}",
            due=week.days[-1] + FRIDAY,
            overdue=False,
            owner="",
        )
        for each in asked[:CANDIDATES]
    ]


def _worth(each: Shown) -> bool:
    voices = each.theme.evidence.voices
    return voices >= AT_ONCE or (voices >= PEOPLE and each.theme.recurrence.weeks_present > 1)


def _of(entry: Entry, heard: Shown | None, week: Week) -> Iterator[Ask]:
    since = _since(entry)
    match entry.progress:
        case Progress.HEARD:
            yield from _ask(entry, "Say who looks at it", f"heard since {_day(since)}", since + LOOK, week)
        case Progress.LOOKED_AT:
            yield from _ask(entry, "Answer it", f"looked at since {_day(since)}", _heard(entry) + ANSWER, week)
        case Progress.ANSWERED:
            words = "Say what changes, or why nothing will"
            yield from _ask(entry, words, f"answered on {_day(since)}", since + ANSWER, week)
        case Progress.CHANGED | Progress.WILL_NOT_CHANGE if heard is not None and since + REACHES <= week.days[-1]:
            if _still(heard):
                because = f"{people(heard.theme.evidence.voices)} still say it; {entry.progress} on {_day(since)}"
                due = week.days[-1] + FRIDAY
                yield from _ask(entry, "Look at it again, or tell people once more", because, due, week)


def _ask(entry: Entry, words: str, because: str, due: date, week: Week) -> Iterator[Ask]:
    end = week.days[-1]
    if due <= end + NOTICE:
        yield Ask(
            theme=entry.theme,
            title=entry.title,
            words=words,
            because=because,
            due=due,
            overdue=due <= end,
            owner=entry.owner,
        )


def _still(heard: Shown) -> bool:
    return heard.theme.evidence.voices >= PEOPLE and heard.theme.recurrence.trend is not Trend.FADING


def _since(entry: Entry) -> date:
    """When it came to the stage that it is at."""
    return max(step.at for step in entry.history if step.progress == entry.progress or step is entry.history[0]).date()


def _heard(entry: Entry) -> date:
    """From when an answer is owed: since it was adopted, or since it was taken up once more after an end."""
    stages = [step for step in entry.history if step.progress is not None]
    before = stages[-2] if len(stages) > 1 else entry.history[0]
    return before.at.date() if before.progress in (Progress.HEARD, None) else _since(entry)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
