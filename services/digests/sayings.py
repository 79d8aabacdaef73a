"""What people say most: phrases counted by people, with how many usually say so."""

from collections.abc import Iterable, Sequence

from soundings.services.alerts.evidence import name_words
from soundings.services.alerts.phrases import phrases
from soundings.services.alerts.words import unescaped
from soundings.services.digests.digest import Saying
from soundings.services.digests.material import Material
from soundings.services.digests.quotes import Quoter
from soundings.services.domain.posts import Mention

SAYINGS = 6
"""Entries of a section: with more, a digest is not read in ten minutes."""
QUOTES = 3
LEAST_PEOPLE = 3
"""A phrase of fewer people is theirs, not the public's."""


def sayings(written: Sequence[Mention], material: Material, quoter: Quoter, most: int) -> tuple[Saying, ...]:
    """The phrases that most people use, new ones first among equals; shown by the number of people."""
    found = phrases(
        one_each(written),
        most=most,
        least=LEAST_PEOPLE,
        background=material.past.phrases(),
        background_texts=material.past.writers,
        leave_out=_own_names(material),
    )
    shown = []
    for phrase in found:
        holders = [mention for mention in written if phrase.held_by(unescaped(mention.post.text))]
        shown.append(
            Saying(
                words=phrase.words,
                people=voices(holders),
                posts=len(holders),
                usual_people=material.past.usual_phrase(phrase.terms),
                quotes=quoter.choose(holders, QUOTES),
            )
        )
    return tuple(sorted(shown, key=lambda saying: (-saying.people, saying.words)))


def voices(mentions: Iterable[Mention]) -> int:
    return len({mention.post.voice for mention in mentions})


def one_each(mentions: Sequence[Mention]) -> list[str]:
    """All that each person wrote as one text, so that a person counts once for a phrase."""
    said: dict[str, list[str]] = {}
    for mention in mentions:
        said.setdefault(mention.post.voice, []).append(unescaped(mention.post.text))
    return ["\n".join(texts) for texts in said.values()]


def _own_names(material: Material) -> frozenset[str]:
    """Words that name the department or made the area: they stand in most posts and say nothing by themselves."""
    handles = {account.handle.casefold() for account in material.department.accounts}
    names = name_words(material.department.name) | handles | {f"#{handle}" for handle in handles}
    keywords = {word for keyword in (material.area.keywords if material.area else ()) for word in name_words(keyword)}
    return frozenset(names | keywords | {f"{word}s" for word in keywords} | {f"#{word}" for word in keywords})
