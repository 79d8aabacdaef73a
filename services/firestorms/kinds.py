"""What kind of storm it is, from what people do in it. Informs; severity decides who is woken."""

from soundings.services.domain.firestorms import Reason, StormKind
from soundings.services.firestorms.window import Counts

COPIED = 0.5
"""Share of speaking people with copied text from which they are a campaign: half of them were told what to write."""
LOUD = 0.75
"""Share of own words by the five busiest from which few make the noise. In a lively thread it reaches a half."""
LOUD_FROM = 20
"""Posts in the hour from which that is asked at all: of ten posts, five people make most by chance."""
PASSING = 0.6
"""Share of people that name us among many and are not hostile, from which somebody else is meant."""
PLEASED = 0.3
"""Share of speaking people that must be pleased before more pleased than displeased is praise: praise is often thin."""
ATTACK = 0.25
"""Share of speaking people that is hostile, or of all that share hostile words, from which it is an attack. Quiet hours
reach that too, so that it tells the kind of a storm, and never whether there is one."""


def kind_of(hour: Counts) -> tuple[StormKind, Reason]:
    """The kind, and what it rests on. From the clearest sign to the least clear."""
    speaking = max(hour.people.speaking, 1.0)
    voices = max(hour.voices, 1.0)
    if hour.passing >= PASSING * voices:
        return _because(StormKind.NOISE, "passing", "people name us among many others", hour.passing / voices)
    if hour.copying >= COPIED * speaking:
        return _because(StormKind.CAMPAIGN, "copies", "people post the same text", hour.copying / speaking)
    if hour.loudest >= LOUD and hour.posts >= LOUD_FROM:
        return _because(StormKind.CAMPAIGN, "few-voices", "the posts come from five people", hour.loudest)
    if hour.pleased > max(hour.displeased, PLEASED * speaking):
        return _because(StormKind.POSITIVE, "pleased", "speaking people are pleased", hour.pleased / speaking)
    attack = max(hour.people.hostile / speaking, hour.sharing_hostile / voices)
    if attack >= ATTACK:
        return _because(StormKind.FIRESTORM, "attack", "people are hostile or pass hostile words on", attack)
    return _because(StormKind.INCIDENT, "report", "people are hostile: most ask, report or pass on", attack)


def _because(kind: StormKind, code: str, words: str, share: float) -> tuple[StormKind, Reason]:
    return kind, Reason(code=code, words=f"{share:.0%} of {words}", value=share, usual=None, weight=0.0)
