"""The sentences of a digest, shared by the page and the plain text."""

from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.words import clean, people, plural, shorten, span, usual
from soundings.services.digests import theme_words, urgent_words
from soundings.services.digests.counts import LOOK_BACK
from soundings.services.digests.digest import Act, Asked, Copied, Digest, Question, Saying, Spread, Storm, Volume
from soundings.services.domain.firestorms import StormKind, Whose

_SAME = 1.25
"""Up to a quarter above or below is called about usual: weeks differ by that much without a reason."""

ACTS = {
    "complaint": ("Complaints", "complained"),
    "suggestion": ("Suggestions", "suggested what to do"),
    "praise": ("Praise", "praised or thanked us"),
}
_KINDS = {
    StormKind.FIRESTORM: "firestorm",
    StormKind.INCIDENT: "incident that people reported or asked about",
    StormKind.CAMPAIGN: "campaign of copied posts",
    StormKind.POSITIVE: "wave of thanks or praise",
    StormKind.NOISE: "surge that was probably not about us",
}


def sentence(words: str) -> str:
    """With a capital at its beginning, and names as they are."""
    return words[:1].upper() + words[1:]


def about(digest: Digest) -> str:
    """`Floods, Environment Agency`, or the department alone."""
    name = clean(digest.department, one_line=True)
    return f"{clean(digest.area, one_line=True)}, {name}" if digest.area else name


def title(digest: Digest) -> str:
    return f"What people told us: {about(digest)}, {digest.dates}"


def headline(digest: Digest) -> tuple[str, ...]:
    """The digest in a few sentences, for whoever reads no further."""
    lines = [volume(digest.volume)]
    if urgent := urgent_words.headline(digest.urgent):
        lines.append(urgent)
    lines += [line for line in (theme_words.headline(digest.themes), theme_words.asked(digest.themes)) if line]
    burning = [storm for storm in digest.storms if storm.here]
    if burning:
        lines.append(f"{plural(len(burning), 'storm')}; the worst was {storm_name(burning[0])}.")
    else:
        lines.append("No storm." if not digest.area else "No storm about this area.")
    if digest.spread:
        lines.append(
            f"Passed on most, by {people(digest.spread[0].people)}: “{shorten(digest.spread[0].quote.text, 120)}”"
        )
    if digest.questions.posts:
        lines.append(asked(digest.questions))
    return tuple(lines)


def volume(counted: Volume) -> str:
    if not counted.posts:
        return f"Nobody posted. {compared(0, counted.usual_people, counted.weeks_known)}"
    said = f"{sentence(people(counted.people))} posted, {plural(counted.posts, 'post')} in all"
    if counted.reposts:
        said += f" ({counted.reposts:,} of them reposts)"
    return f"{said}. {compared(counted.people, counted.usual_people, counted.weeks_known)}"


def compared(value: float, expected: float | None, weeks: int) -> str:
    if expected is None:
        return "Too few weeks are known to say whether that is usual."
    weeks = min(weeks, LOOK_BACK)
    base = f"the usual {usual(expected)} (median of {weeks} weeks)"
    if expected < 0.5:
        return f"In most of the {weeks} weeks before, nobody did."
    if value > _SAME * expected:
        return f"That is more than {base}."
    if value * _SAME < expected:
        return f"That is fewer than {base}."
    return f"That is about {base}."


def weekly(expected: float | None) -> str:
    """`usual 12 a week`; empty if it is not known."""
    if expected is None:
        return ""
    return "new: hardly anybody said so before" if expected < 0.5 else f"usual {usual(expected)} a week"


def moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"


def storm_name(storm: Storm) -> str:
    article = "an" if storm.kind is StormKind.INCIDENT else "a"
    return f"{article} {_KINDS[storm.kind]}, {storm.severity.value}"


def storm_title(storm: Storm) -> str:
    return f"{sentence(_KINDS[storm.kind])} ({storm.severity.value})"


def storm_facts(storm: Storm, zone: ZoneInfo) -> tuple[str, ...]:
    if storm.closed_at:
        lasted = f"It lasted {span(storm.minutes)}."
    else:
        lasted = f"It had lasted {span(storm.minutes)} and was not over when this was written."
    facts = [
        f"From {moment(storm.began_at, zone)}. {lasted}",
        f"{sentence(people(storm.people))}, {storm.hostile_people:,} of them hostile; "
        f"usual for as long a time: {usual(storm.usual_people)}.",
    ]
    if storm.trigger_whose is Whose.OTHER:
        facts.append("A post by another account set it off.")
    elif storm.trigger_whose is Whose.OURS:
        facts.append("A post of ours set it off.")
    if storm.told and not storm.live:
        shown = ", ".join(clean(name, one_line=True) for name, _ in storm.told)
        facts.append(f"From a replay, shown as an exercise on {shown}.")
    elif storm.told:
        told = "; ".join(f"{clean(name, one_line=True)} on {moment(at, zone)}" for name, at in storm.told)
        facts.append(f"Told: {told}.")
    else:
        facts.append(f"Nobody was told ({'; '.join(storm.not_told)}).")
    return tuple(facts)


def saying(item: Saying) -> str:
    return f"{people(item.people)}, {plural(item.posts, 'post')}"


def spread(item: Spread) -> str:
    return f"Reposted by {people(item.people)}" + ("; our own post" if item.ours else "")


def copied(item: Copied) -> str:
    return f"{plural(item.posts, 'post')} with this text, by {people(item.people)}"


def asked(item: Asked) -> str:
    said = f"{sentence(people(item.people))} asked {plural(item.posts, 'question')}"
    if item.answered is None:
        return f"{said}; no reply of ours is in the data, so it cannot be said which were answered."
    answered = "none" if not item.answered else f"{item.answered:,}"
    return f"{said}; {answered} of them had a reply from us."


def listed(item: Asked) -> str:
    """What the list leaves out, so that nobody takes it for all that was asked."""
    if not item.groups:
        return "None of them can be understood without the talk that it stands in."
    return (
        "Listed are those that can be understood on their own and are put to us, the same question once, what most "
        "people ask first."
    )


def question(item: Question, zone: ZoneInfo, replies_known: bool) -> str:
    facts = f"Asked by {people(item.people)} in {plural(item.posts, 'post')}"
    if not replies_known:
        return facts
    if item.answered >= item.posts:
        return f"{facts}; answered"
    state = "not answered" if not item.answered else f"{item.answered} of {item.posts} answered"
    return f"{facts}; {state}, waiting since {moment(item.oldest, zone)}"


def act(item: Act) -> str:
    _, did = ACTS[item.name]
    if not item.posts:
        known = item.usual_people is not None and item.usual_people >= 0.5
        return f"Nobody {did}" + (f" (usual {usual(item.usual_people or 0)} a week)." if known else ".")
    expected = weekly(item.usual_people)
    return f"{sentence(people(item.people))} {did} ({plural(item.posts, 'post')}{'; ' + expected if expected else ''})."
