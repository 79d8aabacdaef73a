"""A post that cannot wait as a message: by itself, or several together."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from soundings.services.alerts.advice import told as who_is_told
from soundings.services.alerts.links import dashboard, safe
from soundings.services.alerts.message import Heading, Line, Message, Section, Urgency
from soundings.services.alerts.plan import LATE_AFTER
from soundings.services.alerts.render import as_text, page
from soundings.services.alerts.subject import LONGEST
from soundings.services.alerts.urgent_words import KINDS, MEANS, steps
from soundings.services.alerts.words import ago, clean, local_time, plural, shorten, without_handles
from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.domain.firestorms import Severity
from soundings.services.domain.posts import Post
from soundings.services.domain.urgent import Urgent

_BANNER = {
    Heading.NONE: "",
    Heading.EXERCISE: "EXERCISE. This comes from a replay of past posts. Nobody is being called.",
    Heading.LATE: "LATE. These posts came in, or could be sent, only after more than 15 minutes.",
}
_QUOTED = 1_000
"""Characters: a cry for help is quoted whole; the address may stand at its end."""
_QUOTED_AMONG = 280
_LISTED = 30
"""Posts in one message: more than a person reads before the next one comes."""
NO_TEXT = "Its text is not at hand yet: open the post."


def render_urgent(
    urgent: Urgent,
    post: Post | None,
    book: AccountBook,
    named: frozenset[str],
    now: datetime,
    told: tuple[str, ...],
    *,
    heading: Heading,
    desk_url: str = "",
) -> Message:
    """One post. `post` is None where its text could not be had; `named` are handles that may be shown."""
    department = _department(urgent, book)
    name = clean(department.name, one_line=True)
    rehearsal = heading is Heading.EXERCISE
    body = (
        Section(
            title="What was recognised",
            lines=(
                Line(text=f"Perhaps {_reason(urgent)} ({KINDS[urgent.kind]}). {_when(urgent, department, now)}"),
                *_post(urgent, post, named, _QUOTED),
            ),
        ),
        Section(title="What you can do now", lines=steps(urgent.kind, rehearsal)),
        Section(title="What this is not", lines=tuple(Line(text=text) for text in MEANS)),
        Section(title="Who is told", lines=who_is_told(told)),
        *_looked_up([urgent], department, now, desk_url),
    )
    subject = _subject(f"{name}: perhaps {_reason(urgent)}", heading)
    return _message(_suffixed(urgent.id, heading), subject, body, heading, [urgent])


def render_gathered(
    several: Sequence[Urgent],
    posts: Mapping[str, Post],
    book: AccountBook,
    named: frozenset[str],
    now: datetime,
    *,
    desk_url: str = "",
) -> Message:
    """Several posts (at least one, all live or none) that were too many, or too late, to be told one by one.

    The newest first: who asked last can most likely still be helped. Its id follows from the posts it holds.
    """
    ordered = sorted(several, key=lambda urgent: (urgent.at, urgent.id), reverse=True)
    late = all(now - urgent.at > LATE_AFTER for urgent in ordered)
    heading = Heading.EXERCISE if not ordered[0].live else Heading.LATE if late else Heading.NONE
    departments = {urgent.department: _department(urgent, book) for urgent in ordered}
    names = ", ".join(sorted(clean(each.name, one_line=True) for each in departments.values()))
    kinds = " and ".join(KINDS[kind] for kind in dict.fromkeys(urgent.kind for urgent in ordered))
    sections = [
        Section(
            title="What was recognised",
            lines=(Line(text=f"{plural(len(ordered), 'post')} to {names} that should be read now: {kinds}."),),
        )
    ]
    for urgent in ordered[:_LISTED]:
        department = departments[urgent.department]
        lines = (
            Line(text=_when(urgent, department, now)),
            *_post(urgent, posts.get(urgent.post), named, _QUOTED_AMONG),
        )
        sections.append(Section(title=f"Perhaps {_reason(urgent)}", lines=lines))
    if len(ordered) > _LISTED:
        more = f"{plural(len(ordered) - _LISTED, 'older post')} more: see the dashboard."
        sections.append(Section(title="And more", lines=(Line(text=more),)))
    for kind in dict.fromkeys(urgent.kind for urgent in ordered):
        title = f"What you can do now about a {KINDS[kind]}"
        sections.append(Section(title=title, lines=steps(kind, heading is Heading.EXERCISE)))
    sections.append(Section(title="What this is not", lines=tuple(Line(text=text) for text in MEANS)))
    for key, department in departments.items():
        sections += _looked_up([each for each in ordered if each.department == key], department, now, desk_url)
    subject = _subject(f"{shorten(names, 50)}: {plural(len(ordered), 'post')} to read now, {kinds}", heading)
    return _message(_suffixed(_gathered_id(ordered), heading), subject, sections, heading, ordered)


def _department(urgent: Urgent, book: AccountBook) -> Department:
    # The accounts file may have changed since.
    nameless = Department(key=urgent.department, name=urgent.department, timezone="UTC", accounts=())
    return book.department(urgent.department) or nameless


def _reason(urgent: Urgent) -> str:
    return clean(urgent.reason, one_line=True)


def _when(urgent: Urgent, department: Department, now: datetime) -> str:
    return f"Posted at {local_time(urgent.at, now, ZoneInfo(department.timezone))}, {ago(urgent.at, now)}."


def _post(urgent: Urgent, post: Post | None, named: frozenset[str], longest: int) -> list[Line]:
    quoted = shorten(without_handles(clean(post.text, one_line=True), named), longest) if post else ""
    lines = [Line(text=quoted, quote=True) if quoted else Line(text=NO_TEXT)]
    url = safe(urgent.url or (post.url if post else None))
    unknown = f"Its address is not known; its id: {clean(urgent.post, one_line=True)}"
    lines.append(Line(text="The post", url=url) if url else Line(text=unknown))
    return lines


def _looked_up(several: Sequence[Urgent], department: Department, now: datetime, desk_url: str) -> list[Section]:
    url = dashboard(desk_url, department.key, min(urgent.at for urgent in several), now + timedelta(minutes=1))
    return [Section(title="Evidence", lines=(Line(text="On the dashboard", url=url),))] if url else []


def _subject(words: str, heading: Heading) -> str:
    start = f"{heading} URGENT " if heading is not Heading.NONE else "URGENT "
    return shorten(clean(start + words, one_line=True), LONGEST)


def _suffixed(identifier: str, heading: Heading) -> str:
    return identifier + (f"/{heading.lower()}" if heading is Heading.EXERCISE else "")


def _gathered_id(several: Sequence[Urgent]) -> str:
    joined = "\n".join(sorted(urgent.id for urgent in several))
    return f"gathered/{hashlib.sha256(joined.encode()).hexdigest()[:24]}"


def _message(
    identifier: str, subject: str, body: Sequence[Section], heading: Heading, several: Sequence[Urgent]
) -> Message:
    banner = _BANNER[heading]
    return Message(
        id=identifier,
        subject=subject,
        text=as_text(banner, body),
        html=page().render(subject=subject, banner=banner, sections=body, severity=Severity.CRITICAL),
        data={
            "heading": heading.value,
            "subject": subject,
            "urgent": [
                {
                    "id": urgent.id,
                    "department": urgent.department,
                    "post": urgent.post,
                    "kind": urgent.kind.value,
                    "reason": urgent.reason,
                    "at": urgent.at.isoformat(),
                    "live": urgent.live,
                }
                for urgent in several
            ],
        },
        # Also late: a person who asked an hour ago may still be waiting.
        urgency=Urgency.NORMAL if heading is Heading.EXERCISE else Urgency.HIGH,
    )
