"""Questions that can be read on their own: asked of us, about something that is named, and meant to be answered."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from soundings.services.alerts.phrases import STOP
from soundings.services.alerts.words import clean
from soundings.services.digests.question_cues import LEANS, OFFER, OPENS, PERSONAL, RHETORICAL, WHICH
from soundings.services.domain.posts import Mention, PostKind
from soundings.services.tagging.text import READ_CHARACTERS

TELLING = 3
"""Words that mean something in what is quoted: `is that still so?` has none, `is the path at Mockup shut?` three."""
FULL = 5
"""Telling words from which a question says by itself what it is about."""
_LEAST = 2
"""Telling words in the question itself: else all of it stands in the sentence before, which mostly asks nothing."""
WORDS = 5
"""In the question itself: with fewer it leans on what was said before it (`any news?`, `where was that?`)."""
_LONG = 220
"""Characters of what is quoted: the question with what was said just before it, as far as it fits."""

_DROPPED = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LEADING = re.compile(r"^(?:[.\s]*@[\w.]+(?:@[\w.-]+)?[,:]?)+")
_HANDLE = re.compile(r"(?<![\w@])@([\w.]*\w)")
_SENTENCE = re.compile(r"[^.!?？؟\n]*(?:\.(?=\S)[^.!?？؟\n]*)*[.!?？؟]*\s*", re.DOTALL)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_ASKS = re.compile(r"[?？؟]\s*[\"'”’)]*\s*$")

_NAME = re.compile(r"(?<=[a-z0-9,;:’')] )[A-Z][\w’'-]+|#\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is left of a post when only its question is shown."""

    words: str
    """The question with as much as it needs of what was said before it; handles and links still in it."""
    question: str
    """The question alone: by it, questions are compared."""
    personal: bool
    """About the case of who asks it."""
    subject: bool
    """Names something: a place, a body, a matter with a capital or a hashtag."""
    open: bool
    """Asks what, when, why or how: more than yes or no."""
    leans: bool
    """Speaks of `it` or `they` or `this`: what was said before it is needed."""


def standing(mention: Mention, ours: Collection[str]) -> Standing | None:
    """The question of a post that can be read on its own; None if it has none.

    Args:
        ours: handles of our accounts, case-folded, without @.
    """
    # As much as its tags rest on: what is longer was written to be slow to read.
    text = clean(mention.post.text[:READ_CHARACTERS])
    if not _of_us(mention, text, ours) or OFFER.search(_plain(text)):
        return None
    sentences = [part for part in _SENTENCE.findall(_DROPPED.sub(" ", _LEADING.sub("", text))) if part.strip()]
    found = [n for n, part in enumerate(sentences) if _ASKS.search(part)]
    best: Standing | None = None
    for number in found:
        made = _stands(sentences, number)
        if made is not None and (best is None or _better(made, best)):
            best = made
    return best


def telling(text: str) -> list[str]:
    """Its words that mean something."""
    return [
        word for word in map(str.casefold, _WORD.findall(_HANDLE.sub(" ", text))) if len(word) > 2 and word not in STOP
    ]


def _of_us(mention: Mention, text: str, ours: Collection[str]) -> bool:
    """Whether it is put to us: what answers somebody else is between the two of them, unless it calls us by name."""
    leading = _LEADING.match(text)
    called = [name.casefold() for name in _HANDLE.findall(leading[0])] if leading else []
    rest = {name.casefold() for name in _HANDLE.findall(text[leading.end() if leading else 0 :])}
    if rest & set(ours) or mention.post.kind is not PostKind.REPLY:
        return True
    return not called or called[0] in ours


def _better(one: Standing, other: Standing) -> bool:
    def strength(of: Standing) -> tuple[bool, bool, bool, int]:
        return not of.personal, not of.leans, of.subject, len(telling(of.question))

    return strength(one) > strength(other)


def _stands(sentences: list[str], number: int) -> Standing | None:
    question = " ".join(sentences[number].split())
    plain = _plain(question)
    if len(_WORD.findall(plain)) < WORDS or not OPENS.search(plain) or RHETORICAL.search(plain):
        return None
    if question.rstrip("\"'”’) ").endswith(("!?", "?!", "??")) or _shouted(question):
        return None
    words = question
    before = " ".join(sentences[number - 1].split()) if number else ""
    leans = bool(LEANS.search(plain))
    own = len(telling(question))
    if before and (leans or own < TELLING) and len(before) + len(question) < _LONG:
        words = f"{before} {question}"
    asks_which = bool(WHICH.search(plain))
    alone = words == question
    if own < _LEAST or len(telling(words)) < TELLING:
        return None
    # Yes or no to what nobody can see any more.
    if alone and (leans and not asks_which or own < TELLING):
        return None
    return Standing(
        words=words.lstrip(" ,;:.–—-"),
        question=question,
        personal=bool(PERSONAL.search(plain)),
        subject=_names(words),
        open=asks_which,
        leans=leans,
    )


def _plain(text: str) -> str:
    """As the cues are written: without handles and capitals, apostrophes straight."""
    return " ".join(_HANDLE.sub(" ", text).casefold().replace("’", "'").split())


def _shouted(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) > len(letters) / 2


def _names(text: str) -> bool:
    """A capital inside a sentence, or a hashtag."""
    return any(word.strip("#").casefold() not in STOP for word in _NAME.findall(text))
