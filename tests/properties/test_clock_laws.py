"""Laws of the clock: it never goes back, waits for nobody who is silent, and knows a replay from life."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from soundings.services.domain.clock import FORGOTTEN_AFTER, STALE_AFTER, PartitionClock
from soundings.services.domain.posts import Tick

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SOURCES = ("a", "b", "c")


def tick(source: str, seconds: float, *, live: bool = True, ended: bool = False) -> Tick:
    return Tick(source=source, time=NOON + timedelta(seconds=seconds), live=live, ended=ended)


def run(*ticks: Tick) -> PartitionClock:
    clock = PartitionClock()
    for each in ticks:
        clock.tick(each)
    return clock


any_tick = st.builds(
    tick, st.sampled_from(SOURCES), st.integers(-(10**6), 10**6), live=st.booleans(), ended=st.booleans()
)


@given(st.lists(any_tick, max_size=20))
def test_the_time_never_goes_back_and_never_runs_ahead_of_what_was_told(ticks: list[Tick]) -> None:
    clock = PartitionClock()
    told: datetime | None = None
    for each in ticks:
        before = clock.time
        told = max(told, each.time) if told else each.time
        time = clock.tick(each)
        assert time is not None and time == clock.time
        assert before is None or time >= before
        assert time <= told


@given(st.lists(any_tick, max_size=12), st.lists(any_tick, max_size=6))
def test_a_clock_that_is_restored_goes_on_like_one_that_never_stopped(first: list[Tick], then: list[Tick]) -> None:
    unbroken = run(*first)
    restored = PartitionClock(unbroken.ticks, unbroken.time)
    for each in then:
        assert restored.tick(each) == unbroken.tick(each)
        assert (restored.live, restored.stale) == (unbroken.live, unbroken.stale)


spans = st.dictionaries(
    st.sampled_from(SOURCES),
    st.lists(st.integers(0, int(STALE_AFTER.total_seconds())), min_size=1, max_size=5).map(sorted),
    min_size=1,
)


@given(spans, st.data())
def test_the_order_in_which_known_sources_tick_does_not_matter(
    by_source: dict[str, list[int]], data: st.DataObject
) -> None:
    """As long as none of them is stale, and each keeps its own order."""
    start = [tick(source, 0) for source in by_source]
    clock = run(*start)
    turns = data.draw(st.permutations([source for source, times in by_source.items() for _ in times]))
    left = {source: iter(times) for source, times in by_source.items()}
    for source in turns:
        clock.tick(tick(source, next(left[source])))
    assert clock.time == NOON + timedelta(seconds=min(times[-1] for times in by_source.values()))
    assert clock.stale == ()


@given(st.lists(any_tick, min_size=1, max_size=12), st.integers(0, 11))
def test_a_tick_that_comes_twice_changes_nothing(ticks: list[Tick], which: int) -> None:
    lasting = [Tick(source=each.source, time=each.time, live=each.live) for each in ticks]
    again = lasting[which % len(lasting)]
    once, twice = run(*lasting), run(*lasting)
    twice.tick(again)
    assert twice.time == once.time
    if all(each.time >= again.time - STALE_AFTER for each in lasting):
        assert twice.stale == once.stale


@given(st.integers(0, int(STALE_AFTER.total_seconds())))
def test_a_source_that_is_a_little_behind_is_waited_for(behind: int) -> None:
    clock = run(tick("a", -behind), tick("b", 0))
    assert clock.time == NOON - timedelta(seconds=behind)
    assert clock.stale == ()


@given(st.integers(int(STALE_AFTER.total_seconds()) + 1, int(FORGOTTEN_AFTER.total_seconds())))
def test_a_silent_source_is_left_out_and_named(behind: int) -> None:
    clock = run(tick("silent", -behind), tick("a", 0))
    assert clock.time == NOON
    assert clock.stale == ("silent",)


def test_a_source_that_speaks_again_is_waited_for_again() -> None:
    clock = run(tick("silent", -600), tick("a", 0), tick("silent", 30), tick("a", 60))
    assert clock.stale == ()
    assert clock.time == NOON + timedelta(seconds=30)


def test_what_is_silent_for_longer_than_any_gap_can_be_filled_is_forgotten() -> None:
    clock = run(tick("gone", 0), tick("a", FORGOTTEN_AFTER.total_seconds() + 1))
    assert clock.stale == ()


@given(st.lists(st.integers(-(10**8), -int(STALE_AFTER.total_seconds()) - 1), max_size=8))
def test_a_replay_of_old_posts_neither_rewinds_nor_holds_back_a_live_clock(old: list[int]) -> None:
    clock = run(tick("x", 0))
    for number, seconds in enumerate(sorted(old), 1):
        clock.tick(tick("replay", seconds, live=False))
        clock.tick(tick("x", number))
        assert clock.time == NOON + timedelta(seconds=number)
        assert clock.live


@given(st.integers(-100, 100))
def test_a_source_that_has_ended_is_not_waited_for(seconds: int) -> None:
    clock = run(tick("a", 0), tick("replay", seconds, live=False), tick("replay", seconds, live=False, ended=True))
    clock.tick(tick("a", 1000))
    assert clock.time == NOON + timedelta(seconds=1000)
    assert clock.stale == ()


def test_the_tick_that_ends_a_source_still_tells_the_time() -> None:
    assert run(tick("replay", 0, live=False), tick("replay", 60, live=False, ended=True)).time == NOON + timedelta(
        minutes=1
    )


def test_a_clock_is_live_only_while_a_live_source_tells_the_time() -> None:
    assert not PartitionClock().live
    assert not run(tick("replay", 0, live=False)).live
    assert run(tick("replay", 0, live=False), tick("x", 0)).live
    assert not run(tick("x", -600), tick("replay", 0, live=False)).live
    assert not run(tick("x", 0), tick("x", 0, ended=True)).live


def test_there_is_no_time_before_the_first_tick() -> None:
    clock = PartitionClock()
    assert clock.time is None and clock.stale == () and not clock.live
