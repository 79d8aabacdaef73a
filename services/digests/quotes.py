"""Which posts are quoted: whole, central, civil, each person and each text once in a digest."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from soundings.services.alerts.links import safe
from soundings.services.alerts.words import clean, shorten, without_handles
from soundings.services.digests.alike import content, words
from soundings.services.digests.quote import Quote
from soundings.services.domain.posts import Mention, Post, PostKind

_LONGEST = 280
_LINK = re.compile(r"https?://\S+")
_RUN = re.compile(r"@…(?:[\s,]+@…)+")
_SAME = 0.4
"""Of the words in common, from which a second quotation adds nothing to the first."""
_SHORT = 6
"""Words: with fewer, a post hardly says anything that the heading above it does not say."""


def quote(post: Post, named: frozenset[str]) -> Quote:
    """The words of a post; handles at its start are an address, not words, and go altogether."""
    text = without_handles(clean(post.text, one_line=True), named)
    text = _RUN.sub("@…", _LINK.sub("[link]", text))
    while text.startswith("@"):
        text = text.partition(" ")[2].lstrip()
    while text.endswith(("@…", "[link]")):
        text = text.rpartition(" ")[0].rstrip()
    return Quote(text=shorten(text, _LONGEST), post=post.id, url=safe(post.url))


class Quoter:
    """Chooses quotations for one digest, and remembers whom and what it has quoted."""

    def __init__(self, named: frozenset[str], withheld: Collection[str] = ()) -> None:
        self._named = named
        self._withheld = frozenset(withheld)
        self._voices: set[str] = set()
        self._said: list[frozenset[str]] = []

    def choose(self, mentions: Sequence[Mention], most: int) -> tuple[Quote, ...]:
        """Up to `most` of the posts, the most central first: those whose words most others use, for their length.

        The same posts in any order give the same quotations.
        """
        fit = self._fit(mentions)
        spread = Counter(word for mention in fit for word in content(mention.post.text))
        return self._unheard(sorted(fit, key=lambda m: _order(m.post, spread, len(fit))), most)

    def take(self, mentions: Sequence[Mention], most: int) -> tuple[Quote, ...]:
        """Up to `most` of the posts as they come, without those of people who were quoted already or that say what was
        quoted already."""
        return self._unheard(self._fit(mentions, short=True), most)

    def _fit(self, mentions: Iterable[Mention], *, short: bool = False) -> list[Mention]:
        return [m for m in mentions if quotable(m, short=short) and m.post.id not in self._withheld]

    def _unheard(self, mentions: Sequence[Mention], most: int) -> tuple[Quote, ...]:
        """The first of them whose authors and words were not quoted yet."""
        chosen: list[Quote] = []
        for mention in mentions:
            bag = content(mention.post.text)
            if mention.post.voice in self._voices or any(_overlap(bag, said) >= _SAME for said in self._said):
                continue
            self._voices.add(mention.post.voice)
            self._said.append(bag)
            chosen.append(quote(mention.post, self._named))
            if len(chosen) == most:
                break
        return tuple(chosen)

    def one(self, mentions: Iterable[Mention]) -> Quote | None:
        """The best of them; somebody who was quoted already may be, so that a group is not left without words."""
        fit = self._fit(mentions, short=True)
        if not fit:
            return None
        spread = Counter(word for mention in fit for word in content(mention.post.text))
        return quote(min(fit, key=lambda m: _order(m.post, spread, len(fit))).post, self._named)


def quotable(mention: Mention, *, short: bool = False) -> bool:
    """Not abusive, not a repost, not cut off; long enough to say something unless `short` will do."""
    post, tags = mention.post, mention.tags
    if tags.offensive or post.kind is PostKind.REPOST or not post.text_complete:
        return False
    return short or len(words(post.text)) >= _SHORT


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Words in common, of all words of both; texts without a word that means something are never the same."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _order(post: Post, spread: Counter[str], total: int) -> tuple[bool, float, str]:
    """Own words before posts that carry a link: those often quote a headline."""
    return bool(_LINK.search(post.text)), -_central(post, spread, total), post.id


def _central(post: Post, spread: Counter[str], total: int) -> float:
    """How much of what the others say is in it: the share of texts with each of its words, over the square root of
    its length, so that neither two words nor a whole thread wins."""
    bag = content(post.text)
    if not bag:
        return 0.0
    over = max(0, len(post.text) - _LONGEST) / _LONGEST
    return sum(spread[word] / total for word in sorted(bag)) / math.sqrt(len(bag)) - over
