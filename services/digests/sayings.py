"""What is repeated most while a storm is on: phrases counted by people, against what they write otherwise.

Themes say what people keep saying over weeks; a storm has no theme of its own while it is new."""

from collections.abc import Iterable, Sequence

from soundings.services.alerts.evidence import name_words
from soundings.services.alerts.phrases import candidates, phrases
from soundings.services.digests.digest import Saying
from soundings.services.digests.material import Material
from soundings.services.digests.quotes import Quoter
from soundings.services.domain.posts import Mention

SAYINGS = 3
QUOTES = 3
LEAST_PEOPLE = 3
"""A phrase of fewer people is theirs, not the public's."""


def sayings(
    written: Sequence[Mention], otherwise: Sequence[Mention], material: Material, quoter: Quoter
) -> tuple[Saying, ...]:
    """The phrases that most people use, new ones first among equals; shown by the number of people.

    Args:
        otherwise: what was written in the week outside of the storm.
    """
    usual = one_each(otherwise)
    found = phrases(
        one_each(written),
        most=SAYINGS,
        least=LEAST_PEOPLE,
        background=candidates(usual, LEAST_PEOPLE),
        background_texts=len(usual),
        leave_out=_own_names(material),
    )
    shown = []
    for phrase in found:
        holders = [mention for mention in written if phrase.held_by(mention.post.text)]
        shown.append(
            Saying(
                words=phrase.words,
                people=voices(holders),
                posts=len(holders),
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
        said.setdefault(mention.post.voice, []).append(mention.post.text)
    return ["\n".join(texts) for texts in said.values()]


def _own_names(material: Material) -> frozenset[str]:
    """Words that name the department or made the area: they stand in most posts and say nothing by themselves."""
    handles = {account.handle.casefold() for account in material.department.accounts}
    names = name_words(material.department.name) | handles | {f"#{handle}" for handle in handles}
    keywords = {word for keyword in (material.area.keywords if material.area else ()) for word in name_words(keyword)}
    return frozenset(names | keywords | {f"{word}s" for word in keywords} | {f"#{word}" for word in keywords})
