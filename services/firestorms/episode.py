"""A storm's life: building, open, peaked, subsiding, over, with hysteresis. Pure: a step returns the next state."""

from dataclasses import dataclass, replace

from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Severity, StormKind, StormState, Verdict

NOTICED = 0.75
"""Share of the threshold from which a storm is building: on the dashboards, told to nobody."""
FADED = 0.5
"""Share of the highest hour at which the peak is behind; half, since a wave within it is the same storm."""
GONE = 0.2
"""Share of the highest hour below which little of the storm is left."""
NEAR_USUAL = 1.5
"""Times the usual that count as usual again: quiet hours reach that every day."""
REST = 30
"""Minutes that it must stay so before it is over; a pause in a thread is shorter."""
LONGEST = 72 * 60
"""Minutes after which what goes on is no episode but the new usual, and is learned as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What is carried of a storm from minute to minute."""

    id: str
    noticed: int
    """Minute."""
    began: int
    state: StormState
    kind: StormKind
    severity: Severity
    opened: int | None = None
    """The minute that decided it; None while it is building."""
    top: float = 0.0
    """The highest hour's pressure so far."""
    peaked: int | None = None
    resting: int = 0
    """Minutes for which it has looked over."""
    usual: float = 0.0
    """Voices to be expected since it began."""


def noticed(verdict: Verdict) -> bool:
    return verdict.score >= NOTICED * verdict.threshold


def step(
    episode: Episode, minute: int, verdict: Verdict, pressure: float, usual: float
) -> tuple[Episode, AlertStep | None]:
    """One decided minute later: `pressure` and `usual` are weighted voices of the last hour and their expectation."""
    if episode.state is StormState.OVER:
        raise ValueError("an episode that is over does not go on")
    top = max(episode.top, pressure)
    now = replace(
        episode,
        top=top,
        peaked=minute if pressure >= top else episode.peaked,
        resting=episode.resting + 1 if _calm(pressure, usual, top, verdict) else 0,
        usual=episode.usual + usual / 60,
    )
    if now.resting >= REST or minute - now.noticed >= LONGEST:
        done = replace(now, state=StormState.OVER)
        return done, AlertStep.OVER if episode.opened is not None else None
    if episode.opened is None:
        if not verdict.fires:
            return now, None
        return replace(
            now, state=StormState.OPEN, opened=minute, kind=verdict.kind, severity=verdict.severity
        ), AlertStep.OPENED
    if verdict.fires and verdict.severity.rank > episode.severity.rank:
        return replace(now, state=StormState.OPEN, kind=verdict.kind, severity=verdict.severity), AlertStep.ESCALATED
    return replace(now, state=_phase(pressure, top)), None


def _calm(pressure: float, usual: float, top: float, verdict: Verdict) -> bool:
    return not verdict.fires and pressure <= max(NEAR_USUAL * usual, GONE * top)


def _phase(pressure: float, top: float) -> StormState:
    if pressure > 0.8 * top:
        return StormState.OPEN
    return StormState.PEAKED if pressure > FADED * top else StormState.SUBSIDING
