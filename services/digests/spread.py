"""What was passed on most: reposts say nothing new, but show what many people put their name to."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from soundings.services.digests.digest import Spread
from soundings.services.digests.material import Material
from soundings.services.digests.quote import Quote
from soundings.services.digests.quotes import quote
from soundings.services.domain.posts import Mention, PostKind

MOST = 4
LEAST = 5
"""People: fewer repost almost anything."""


def spread(mentions: Sequence[Mention], material: Material) -> tuple[Spread, ...]:
    """The posts that most people reposted in the week, ours among them; abusive ones are not shown."""
    by_post: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        # Without a reference the text itself tells which post it was.
        if mention.post.kind is PostKind.REPOST:
            by_post[mention.post.reference or mention.post.text].append(mention)
    originals = {mention.post.id: mention.post for mention in mentions}
    originals |= {statement.post.id: statement.post for statement in material.statements}
    found = []
    for key, reposts in by_post.items():
        people = len({mention.post.voice for mention in reposts})
        whole = [mention for mention in reposts if mention.post.text_complete]
        if people < LEAST or not whole or any(_unfit(mention, material.withheld) for mention in reposts):
            continue
        # Not the address of a repost: that is a person's, and leads to the same text.
        shown = quote(originals.get(key, whole[0].post), material.named)
        original = originals.get(key)
        found.append(
            Spread(
                people=people,
                ours=original is not None and original.own_account is not None,
                quote=shown if original is not None else Quote(text=shown.text, post=key, url=""),
            )
        )
    return tuple(sorted(found, key=lambda item: (-item.people, item.quote.post))[:MOST])


def _unfit(mention: Mention, withheld: Collection[str]) -> bool:
    return mention.tags.offensive or mention.post.id in withheld or mention.post.reference in withheld
