"""Why a storm did or did not open in one minute of an archive, in words."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
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


class Said:
    """The texts of a department's mentions of the last hours, for an explanation to say what they are about."""

    KEPT = timedelta(hours=4)
    """Beyond the longest window of a decision, three hours."""

    def __init__(self, department: str) -> None:
        self._department = department
        self._mentions: deque[Mention] = deque()

    def listen(self, events: Iterable[Taken | datetime]) -> Iterator[Taken | datetime]:
        """The events as they come; the texts are kept on the way."""
        for event in events:
            if isinstance(event, datetime):
                while self._mentions and self._mentions[0].post.created_at < event - self.KEPT:
                    self._mentions.popleft()
            elif event.department == self._department and isinstance(event.record, Mention):
                self._mentions.append(event.record)
            yield event

    def texts(self, sample: Collection[str]) -> list[str]:
        """Of the posts with these ids, one for each person."""
        return list({m.post.voice: m.post.text for m in self._mentions if m.post.id in sample}.values())


def text(explanation: Explanation, department: Department, about: Sequence[str], changed: Sequence[str]) -> str:
    """For a terminal. Times are the department's.

    Args:
        about: phrases that most of the telling posts share.
        changed: sentences about the last quarter of an hour.
    """
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
    if about:
        lines.append("most repeated: " + "; ".join(f"“{phrase}”" for phrase in about))
    lines += ["", *changed]
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
