"""Why a storm did or did not open in one minute of an archive, in words."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.domain.firestorms import Firestorm, Reason
from soundings.services.domain.posts import Mention, native_id
from soundings.services.firestorms.archive import Taken
from soundings.services.firestorms.watch import Explanation, Watch


class NotWatched(Exception):
    """Nothing can be said of the account at that time; the message says why."""


def department_of(book: AccountBook, handle: str) -> Department:
    """
    Raises:
        NotWatched: no department has such an account.
    """
    wanted = handle.lstrip("@").casefold()
    for department in book.departments:
        if any(account.handle.lstrip("@").casefold() == wanted for account in department.accounts):
            return department
    raise NotWatched(f"no department of the accounts file has an account {handle!r}")


def until(
    events: Iterable[Taken | datetime], department: Department, at: datetime, *, budget: float | None = None
) -> Explanation:
    """The decision on the minute that ends at `at` or holds it; `budget` as for a Watch.

    Raises:
        NotWatched: the archive begins later.
    """
    watch = Watch(department, budget=budget)
    for event in events:
        if isinstance(event, datetime):
            if event > at:
                break
            watch.advance(event)
        elif event.department == department.key:
            if isinstance(event.record, Mention):
                watch.observe(event.record)
            else:
                watch.state_ours(event.record)
    watch.advance(at)
    explanation = watch.explain()
    if explanation is None:
        raise NotWatched("the archive begins later")
    return explanation


def text(explanation: Explanation, department: Department, at: datetime) -> str:
    """For a terminal. Times are the department's."""
    verdict, zone = explanation.verdict, ZoneInfo(department.timezone)
    wakes = verdict.severity.wakes
    lines = [
        f"{department.name}, {verdict.minute.astimezone(zone):%A %d %B %Y %H:%M}",
        f"score {verdict.score:.2f}, the press office is woken from {verdict.threshold:.2f} on: {verdict.severity}",
        "",
        "weight  evidence",
        *(_weighed(reason) for reason in verdict.reasons),
        "",
        f"kind {verdict.kind}" if verdict.fires else "no storm opens in this minute",
    ]
    if verdict.fires and not wakes:
        lines.append("nobody is woken: " + ("it is not enough" if verdict.score < verdict.threshold else "its kind"))
    if explanation.firestorm:
        lines += _storm(explanation.firestorm, zone)
    return "\n".join(lines)


def _weighed(reason: Reason) -> str:
    return f"{reason.weight:+6.2f}  {reason.words}" if reason.weight else f"     -  {reason.words}"


def _storm(storm: Firestorm, zone: ZoneInfo) -> list[str]:
    lines = [
        f"on since {storm.began_at.astimezone(zone):%d %b %H:%M}: {storm.state}, {storm.voices} people, "
        f"{storm.hostile_voices} of them hostile; usual {storm.usual_voices:.0f}"
    ]
    if storm.trigger:
        lines.append(
            f"around post {native_id(storm.trigger.post)} ({storm.trigger.whose}): {storm.trigger.voices} people"
        )
    if storm.next_hour_voices:
        low, middle, high = storm.next_hour_voices
        lines.append(f"next hour about {middle:.0f} people ({low:.0f} to {high:.0f} in four of five cases)")
    return lines
