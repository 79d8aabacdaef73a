"""Does this minute look like a storm, of what kind, and who should be told: pure functions, value and reasons."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from soundings.services.domain.firestorms import Reason, Severity, StormKind, Verdict
from soundings.services.firestorms.baseline import People, surprise
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.kinds import kind_of
from soundings.services.firestorms.window import Counts

WINDOWS = (30, 60, 120, 180)
"""Minutes: half an hour shows a fast storm, three hours a slow one. A quarter of an hour found none sooner."""
NOTABLE = 0.8
"""Share of the threshold from which it is told to the channel without waking anybody."""
REPOSTS = 0.2
"""Weight of the surprise at reposts beside that at own words: a repost costs a tap, one loud post draws hundreds."""
HOSTILITY = 0.9
"""Weight of the surprise at hostile people: nearly that of all who speak. What is hostile in quiet hours
is already in what is usual."""
LEAST_PEOPLE = 12.0
"""Fewer people in an hour (four who repost count as one) are a conversation, whatever is usual: nobody is woken."""
TAP = 0.25
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
    hour: Counts
    threshold: float
    """The score from which somebody is woken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The weighted surprises that make up a window's score."""

    speaking: float
    reposting: float
    hostile: float

    @property
    def score(self) -> float:
        return self.speaking + self.reposting + self.hostile


def parts(stretch: Stretch) -> Parts:
    """Stouffer's weighted sum of three surprises.

    Missing reposts say nothing: a source may have stopped delivering them, so they count only where there are more than
    usual. Each part rises with its count, so that more hostile people never un-fire a window.
    """
    weight = 1 / math.sqrt(1 + REPOSTS**2 + HOSTILITY**2)
    people, usual, level = stretch.people, stretch.usual, stretch.level
    return Parts(
        speaking=weight * surprise(people.speaking, usual.speaking, level.speaking, stretch.spread),
        reposting=weight
        * REPOSTS
        * max(0.0, surprise(people.reposting, usual.reposting, level.reposting, stretch.spread)),
        hostile=weight * HOSTILITY * surprise(people.hostile, usual.hostile, level.hostile, stretch.spread),
    )


def judge(evidence: Evidence) -> Verdict:
    """Fires if more people than usual speak, repost and attack than the account is used to, and enough of them."""
    scored = {minutes: parts(stretch) for minutes, stretch in evidence.stretches.items()}
    minutes = max(scored, key=lambda length: (scored[length].score, -length))
    people = evidence.hour.people
    # Too few people cap the score in proportion, so that it still rises with each who joins.
    cap = evidence.threshold * (people.speaking + TAP * people.reposting) / LEAST_PEOPLE
    score = scored[minutes].score if cap >= evidence.threshold else min(scored[minutes].score, cap)
    kind, why = kind_of(evidence.hour)
    excess = score / evidence.threshold
    return Verdict(
        minute=moment(evidence.minute),
        fires=excess >= NOTABLE,
        score=score,
        threshold=evidence.threshold,
        kind=kind,
        severity=severity_of(excess, kind, evidence.hour.voices),
        reasons=(*_counted(minutes, evidence.stretches[minutes], scored[minutes]), *_gathered(evidence.hour), why),
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


def _counted(minutes: int, stretch: Stretch, scored: Parts) -> tuple[Reason, ...]:
    """The parts of the score, the heaviest first."""
    people, usual = stretch.people, stretch.usual
    length = span(minutes)
    found = (
        ("voices", "{:.0f} people in {}; usual {}", people.speaking, usual.speaking, scored.speaking),
        ("hostility", "{:.0f} hostile people in {}; usual {}", people.hostile, usual.hostile, scored.hostile),
        ("reposts", "{:.0f} people reposted in {}; usual {}", people.reposting, usual.reposting, scored.reposting),
    )
    reasons = (
        Reason(
            code=code,
            words=words.format(value, length, few(expected)),
            value=value,
            usual=expected,
            weight=weight,
        )
        for code, words, value, expected, weight in found
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
