"""The posts of a week that could not wait, and what became of them: pure.

Their words are not repeated: they were told at once to those who can act. A digest goes to many and is kept.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from soundings.services.alerts.links import safe
from soundings.services.digests.material import Material
from soundings.services.digests.urgent_items import UrgentItem, UrgentWeek
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.posts import Mention, PostKind
from soundings.services.domain.urgent import UrgencyKind, Urgent

LISTED = 8
"""Entries: a night of floods brings dozens, and all of them are counted."""


def urgent_week(material: Material) -> UrgentWeek:
    mentions = {mention.post.id: mention for mention in material.mentions}
    appeals = _appeals(material.urgent)
    # A post that is in no index any more cannot show that it is about the area.
    mine = [one for one in appeals if material.area is None or any(each.post in mentions for each in one)]
    notes = _by_alert(material.urgent_notes)
    replies = {statement.post.reference for statement in material.statements if statement.post.reference}
    counted = Counter(one[0].kind for one in mine)
    latest = sorted(mine, key=lambda one: (_rank(one[0].kind), one[0].at, one[0].id), reverse=True)
    items = [_item(one, mentions, notes, replies) for one in latest]
    return UrgentWeek(
        counts=tuple((kind, counted[kind]) for kind in UrgencyKind if counted[kind]),
        posts=sum(map(len, mine)),
        items=tuple(items[:LISTED]),
        untold=sum(item.live and not item.told for item in items),
        elsewhere=len(appeals) - len(mine),
    )


def _rank(kind: UrgencyKind) -> int:
    return -list(UrgencyKind).index(kind)


def _appeals(urgent: Iterable[Urgent]) -> list[Sequence[Urgent]]:
    """Posts of one text together, the first of them first; what has no mark of its text stands alone."""
    found: dict[tuple[UrgencyKind, str], list[Urgent]] = defaultdict(list)
    for each in sorted(urgent, key=lambda each: (each.at, each.id)):
        found[each.kind, each.appeal or each.id].append(each)
    return list(found.values())


def _by_alert(notes: Iterable[Notification]) -> Mapping[str, list[Notification]]:
    found: dict[str, list[Notification]] = defaultdict(list)
    for note in notes:
        found[note.alert].append(note)
    return found


def _item(
    one: Sequence[Urgent],
    mentions: Mapping[str, Mention],
    notes: Mapping[str, list[Notification]],
    replies: Collection[str | None],
) -> UrgentItem:
    first = one[0]
    known = sorted(
        (note for each in one for note in notes.get(each.id, ())), key=lambda note: (note.at, note.alert, note.channel)
    )
    told: dict[str, Notification] = {}
    for note in known:
        if note.outcome.told:
            told.setdefault(note.channel, note)
    shown = _shown(one, mentions)
    return UrgentItem(
        kind=first.kind,
        reason=first.reason,
        at=first.at,
        posts=len(one),
        told=tuple((note.channel, note.at) for note in told.values()),
        not_told=() if told else _why_not(known),
        live=first.live,
        answered=any(each.post in replies for each in one) if replies else None,
        post=shown.post.id if shown else first.post,
        url=safe(shown.post.url) if shown else "",
    )


def _shown(one: Sequence[Urgent], mentions: Mapping[str, Mention]) -> Mention | None:
    """The first that is no repost: the address of a repost is that of somebody who only passed it on."""
    known = [mentions[each.post] for each in one if each.post in mentions]
    return next((mention for mention in known if mention.post.kind is not PostKind.REPOST), None)


def _why_not(notes: Sequence[Notification]) -> tuple[str, ...]:
    ours = {note.outcome for note in notes} - {Outcome.NOT_SENT_DEPARTMENT}
    return tuple(sorted(outcome.value for outcome in ours)) or ("no notice is recorded",)
