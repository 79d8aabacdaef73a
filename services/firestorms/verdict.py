"""Does this minute look like a storm, of what kind, and who should be told: pure functions, value and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from soundings.services.domain.firestorms import Reason, Severity, StormKind, Verdict
from soundings.services.firestorms.baseline import Usual, surprise
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.window import Counts

WINDOWS = (15, 60, 180)
"""Minutes: a fast storm shows in a quarter of an hour, a usual one in an hour, a slow one in three."""
THRESHOLD = 2.6
"""Standard deviations above usual from which a minute fires where nothing is known of the account's own past."""
LEAST_VOICES = {15: 8, 60: 15, 180: 30}
"""Fewer people than this are a conversation, whatever is usual; a press officer answers it, nobody is woken."""
REPOST_WEIGHT = 0.25
"""Reposting costs a tap: four people who repost count like one who writes."""
COPIED = 0.5
"""Share of speaking people with copied text from which they are a campaign."""
LOUD = 0.6
"""Share of own words by the five busiest from which few make the noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All a verdict is drawn from."""

    minute: int
    windows: Mapping[int, Counts]
    """By length in minutes."""
    usual: Mapping[int, Usual]
    """What is usual in as long a time now, by length in minutes."""
    threshold: float = THRESHOLD


def judge(evidence: Evidence) -> Verdict:
    """Fires if more people than usual speak, by the account's own measure, and enough of them."""
    reasons = []
    score = 0.0
    for minutes, counts in evidence.windows.items():
        usual = evidence.usual[minutes]
        seen = counts.speaking + REPOST_WEIGHT * counts.reposting
        expected = usual.speaking + REPOST_WEIGHT * usual.reposting
        strange = surprise(seen, expected, usual.spread)
        if seen < LEAST_VOICES[minutes]:
            strange = min(strange, evidence.threshold * seen / LEAST_VOICES[minutes])
        score = max(score, strange)
        reasons.append(
            Reason(
                code=f"voices-{minutes}",
                words=f"{counts.voices:.0f} people in {span(minutes)}; usual {usual.speaking + usual.reposting:.0f}",
                value=counts.voices,
                usual=usual.speaking + usual.reposting,
                weight=strange,
            )
        )
    hour, usual_hour = evidence.windows[60], evidence.usual[60]
    reasons.append(_hostility(hour, usual_hour))
    if hour.gathered >= 3:
        reasons.append(
            Reason(
                code="focus",
                words=f"{hour.gathered:.0f} of {hour.voices:.0f} people gather around one post",
                value=hour.gathered,
                usual=None,
                weight=hour.gathered / max(hour.voices, 1.0),
            )
        )
    kind = kind_of(hour)
    reasons.sort(key=lambda reason: -reason.weight)
    return Verdict(
        minute=moment(evidence.minute),
        fires=score >= evidence.threshold,
        score=score,
        threshold=evidence.threshold,
        kind=kind,
        severity=severity_of(score / evidence.threshold, kind, hour),
        reasons=tuple(reasons),
    )


def _hostility(hour: Counts, usual: Usual) -> Reason:
    return Reason(
        code="hostility",
        words=f"{hour.hostile:.0f} hostile people in an hour; usual {usual.hostile:.0f}",
        value=hour.hostile,
        usual=usual.hostile,
        weight=surprise(hour.hostile, usual.hostile, usual.spread),
    )


def span(minutes: int) -> str:
    return f"{minutes} minutes" if minutes < 60 else "an hour" if minutes == 60 else f"{minutes // 60} hours"


def kind_of(hour: Counts) -> StormKind:
    """From what people do: copy, praise, ask and report, or attack. Informs, decides nothing alone."""
    speaking = max(hour.speaking, 1.0)
    if hour.copying / speaking >= COPIED or (hour.loudest >= LOUD and speaking >= 10):
        return StormKind.CAMPAIGN
    if hour.praising > hour.hostile + hour.asking:
        return StormKind.POSITIVE
    return StormKind.FIRESTORM if hour.hostile >= hour.asking else StormKind.INCIDENT


def severity_of(excess: float, kind: StormKind, hour: Counts) -> Severity:
    """`excess` is the score over its threshold."""
    if excess < 1 or kind is StormKind.NOISE:
        return Severity.WATCH
    if kind in (StormKind.POSITIVE, StormKind.CAMPAIGN):
        return Severity.NOTABLE
    return Severity.CRITICAL if excess >= 2 and hour.voices >= 100 else Severity.SERIOUS
