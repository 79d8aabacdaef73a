"""Does this minute look like a storm, of what kind, and who should be told: pure functions, value and reasons."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from soundings.services.domain.firestorms import Reason, Severity, StormKind, Verdict
from soundings.services.firestorms.answered import Answered, strength
from soundings.services.firestorms.baseline import surprise
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.kinds import kind_of
from soundings.services.firestorms.people import People
from soundings.services.firestorms.window import Counts

WINDOWS = (30, 60, 120, 180)
"""Minutes: half an hour shows a fast storm, three hours a slow one. A quarter of an hour found none sooner."""
HOUR = 60
NOTICED = 0.7
"""Share of the threshold from which a storm is building: on the dashboards, told to nobody."""
NOTABLE = 0.8
"""Share of the threshold from which it is told to the channel without waking anybody."""
BESIDES = 0.6
"""Weight of each of the other surprises (hostility, complaints, focus on one post) beside that at how many speak: below
one, since they come with it; alike, since nothing told them apart on both halves of the measured half year.

Reposts enter by focus, and where they pass hostility on: they cost a tap each, and only there do they say something
that what people write does not."""
PASSED_ON = 0.4
"""Weight of the surprise at how many pass hostile words on: what is angry spreads by taps before many write themselves.
0.3 to 0.5 find the same. Whether these people had spoken before made no difference, so that is not kept."""
RATIOED = 0.3
"""Weight of each doubling of answers over likes of a post that people gather around, two doublings at most: half of
what a deviation of focus weighs, so that it tips what is close and opens nothing alone. Not fitted: the archive on
which all else was measured has no likes."""
_SCALE = 1 / math.sqrt(1 + 3 * BESIDES**2 + PASSED_ON**2)
LEAST_PEOPLE = 20.0
"""Fewer in an hour are a conversation, whatever is usual, four who repost counting like one who writes: twenty posts
are read in two minutes. With eighteen, single posts of known critics wake somebody a little more often."""
LEAST_WRITING = 15.0
"""The same where reposts are not delivered: at usual shares of them, fifteen who write come with twenty who repost."""
SILENT_REPOSTS = 8.0
"""People who speak while nobody reposts, from which reposts are taken not to be delivered."""
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
    answered: Answered | None = None
    """Of the post that people gather around and answer most, beside its likes; None where that is not known."""


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

    @property
    def reposts_known(self) -> bool:
        """Unless many speak in the longest window and nobody reposts: on any platform a quarter of posts are."""
        longest = self.stretches[max(self.stretches)].people
        return longest.reposting > 0 or longest.speaking < SILENT_REPOSTS


def parts(stretch: Stretch, *, reposts_known: bool = True) -> dict[str, float]:
    """The weighted surprises that make up a window's score, their sum (Stouffer's weighted method).

    A storm need not hold complaints, nor one post that it gathers around: both count only where they are more than
    usual. Each part rises with its count, so that more hostile people never un-fire a window.

    Args:
        reposts_known: false if the source seems to deliver none. The gathering, and what is passed on, are
            then taken to be at least as surprising as the rest: what is not known must not speak against a storm.
    """
    people, usual, level, spread = stretch.people, stretch.usual, stretch.level, stretch.spread
    speaking = surprise(people.speaking, usual.speaking, level.speaking, spread)
    complaining = surprise(people.complaining, usual.complaining, level.complaining, spread)
    gathered = surprise(people.gathered, usual.gathered, level.gathered, spread)
    angry = surprise(people.anger, usual.anger, level.anger, spread)
    passed = surprise(people.passing_on, usual.passing_on, level.passing_on, spread)
    ratio = strength(stretch.answered)
    return {
        "voices": _SCALE * speaking,
        "hostility": _SCALE * BESIDES * angry,
        "complaints": _SCALE * BESIDES * max(0.0, complaining),
        "focus": _SCALE * BESIDES * max(0.0, gathered if reposts_known else max(gathered, speaking)),
        "passed-on": _SCALE * PASSED_ON * max(0.0, passed if reposts_known else max(passed, angry)),
        # On top, and not in the scale: where likes are not told, every score is what it would be without it.
        **({"ratio": _SCALE * RATIOED * ratio} if ratio else {}),
    }


def judge(evidence: Evidence, *, fully: bool = False) -> Verdict:
    """Fires if more people than usual speak, repost and attack than the account is used to, and enough of them.

    Args:
        fully: with kind and reasons also where it is far from a storm.
    """
    known = evidence.reposts_known
    scored = {minutes: parts(stretch, reposts_known=known) for minutes, stretch in evidence.stretches.items()}
    scores = {minutes: sum(part.values()) for minutes, part in scored.items()}
    minutes = max(scores, key=lambda length: (scores[length], -length))
    # Too few people cap the score in proportion, so that it still rises with each who joins.
    cap = evidence.threshold * _crowd(evidence.stretches[HOUR].people, known)
    score = scores[minutes] if cap >= evidence.threshold else min(scores[minutes], cap)
    excess = score / evidence.threshold
    reasons = _counted(minutes, evidence.stretches[minutes], scored[minutes])
    kind, voices = StormKind.INCIDENT, 0.0
    if fully or excess >= NOTICED:
        hour = evidence.hour()
        voices = hour.voices
        kind, why = kind_of(hour, evidence.stretches[HOUR].usual)
        reasons = (*reasons, *_large(hour), why)
    return Verdict(
        minute=moment(evidence.minute),
        fires=excess >= NOTABLE,
        score=score,
        threshold=evidence.threshold,
        kind=kind,
        severity=severity_of(excess, kind, voices),
        reasons=reasons,
    )


def _crowd(people: People, reposts_known: bool) -> float:
    """How many they are, in shares of the fewest that are a storm."""
    return people.pressure / LEAST_PEOPLE if reposts_known else people.speaking / LEAST_WRITING


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
        ("focus", "people around one post", people.gathered, usual.gathered),
        ("passed-on", "people passing hostile words on", people.passing_on, usual.passing_on),
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
    return tuple(sorted((*reasons, *_ratio(stretch.answered, scored)), key=lambda reason: -reason.weight))


def _ratio(known: Answered | None, scored: Mapping[str, float]) -> tuple[Reason, ...]:
    if known is None or "ratio" not in scored:
        return ()
    words = f"more people answer one post than like it: {known.answers} answers, {_likes(known.likes)}"
    value = known.answers / max(1, known.likes)
    return (Reason(code="ratio", words=words, value=value, usual=None, weight=scored["ratio"]),)


def _likes(likes: int) -> str:
    return "1 like" if likes == 1 else f"{likes or 'no'} likes"


def _large(hour: Counts) -> tuple[Reason, ...]:
    """Told for orientation, with no weight: whether people of reach are among them."""
    if not hour.large:
        return ()
    words = f"{hour.large:.0f} of {hour.voices:.0f} people in the last hour have 10,000 followers or more"
    return (Reason(code="large-accounts", words=words, value=hour.large, usual=None, weight=0.0),)


def span(minutes: int) -> str:
    return {60: "an hour"}.get(minutes, f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} hours")


def few(expected: float) -> str:
    """A small expectation in words: `usual 0` would promise that there are never any."""
    return "less than 1" if expected < 0.5 else f"{expected:.0f}"
