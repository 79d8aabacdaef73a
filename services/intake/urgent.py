"""Which new mentions cannot wait, and what is passed on of them."""

import re
from hashlib import blake2b

from soundings.services.domain.posts import Mention
from soundings.services.domain.urgent import Urgent, urgent_id
from soundings.services.tagging.text import clean
from soundings.services.tagging.urgent import urgency

_CALLED_UPON = re.compile(r"@\w+(?:[.@-]\w+)*|https?://\S+")
"""What differs between copies of one appeal, beside marks and capitals: handles and shortened addresses."""

_WORD = re.compile(r"[^\W_]+")


def urgent_of(mention: Mention, department: str, *, live: bool) -> Urgent | None:
    """The record of a post that somebody should read now; None for nearly all.

    Args:
        live: whether its source delivers what is said now, and not an archive.
    """
    post = mention.post
    found = urgency(post.text)
    if found is None:
        return None
    return Urgent(
        id=urgent_id(department, post.id),
        department=department,
        post=post.id,
        kind=found.kind,
        reason=found.reason,
        at=post.created_at,
        live=live,
        appeal=appeal(post.text),
        url=post.url,
    )


def appeal(text: str) -> str:
    """The same for copies of one text whatever their handles, addresses, marks and capitals. One-way."""
    words = _WORD.findall(_CALLED_UPON.sub(" ", clean(text).casefold()))
    return blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
