"""One minute decided: count, expect, judge, and let the storm live on."""

import itertools
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from soundings.services.domain.accounts import Department
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, Severity, StormState, Verdict, Volume
from soundings.services.firestorms import baseline, episode, tell, window
from soundings.services.firestorms.baseline import Usual
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.history import Hour
from soundings.services.firestorms.state import Burning, State
from soundings.services.firestorms.verdict import REPOST_WEIGHT, WINDOWS, Evidence, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    volumes: tuple[Volume, ...] = ()
    firestorms: tuple[Firestorm, ...] = ()
    steps: tuple[tuple[AlertStep, Firestorm], ...] = ()


def next_minute(state: State, first: int, last: int) -> int:
    """The next minute that can change anything: each one while a storm is on, else the next with posts."""
    if state.burning is not None:
        return first
    return min((minute for minute in state.recent.minutes if minute >= first), default=last + 1)


def minute(state: State, department: Department, now: int, zone: ZoneInfo) -> Done:
    finish_hours(state, now // 60)
    judged = verdict(state, now, zone)
    state.peak = max(state.peak, judged.score)
    steps, storms = _live_on(state, department, now, zone, judged)
    return Done(volumes=volumes(state, department, now, zone), firestorms=storms, steps=steps)


def finish_hours(state: State, hour: int) -> None:
    """Note what the hours before this one were, and keep them in less detail."""
    history = state.history
    until = history.until
    if until is None:
        history.since = history.until = hour
        return
    if until >= hour:
        return
    for done in sorted({m // 60 for m in state.recent.minutes if until <= m // 60 < hour} | {until}):
        posts, share = window.union(s for m, s in state.recent.minutes.items() if m // 60 == done)
        counts = window.count(posts, share)
        peak, stormy = (state.peak, state.stormy) if done == until else (0.0, 0)
        history.put(done, Hour(counts.speaking, counts.reposting, counts.hostile, round(peak, 3), stormy))
    history.until = hour
    state.peak, state.stormy = 0.0, int(state.burning is not None and state.burning.episode.opened is not None)
    state.recent.roll(hour)
    state.usual.clear()


def expected(state: State, hour: int, zone: ZoneInfo) -> Usual:
    if hour not in state.usual:
        state.usual[hour] = baseline.usual(state.history, hour, zone)
    return state.usual[hour]


def expected_in(state: State, first: int, last: int, zone: ZoneInfo) -> Usual:
    """What is usual from one minute to another, both included."""
    parts = [
        (expected(state, hour, zone), (min(last, hour * 60 + 59) - max(first, hour * 60) + 1) / 60)
        for hour in range(first // 60, last // 60 + 1)
    ]
    return replace(
        parts[-1][0],
        speaking=sum(usual.speaking * share for usual, share in parts),
        reposting=sum(usual.reposting * share for usual, share in parts),
        hostile=sum(usual.hostile * share for usual, share in parts),
    )


def verdict(state: State, now: int, zone: ZoneInfo) -> Verdict:
    windows, usual = {}, {}
    for minutes in WINDOWS:
        samples, first = state.recent.window(now, minutes)
        windows[minutes] = window.count(*window.union(samples))
        usual[minutes] = expected_in(state, first, now, zone)
    return judge(Evidence(minute=now, windows=windows, usual=usual))


def volumes(state: State, department: Department, now: int, zone: ZoneInfo) -> tuple[Volume, ...]:
    """Of each account with posts in the minute."""
    sample = state.recent.minutes.get(now)
    if sample is None:
        return ()
    found = []
    for place, account in enumerate(state.accounts):
        posts = [seen for seen in sample if seen.accounts >> place & 1]
        if posts:
            found.append(tell.volume(department.key, account, moment(now), posts, sample.share))
    return tuple(found)


def present(state: State, department: Department, now: int, zone: ZoneInfo) -> Firestorm | None:
    if state.burning is None:
        return None
    judged = verdict(state, now, zone)
    return tell.firestorm(state, department, state.burning, now, judged, expected(state, now // 60, zone))


def _pressure(state: State, now: int, zone: ZoneInfo) -> tuple[float, float]:
    """Weighted voices of the last hour, and what is usual."""
    samples, first = state.recent.window(now, 60)
    counts = window.count(*window.union(samples))
    usual = expected_in(state, first, now, zone)
    return (
        counts.speaking + REPOST_WEIGHT * counts.reposting,
        usual.speaking + REPOST_WEIGHT * usual.reposting,
    )


def _live_on(
    state: State, department: Department, now: int, zone: ZoneInfo, judged: Verdict
) -> tuple[tuple[tuple[AlertStep, Firestorm], ...], tuple[Firestorm, ...]]:
    if state.burning is None:
        if not episode.noticed(judged):
            return (), ()
        state.burning = _kindle(state, department, now, judged)
    burning = state.burning
    before = burning.episode
    sample = state.recent.minutes.get(now)
    if sample is not None:
        burning.sample.merge(sample)
    burning.episode, step = episode.step(before, now, judged, *_pressure(state, now, zone))
    if burning.episode.opened is not None:
        state.stormy = 1
    over = burning.episode.state is StormState.OVER
    if sample is None and not over and burning.episode.state is before.state:
        return (), ()
    storm = tell.firestorm(state, department, burning, now, judged, expected(state, now // 60, zone))
    if over:
        state.burning = None
    return ((step, storm),) if step else (), (storm,)


def _kindle(state: State, department: Department, now: int, judged: Verdict) -> Burning:
    """A storm is noticed: it began with the hour's first minute from which on there was more than before."""
    began = _beginning(state, now)
    burning = Burning(
        episode=episode.Episode(
            id=f"{department.key}:{moment(now):%Y-%m-%dT%H:%MZ}",
            noticed=now,
            began=began,
            state=StormState.BUILDING,
            kind=judged.kind,
            severity=Severity.WATCH,
        )
    )
    for earlier in range(began, now):
        if earlier in state.recent.minutes:
            burning.sample.merge(state.recent.minutes[earlier])
    return burning


def _beginning(state: State, now: int) -> int:
    """The minute within the last hour that splits it best into less before and more after."""
    counts = [len(state.recent.minutes.get(m, ())) for m in range(now - 59, now + 1)]
    sums = [0, *itertools.accumulate(counts)]

    def gain(cut: int) -> float:
        before, after = sums[cut] / cut, (sums[-1] - sums[cut]) / (60 - cut)
        return (after - before) * abs(after - before) * cut * (60 - cut)

    return now - 59 + max(range(1, 60), key=gain)
