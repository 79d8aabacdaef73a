"""The sections of an alert in other people's words: the post that set it off, and what is being said."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.alerts.evidence import Evidence
from soundings.services.alerts.links import safe
from soundings.services.alerts.message import Line
from soundings.services.alerts.words import clean, local_time, people, shorten, without_handles
from soundings.services.domain.accounts import Department
from soundings.services.domain.firestorms import Firestorm, StormKind, Whose
from soundings.services.domain.posts import Mention, Post, PostKind

_QUOTED = 280
"""Characters of a quotation: a post of the classic length, about five lines on a phone."""
TELLING = 3


def quoted(post: Post, named: frozenset[str]) -> str:
    return shorten(without_handles(clean(post.text, one_line=True), named), _QUOTED)


def trigger(
    storm: Firestorm, department: Department, evidence: Evidence, now: datetime, zone: ZoneInfo
) -> tuple[Line, ...]:
    """Which post set it off and whose it is; then our own statement, where that is another one."""
    if storm.trigger is None and storm.statement is None:
        return (Line(text="No single post stands out: people write on their own, or about something outside."),)
    lines: list[Line] = []
    ours = storm.trigger is not None and storm.trigger.whose is Whose.OURS
    if storm.trigger is not None:
        voices = people(storm.trigger.voices)
        whose = _ours(department, evidence.trigger) if ours else _other(evidence)
        lines += _shown(
            f"{whose}{_at(evidence.trigger, now, zone)}. {voices} answer, quote or repost it.",
            evidence.trigger,
            evidence,
        )
    if storm.statement is not None and not (ours and storm.trigger and storm.trigger.post == storm.statement):
        post = evidence.statement
        start = "It turns on our own post" if storm.trigger is not None else _ours(department, post)
        lines += _shown(f"{start}{_at(post, now, zone)}.", post, evidence)
    return tuple(lines)


def _ours(department: Department, post: Post | None) -> str:
    account = next((a for a in department.accounts if post is not None and a.key == post.own_account), None)
    name = clean(department.name, one_line=True)
    return (
        f"Our own post, by @{account.handle} ({account.platform.capitalize()})"
        if account
        else f"A post of ours ({name})"
    )


def _other(evidence: Evidence) -> str:
    if evidence.trigger_name:
        return f"A post by {clean(evidence.trigger_name, one_line=True)}"
    return "A post by another account, not one of ours"


def _at(post: Post | None, now: datetime, zone: ZoneInfo) -> str:
    return f", of {local_time(post.created_at, now, zone)}" if post else ""


def _shown(sentence: str, post: Post | None, evidence: Evidence) -> list[Line]:
    lines = [Line(text=sentence)]
    if post is not None:
        lines.append(Line(text=quoted(post, evidence.named), quote=True))
        if post.media:
            lines.append(Line(text="With it: " + ", ".join(clean(kind, one_line=True) for kind in post.media) + "."))
        if url := safe(post.url):
            lines.append(Line(text="The post", url=url))
    return lines


def about(storm: Firestorm, evidence: Evidence) -> tuple[Line, ...]:
    lines: list[Line] = []
    if evidence.phrases:
        said = "; ".join(f"“{clean(phrase.words, one_line=True)}”" for phrase in evidence.phrases)
        lines.append(Line(text=f"Most repeated: {said}."))
    posts = telling(sorted(evidence.sample, key=lambda mention: -_weight(mention, storm, evidence)))
    lines += [Line(text=quoted(mention.post, evidence.named), quote=True) for mention in posts]
    if evidence.sample and not posts:
        lines.append(Line(text="The posts at hand are abusive or copies, so none is quoted here; see the evidence."))
    return tuple(lines)


def _weight(mention: Mention, storm: Firestorm, evidence: Evidence) -> int:
    """What makes a post tell of this storm rather than of an ordinary day: it hangs on the post that set it off, it
    says what is repeated, it has the storm's mood. A sample holds some of everything that was said meanwhile."""
    causes = {storm.statement, storm.trigger.post if storm.trigger else None} - {None}
    hangs_on = bool(causes & {mention.post.reference, mention.post.thread})
    repeats = any(phrase.held_by(mention.post.text) for phrase in evidence.phrases)
    mood = storm.kind is StormKind.FIRESTORM and mention.tags.hostile
    return 2 * hangs_on + 2 * repeats + mood


def telling(sample: Sequence[Mention], most: int = TELLING) -> list[Mention]:
    """Posts to quote: one for each person and each text, nothing abusive, no repost, nothing that was cut off first."""
    voices: set[str] = set()
    texts: set[str] = set()
    found: list[Mention] = []
    for mention in sorted(sample, key=lambda m: not m.post.text_complete):
        post = mention.post
        same = without_handles(post.text).casefold().strip()
        if mention.tags.offensive or post.kind is PostKind.REPOST or post.voice in voices or same in texts:
            continue
        voices.add(post.voice)
        texts.add(same)
        found.append(mention)
        if len(found) == most:
            break
    return found
