"""The storm that is on, carried through a decided minute: kindled, fed, told of, replaced by a new one, put out."""

import itertools
from dataclasses import replace

from soundings.services.domain.accounts import Department
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, Severity, StormState, Verdict
from soundings.services.firestorms import episode, tell, trigger, window
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.state import Burning, State
from soundings.services.firestorms.verdict import HOUR, Evidence

Steps = tuple[tuple[AlertStep, Firestorm], ...]
REFRESHED = 5
"""Minutes after which a storm is told of anew where only its numbers changed: dashboards are looked at, not read."""
SEEDS = 60
"""Minutes before it was noticed in which a storm's beginning is looked for."""


def go_on(
    state: State, department: Department, evidence: Evidence, judged: Verdict
) -> tuple[Steps, tuple[Firestorm, ...]]:
    """Notices owed and storms that changed. At most one storm of a department is on at a time."""
    steps: Steps = ()
    storms: tuple[Firestorm, ...] = ()
    if state.burning is not None and _is_replaced(state, state.burning, evidence, judged):
        ended = replace(state.burning.episode, state=StormState.OVER)
        state.burning.episode = ended
        last = tell.firestorm(state, department, state.burning, evidence, judged)
        steps, storms = ((AlertStep.OVER, last),), (last,)
        _put_out(state, evidence.minute)
    if state.burning is None:
        if not episode.noticed(judged):
            return steps, storms
        state.burning = _kindle(state, department, evidence, judged)
    step, storm = _feed(state, department, state.burning, evidence, judged)
    if step and storm:
        steps = (*steps, (step, storm))
    return steps, (*storms, storm) if storm else storms


def _feed(
    state: State, department: Department, burning: Burning, evidence: Evidence, judged: Verdict
) -> tuple[AlertStep | None, Firestorm | None]:
    """The storm after this minute, if anything of it changed, and the notice owed."""
    now = evidence.minute
    hour = evidence.stretches[HOUR]
    before = burning.episode.state
    sample = state.recent.minutes.get(now)
    if sample is not None:
        burning.sample.merge(sample)
    refreshed = now % REFRESHED == 0 or not burning.episode.causes
    if refreshed:
        found = trigger.find(list(burning.sample), burning.sample.share, state.statements.__contains__)
        cause = found.post if found else ""
    else:
        cause = burning.episode.causes[-1]
    usual = hour.usual.speaking + hour.usual.reposting
    burning.episode, step = episode.step(burning.episode, now, judged, hour.people.pressure, usual, cause)
    if burning.episode.opened is not None:
        state.stormy = 1
    over = burning.episode.state is StormState.OVER
    if not (step or over or refreshed) and burning.episode.state is before:
        return None, None
    storm = tell.firestorm(state, department, burning, evidence, judged)
    if over:
        _put_out(state, now)
    return step, storm


def _put_out(state: State, now: int) -> None:
    if state.burning is not None and state.burning.episode.severity.wakes:
        state.ended = now
    state.burning = None


def _is_replaced(state: State, burning: Burning, evidence: Evidence, judged: Verdict) -> bool:
    high = evidence.stretches[HOUR].people.pressure
    if not episode.is_higher_wave(burning.episode, evidence.minute, judged, high):
        return False
    posts, share = window.union(state.recent.last_hour(evidence.minute))
    cause = trigger.find(posts, share, state.statements.__contains__)
    # What it gathered around before the wave came, not since: by now the wave may be most of the storm.
    return cause is not None and cause.post not in burning.episode.causes[:1]


def _kindle(state: State, department: Department, evidence: Evidence, judged: Verdict) -> Burning:
    """A storm is noticed; what was said since it began belongs to it."""
    now, usual = evidence.minute, evidence.stretches[HOUR].usual
    began = _beginning(state, now)
    burning = Burning(
        episode=episode.Episode(
            id=f"{department.key}:{moment(now):%Y-%m-%dT%H:%MZ}",
            noticed=now,
            began=began,
            state=StormState.BUILDING,
            kind=judged.kind,
            severity=Severity.WATCH,
            usual=(usual.speaking + usual.reposting) * (now - began) / 60,
        )
    )
    for earlier in range(began, now):
        if earlier in state.recent.minutes:
            burning.sample.merge(state.recent.minutes[earlier])
    return burning


def _beginning(state: State, now: int) -> int:
    """The minute within the last hour that splits it best into less before and more after."""
    counts = [len(state.recent.minutes.get(m, ())) for m in range(now - SEEDS + 1, now + 1)]
    sums = [0, *itertools.accumulate(counts)]

    def gain(cut: int) -> float:
        step = (sums[-1] - sums[cut]) / (SEEDS - cut) - sums[cut] / cut
        return step * abs(step) * cut * (SEEDS - cut)

    return now - SEEDS + 1 + max(range(1, SEEDS), key=gain)
