"""Laws of a verdict: flat series, scale, hostility."""

from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.firestorms.people import People
from soundings.services.firestorms.sample import ORIGINAL, REPOST, Sample, Seen
from soundings.services.firestorms.verdict import WINDOWS, Evidence, Stretch, judge
from soundings.services.firestorms.window import count, people

LAWS = settings(max_examples=200, deadline=None)


@st.composite
def crowds(draw: st.DrawFn, most: float = 200.0) -> People:
    """People of an hour whose parts fit together."""
    speaking = draw(st.floats(0, most))
    hostile = speaking * draw(st.floats(0, 1))
    return People(
        speaking=speaking,
        reposting=draw(st.floats(0, most)),
        complaining=speaking * draw(st.floats(0, 1)),
        hostile=hostile,
        anger=hostile * draw(st.floats(0.5, 1)),
        gathered=draw(st.floats(0, most)),
    )


def evidence(now: People, usual: People, level: People) -> Evidence:
    """The same rate in each window."""
    stretches = {
        minutes: Stretch(
            people=now.times(minutes / 60), usual=usual.times(minutes / 60), level=level.times(minutes / 60), spread=0.3
        )
        for minutes in WINDOWS
    }
    return Evidence(minute=1, stretches=stretches, hour=lambda: count([]), threshold=3.0)


@LAWS
@given(usual=crowds(), level=crowds())
def test_a_flat_series_is_no_storm(usual: People, level: People) -> None:
    """What is as many as usual, however many that is, and however hostile, fires nothing."""
    assert not judge(evidence(usual, usual, level)).fires


@LAWS
@given(now=crowds(), usual=crowds(20.0), level=crowds(20.0), factor=st.floats(1, 100))
def test_a_larger_account_with_the_same_history_is_told_the_same(
    now: People, usual: People, level: People, factor: float
) -> None:
    """All counts scaled up: what fired still fires where nothing speaks against it; what lay below usual never does."""
    small, large = (
        judge(evidence(now, usual, level)),
        judge(evidence(now.times(factor), usual.times(factor), level.times(factor))),
    )
    if small.fires and all(seen >= expected for seen, expected in zip(now, usual, strict=True)):
        assert large.fires
    if all(seen <= expected for seen, expected in zip(now, usual, strict=True)):
        assert not large.fires


posts = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 2**48 - 1), st.booleans(), st.integers(0, 100), st.integers(0, 5)),
    max_size=60,
)


def seen(number: int, voice: int, repost: bool, hostility: int, target: int) -> Seen:
    kind = REPOST if repost else ORIGINAL
    return Seen(f"post{number}", voice, kind, hostility, 0, 1, f"target{target}", "", 0, -1, 0, 0, 0)


@LAWS
@given(said=posts, more=st.integers(1, 20), usual=crowds(20.0), level=crowds(20.0))
def test_more_hostile_voices_never_unfire(
    said: list[tuple[int, int, bool, int, int]], more: int, usual: People, level: People
) -> None:
    """Hostile people who join raise the score, or leave it where it is, and what fired still fires."""
    before = [seen(*post) for post in said]
    joined = [seen(1000 + n, 2**47 + n, False, 95, n % 6) for n in range(more)]
    less = people([Sample(1000, posts=before)])
    more_people = people([Sample(1000, posts=[*before, *joined])])
    was, now = judge(evidence(less, usual, level)), judge(evidence(more_people, usual, level))
    assert now.score >= was.score - 1e-9
    assert now.fires or not was.fires


@LAWS
@given(said=posts, bound=st.integers(5, 40))
def test_a_sample_that_is_not_full_is_exact(said: list[tuple[int, int, bool, int, int]], bound: int) -> None:
    """With as many voices as it may hold, or fewer, it tells what a boundless one tells."""
    kept = [seen(*post) for post in said]
    small, whole = Sample(bound, posts=kept), Sample(1000, posts=kept)
    if len(whole) <= bound:
        assert people([small]) == people([whole])
    assert len(small) <= bound
