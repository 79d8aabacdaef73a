"""Does this minute look like a storm, of what kind, and who should be told: pure functions, value and reasons."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from soundings.services.domain.firestorms import Reason, Severity, StormKind, Verdict
from soundings.services.firestorms.baseline import surprise
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.kinds import kind_of
from soundings.services.firestorms.people import TAP, People
from soundings.services.firestorms.window import Counts

WINDOWS = (30, 60, 120, 180)
"""Minutes: half an hour shows a fast storm, three hours a slow one. A quarter of an hour found none sooner."""
HOUR = 60
NOTICED = 0.7
"""Share of the threshold from which a storm is building: on the dashboards, told to nobody."""
NOTABLE = 0.8
"""Share of the threshold from which it is told to the channel without waking anybody."""
REPOSTS = 0.2
"""Weight of the surprise at reposts beside that at own words: a repost costs a tap, one loud post draws hundreds."""
ANGER = 0.9
"""Weight of the surprise at hostility: nearly that of all who speak. That of quiet hours is in what is usual."""
COMPLAINTS = 0.4
"""Weight of the surprise at people who complain: less, since complaints are mostly hostile too."""
_SCALE = 1 / math.sqrt(1 + REPOSTS**2 + ANGER**2 + COMPLAINTS**2)
LEAST_PEOPLE = 12.0
"""Fewer people in an hour (four who repost count as one) are a conversation, whatever is usual: nobody is woken."""
GREAT = 1.6
"""Times the threshold from which a storm is critical, if `CROWD` people are in it."""
CROWD = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A window: who came, who is usual, and the account's level, in as long a time."""

    people: People
    usual: People
    level: People
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All a verdict is drawn from."""

    minute: int
    stretches: Mapping[int, Stretch]
    """By length in minutes."""
    hour: Callable[[], Counts]
    """All that is told of the last hour: counted only if something is to be told."""
    threshold: float
    """The score from which somebody is woken."""


def parts(stretch: Stretch) -> dict[str, float]:
    """The weighted surprises that make up a window's score, their sum (Stouffer's weighted method).

    Missing reposts and complaints say nothing: a source may have stopped delivering the ones, and a storm need not hold
    the others, so both count only where there are more than usual. Each part rises with its count, so that more hostile
    people never un-fire a window.
    """
    people, usual, level, spread = stretch.people, stretch.usual, stretch.level, stretch.spread
    reposting = surprise(people.reposting, usual.reposting, level.reposting, spread)
    complaining = surprise(people.complaining, usual.complaining, level.complaining, spread)
    return {
        "voices": _SCALE * surprise(people.speaking, usual.speaking, level.speaking, spread),
        "hostility": _SCALE * ANGER * surprise(people.anger, usual.anger, level.anger, spread),
        "complaints": _SCALE * COMPLAINTS * max(0.0, complaining),
        "reposts": _SCALE * REPOSTS * max(0.0, reposting),
    }


def judge(evidence: Evidence, *, fully: bool = False) -> Verdict:
    """Fires if more people than usual speak, repost and attack than the account is used to, and enough of them.

    Args:
        fully: with kind and reasons also where it is far from a storm.
    """
    scored = {minutes: parts(stretch) for minutes, stretch in evidence.stretches.items()}
    scores = {minutes: sum(part.values()) for minutes, part in scored.items()}
    minutes = max(scores, key=lambda length: (scores[length], -length))
    people = evidence.stretches[HOUR].people
    # Too few people cap the score in proportion, so that it still rises with each who joins.
    cap = evidence.threshold * (people.speaking + TAP * people.reposting) / LEAST_PEOPLE
    score = scores[minutes] if cap >= evidence.threshold else min(scores[minutes], cap)
    excess = score / evidence.threshold
    reasons = _counted(minutes, evidence.stretches[minutes], scored[minutes])
    kind, voices = StormKind.INCIDENT, 0.0
    if fully or excess >= NOTICED:
        hour = evidence.hour()
        voices = hour.voices
        kind, why = kind_of(hour, evidence.stretches[HOUR].usual)
        reasons = (*reasons, *_gathered(hour), why)
    return Verdict(
        minute=moment(evidence.minute),
        fires=excess >= NOTABLE,
        score=score,
        threshold=evidence.threshold,
        kind=kind,
        severity=severity_of(excess, kind, voices),
        reasons=reasons,
    )


def severity_of(excess: float, kind: StormKind, voices: float) -> Severity:
    """Who should be told. `excess` is the score over its threshold.

    Praise, and few who make the noise of many, are worth knowing and wake nobody; what is not about us is on the
    dashboards only.
    """
    if excess < NOTABLE or kind is StormKind.NOISE:
        return Severity.WATCH
    if excess < 1 or kind in (StormKind.POSITIVE, StormKind.CAMPAIGN):
        return Severity.NOTABLE
    return Severity.CRITICAL if excess >= GREAT and voices >= CROWD else Severity.SERIOUS


def _counted(minutes: int, stretch: Stretch, scored: Mapping[str, float]) -> tuple[Reason, ...]:
    """The parts of the score, the heaviest first."""
    people, usual, length = stretch.people, stretch.usual, span(minutes)
    found = (
        ("voices", "people", people.speaking, usual.speaking),
        ("hostility", "hostile people", people.hostile, usual.hostile),
        ("complaints", "people with a complaint", people.complaining, usual.complaining),
        ("reposts", "people who repost", people.reposting, usual.reposting),
    )
    reasons = (
        Reason(
            code=code,
            words=f"{value:.0f} {words} in {length}; usual {few(expected)}",
            value=value,
            usual=expected,
            weight=scored[code],
        )
        for code, words, value, expected in found
    )
    return tuple(sorted(reasons, key=lambda reason: -reason.weight))


def _gathered(hour: Counts) -> tuple[Reason, ...]:
    """Told for orientation, with no weight: what people gather around, and who of reach is among them."""
    found = []
    if hour.gathered >= 3:
        words = f"{hour.gathered:.0f} of {hour.voices:.0f} people in the last hour are around one post"
        found.append(Reason(code="focus", words=words, value=hour.gathered, usual=None, weight=0.0))
    if hour.large:
        words = f"{hour.large:.0f} of them have 10,000 followers or more"
        found.append(Reason(code="large-accounts", words=words, value=hour.large, usual=None, weight=0.0))
    return tuple(found)


def span(minutes: int) -> str:
    return {60: "an hour"}.get(minutes, f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} hours")


def few(expected: float) -> str:
    """A small expectation in words: `usual 0` would promise that there are never any."""
    return "less than 1" if expected < 0.5 else f"{expected:.0f}"
