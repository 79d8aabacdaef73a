"""One minute decided: count, expect, judge, and let the storm live on."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from soundings.services.domain.accounts import Department
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, Volume
from soundings.services.firestorms import baseline, life, tell, window
from soundings.services.firestorms import budget as budgets
from soundings.services.firestorms.baseline import Usual
from soundings.services.firestorms.clock import moment
from soundings.services.firestorms.history import Hour
from soundings.services.firestorms.people import People
from soundings.services.firestorms.recent import KEPT_HOURS
from soundings.services.firestorms.state import State
from soundings.services.firestorms.verdict import WINDOWS, Evidence, Stretch, judge

REMEMBERED_VOICES = 10_000
"""Voices from which an account's share of the department is halved and goes on: some weeks of a middling department."""


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


def minute(state: State, department: Department, now: int, zone: ZoneInfo, budget: float) -> Done:
    finish_hours(state, now // 60)
    evidence = gather(state, now, zone, budget)
    judged = judge(evidence)
    state.peak = max(state.peak, judged.score)
    steps, storms = life.go_on(state, department, evidence, judged)
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
    # The hour before the last one is counted again: posts that were late by up to an hour are in it now.
    again = until - 1 if history.get(until - 1) else until
    found = {m // 60 for m in state.recent.minutes if again <= m // 60 < hour}
    for done in sorted(found | {until}):
        people = window.people(s for m, s in state.recent.minutes.items() if m // 60 == done)
        noted = history.get(done)
        peak, stormy = (
            (state.peak, state.stormy) if done == until else (noted.peak, noted.stormy) if noted else (0.0, 0)
        )
        history.put(done, Hour(people, round(peak, 3), stormy))
    history.until = hour
    state.peak, state.stormy = 0.0, int(state.burning is not None and state.burning.episode.opened is not None)
    state.recent.roll(hour)
    state.usual = {known: what for known, what in state.usual.items() if known >= hour - KEPT_HOURS}


def expected(state: State, hour: int, zone: ZoneInfo) -> Usual:
    if hour not in state.usual:
        state.usual[hour] = baseline.usual(state.history, hour, zone, state.level(hour))
    return state.usual[hour]


def gather(state: State, now: int, zone: ZoneInfo, budget: float) -> Evidence:
    """What there is to judge a minute by."""
    stretches = {}
    gathering = window.Gathering()
    for minutes, first, samples in state.recent.windows(now, WINDOWS):
        for sample in samples:
            gathering.add(sample)
        stretches[minutes] = replace(
            stretch(state, first, now, zone, gathering.people()), answered=gathering.answered()
        )
    return Evidence(
        minute=now,
        stretches=stretches,
        hour=lambda: window.count(state.recent.last_hour(now)),
        threshold=budgets.after(state.threshold(budget), state.ended, now),
    )


def stretch(state: State, first: int, last: int, zone: ZoneInfo, people: People) -> Stretch:
    """The people of the minutes from first to last, with what is usual then."""
    present = expected(state, last // 60, zone)
    return Stretch(
        people=people,
        usual=_usual_between(state, first, last, zone),
        level=present.level.times((last - first + 1) / 60),
        spread=present.spread,
    )


def _usual_between(state: State, first: int, last: int, zone: ZoneInfo) -> People:
    usual = People()
    for hour in range(first // 60, last // 60 + 1):
        share = (min(last, hour * 60 + 59) - max(first, hour * 60) + 1) / 60
        usual = usual.plus(expected(state, hour, zone).people.times(share))
    return usual


def volumes(state: State, department: Department, now: int, zone: ZoneInfo) -> tuple[Volume, ...]:
    """Of each account with posts in the minute."""
    sample = state.recent.minutes.get(now)
    if sample is None:
        return ()
    found = []
    for place, account in enumerate(state.accounts):
        posts = [seen for seen in sample if seen.accounts >> place & 1]
        if posts:
            volume = tell.volume(department.key, account, moment(now), posts, sample.share)
            found.append(replace(volume, usual_voices=_share_of_usual(state, place, now, zone)))
            _note(state, place, now, volume.voices)
    return tuple(found)


def _share_of_usual(state: State, place: int, now: int, zone: ZoneInfo) -> float | None:
    """People to be expected for an account since its last volume, within an hour; None while learning, or if late.

    Minutes without posts have no volume: over a longer time the sum of these is what is usual in it.
    """
    total = sum(state.counted)
    if not total or now <= state.drawn[place] or not expected(state, now // 60, zone).learned:
        return None
    usual = _usual_between(state, max(state.drawn[place] + 1, now - 59), now, zone)
    return round((usual.speaking + usual.reposting) * state.counted[place] / total, 3)


def _note(state: State, place: int, now: int, voices: int) -> None:
    state.drawn[place] = max(state.drawn[place], now)
    state.counted[place] += voices
    if sum(state.counted) > REMEMBERED_VOICES:
        state.counted = [count / 2 for count in state.counted]
