"""What kind of storm it is, from what people do in it. Informs; severity decides who is woken."""

from soundings.services.domain.firestorms import Reason, StormKind
from soundings.services.firestorms.people import People
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
ATTACK = 1.15
"""Times the usual hostility of those who speak from which it is an attack. Quiet hours are hostile too, and a text
model may see more or less of it: only the account's own measure tells. Floods lie below 1, storms above 1.3."""

ENOUGH_TO_TELL = 10
"""People from which it means something that not one is hostile; of fewer, the angry ones may be still to come. However
calm the account's people usually are, a storm in which nobody is hostile is no attack."""


def kind_of(hour: Counts, usual: People) -> tuple[StormKind, Reason]:
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
    if round(hour.people.hostile) == 0 and hour.voices >= ENOUGH_TO_TELL:
        words = f"not one of {hour.voices:.0f} people is hostile"
        return StormKind.INCIDENT, Reason(code="attack", words=words, value=0.0, usual=None, weight=0.0)
    attack = (hour.people.anger / speaking) / max(usual.anger / max(usual.speaking, 1.0), 0.01)
    kind = StormKind.FIRESTORM if attack >= ATTACK else StormKind.INCIDENT
    words = f"those who speak are {attack:.1f} times as hostile as usual"
    return kind, Reason(code="attack", words=words, value=attack, usual=1.0, weight=0.0)


def _because(kind: StormKind, code: str, words: str, share: float) -> tuple[StormKind, Reason]:
    return kind, Reason(code=code, words=f"{share:.0%} of {words}", value=share, usual=None, weight=0.0)
