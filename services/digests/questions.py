"""What people ask: the same question once, the ones that most people ask first, and those that can be read alone."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from soundings.services.digests.alike import alike, question_in
from soundings.services.digests.digest import Asked, Question
from soundings.services.digests.material import Material
from soundings.services.digests.quotes import quotable, quote
from soundings.services.digests.sayings import voices
from soundings.services.digests.standing import FULL, Standing, standing, telling
from soundings.services.domain.posts import Mention, SpeechAct

MOST = 8
"""Questions listed: more are not read on a Monday morning."""
SAME = 0.3
"""Share of the words' weight: looked at on a real stream, .4 still parts one question asked of two places or in other
words, .2 begins to join what only shares its subject."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HOW = re.compile(r"\bhow (long|often|much|many|far|soon|old)\b", re.IGNORECASE)
"""What is asked is most of such a question: `how long does a renewal take?` is asked of a replacement too."""
_HASHTAG = re.compile(r"#(\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Put:
    """A post that asks, and what can be shown of it."""

    mention: Mention
    alone: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    order: tuple[int, int, bool, datetime, str]
    voice: str
    question: Question


def asked(own_words: Sequence[Mention], material: Material) -> Asked:
    """All questions of the week, counted, and those that are worth an official's time.

    Args:
        own_words: what people wrote, without reposts and copied texts.
    """
    put = _put(own_words, material)
    replies = {statement.post.reference for statement in material.statements if statement.post.reference}
    found = [
        made
        for group in alike([_compared(each) for each in put], SAME)
        if (made := _question([put[number] for number in group.members], replies, material.named)) is not None
    ]
    found.sort(key=lambda each: each.order)
    asking = [each.mention for each in put]
    return Asked(
        people=voices(asking),
        posts=len(asking),
        answered=sum(mention.post.id in replies for mention in asking) if replies else None,
        groups=_one_each(found),
    )


def _put(own_words: Sequence[Mention], material: Material) -> list[_Put]:
    ours = frozenset(account.handle.casefold() for account in material.department.accounts)
    return [
        _Put(mention=mention, alone=standing(mention, ours) if _shown(mention, material.withheld) else None)
        for mention in own_words
        if SpeechAct.QUESTION in mention.tags.acts
    ]


def _shown(mention: Mention, withheld: Collection[str]) -> bool:
    return quotable(mention, short=True) and mention.post.id not in withheld


def _compared(put: _Put) -> str:
    """The words by which it is compared: those of the question, hashtags among them."""
    text = put.alone.words if put.alone else question_in(put.mention.post.text)
    parted = _HASHTAG.sub(lambda found: _HUMP.sub(" ", found[1]), text)
    return _HOW.sub(r"how\1 \1", parted)


def _question(group: Sequence[_Put], replies: Collection[str | None], named: frozenset[str]) -> _Ranked | None:
    """None where none of the group can be read alone."""
    best = min(
        ((_weaker(each.mention, each.alone), each.mention, each.alone) for each in group if each.alone),
        key=lambda found: (found[0], len(found[2].words), found[1].post.id),
        default=None,
    )
    if best is None:
        return None
    weaker, mention, alone = best
    asking = [each.mention for each in group]
    waiting = [one for one in asking if one.post.id not in replies] or asking
    question = Question(
        people=voices(asking),
        posts=len(asking),
        answered=sum(one.post.id in replies for one in asking),
        oldest=min(one.post.created_at for one in waiting),
        quote=quote(replace(mention.post, text=alone.words), named),
    )
    # Of those that as many people ask: the clearest, then what is not answered, then what waits longest.
    order = (-question.people, weaker, question.answered > 0, question.oldest, question.quote.post)
    return _Ranked(order=order, voice=mention.post.voice, question=question)


def _weaker(mention: Mention, alone: Standing) -> int:
    """How much of what makes a question worth reading it lacks."""
    return sum(
        (
            2 * alone.personal,
            2 * alone.leans,
            2 * (not alone.subject),
            2 * mention.tags.hostile,
            not alone.open,
            len(telling(alone.question)) < FULL,
        )
    )


def _one_each(ranked: Sequence[_Ranked]) -> tuple[Question, ...]:
    """Whoever asks much alone is shown once: it is not a list of one person's letters."""
    shown: list[Question] = []
    heard: set[str] = set()
    for each in ranked:
        if each.question.people == 1 and each.voice in heard:
            continue
        heard.add(each.voice)
        shown.append(each.question)
    return tuple(shown[:MOST])
