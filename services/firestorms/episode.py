"""A storm's life: building, open, peaked, subsiding, over, with hysteresis. Pure: a step returns the next state."""

from dataclasses import dataclass, replace

from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Severity, StormKind, StormState, Verdict
from soundings.services.firestorms.verdict import NOTICED

CALM = 0.6
"""Share of the threshold below which it looks over. Lower than `NOTICED`, so that it does not flicker."""
REST = 30
"""Minutes that it must stay calm before it is over; a pause in a thread is shorter."""
LONGEST = 24 * 60
"""Minutes after which what still goes on is told anew: another shift is on duty."""
FADED = 0.5
"""Share of the highest hour from which on it subsides."""
AT_PEAK = 0.8
"""Share of the highest hour down to which it counts as open, not past its peak."""
NEW_WAVE = 1.6
"""Times the highest hour so far from which people who gather around another post are a storm of their own."""
SETTLED = 180
"""Minutes before another wave is asked for: while a storm still grows, every hour is higher than the last."""
LATELY = 60
"""Minutes that are left out of what a wave is compared with: they are the wave."""


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
    lately: tuple[float, ...] = ()
    """Pressure of the last `LATELY` minutes, the latest last."""
    before: float = 0.0
    """The highest pressure before these."""
    causes: tuple[str, ...] = ()
    """The post that most people gathered around in each of these minutes; empty where there was none."""
    resting: int = 0
    """Minutes for which it has looked over."""
    usual: float = 0.0
    """Voices to be expected since it began."""
    named: tuple[str, ...] = ()
    """Posts that its notices named as the cause, and those that led in its first hour."""
    told: int | None = None
    """The minute of the last notice."""


def noticed(verdict: Verdict) -> bool:
    return verdict.score >= NOTICED * verdict.threshold


def is_higher_wave(episode: Episode, minute: int, verdict: Verdict, pressure: float) -> bool:
    """Whether what comes now is far higher than the storm that is on ever was. With a new cause, it is another one."""
    return (
        episode.opened is not None
        and minute - episode.opened >= SETTLED
        and verdict.severity.wakes
        and pressure >= NEW_WAVE * episode.before
    )


def step(
    episode: Episode, minute: int, verdict: Verdict, pressure: float, usual: float, cause: str
) -> tuple[Episode, AlertStep | None]:
    """One decided minute later.

    Args:
        pressure: weighted voices of the last hour.
        usual: people to be expected in an hour.
        cause: the post that most people gather around, empty if there is none.
    """
    if episode.state is StormState.OVER:
        raise ValueError("an episode that is over does not go on")
    now = _carried(episode, minute, verdict, pressure, usual, cause)
    if now.resting >= REST or minute - now.noticed >= LONGEST:
        return replace(now, state=StormState.OVER), AlertStep.OVER if episode.opened is not None else None
    if episode.opened is None:
        if verdict.severity is Severity.WATCH:
            return now, None
        opened = replace(now, state=StormState.OPEN, opened=minute, kind=verdict.kind, severity=verdict.severity)
        return opened, AlertStep.OPENED
    if verdict.severity.rank > episode.severity.rank:
        return replace(now, state=StormState.OPEN, kind=verdict.kind, severity=verdict.severity), AlertStep.ESCALATED
    return replace(now, state=_phase(pressure, now.top)), None


def _carried(episode: Episode, minute: int, verdict: Verdict, pressure: float, usual: float, cause: str) -> Episode:
    lately = (*episode.lately, pressure)
    return replace(
        episode,
        top=max(episode.top, pressure),
        peaked=minute if pressure >= episode.top else episode.peaked,
        before=max(episode.before, lately[0]) if len(lately) > LATELY else episode.before,
        lately=lately[-LATELY:],
        causes=(*episode.causes, cause)[-LATELY:],
        resting=episode.resting + 1 if verdict.score < CALM * verdict.threshold else 0,
        usual=episode.usual + usual / 60,
    )


def _phase(pressure: float, top: float) -> StormState:
    if pressure >= AT_PEAK * top:
        return StormState.OPEN
    return StormState.PEAKED if pressure >= FADED * top else StormState.SUBSIDING
