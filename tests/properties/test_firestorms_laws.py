"""Laws of the watch: they hold for any stream of posts, not for examples only."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.posts import Mention, Post, PostKind, SpeechAct, Tags
from soundings.services.domain.posts import Sentiment as Mood
from soundings.services.firestorms.sample import Sample, Seen
from soundings.services.firestorms.watch import Decided, Watch

DEPARTMENT = Department(
    key="ministry-of-tests",
    name="Ministry of Tests",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="TestMin"), Account(platform=Platform.X, handle="TestMinNorth")),
)
START = datetime(2031, 3, 28, 9, tzinfo=UTC)
LAWS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def mention(number: int, minute: float, voice: int, hostile: bool = False, kind: PostKind = PostKind.REPLY) -> Mention:
    post = Post(
        id=f"x:x.com:{number}",
        created_at=START + timedelta(minutes=minute),
        voice=f"voice {voice}",
        text=f"a made-up remark of nobody, number {number}, about the new form and its many pages",
        kind=kind,
        source="test",
        accounts=("x:testmin",) if number % 3 else ("x:testmin", "x:testminnorth"),
        departments=(DEPARTMENT.key,),
        reference=f"x:x.com:head{number % 4}",
    )
    tags = Tags(
        lang="en",
        sentiment=Mood.NEGATIVE if hostile else Mood.NEUTRAL,
        hostility=0.9 if hostile else 0.1,
        offensive=False,
        acts=(SpeechAct.OTHER,),
    )
    return Mention(post=post, tags=tags)


def decided(mentions: list[Mention], minutes: range, watch: Watch | None = None) -> list[Decided]:
    watch = watch or Watch(DEPARTMENT)
    waiting = list(mentions)
    found = []
    for minute in minutes:
        end = START + timedelta(minutes=minute)
        for each in [m for m in waiting if m.post.created_at < end]:
            watch.observe(each)
        waiting = [m for m in waiting if m.post.created_at >= end]
        found.append(watch.advance(end))
    return found


@st.composite
def streams(draw: st.DrawFn) -> list[Mention]:
    """A quiet two hours, then anything up to a storm."""
    voices = draw(st.integers(1, 60))
    rest = draw(st.lists(st.tuples(st.integers(0, 239), st.integers(0, voices), st.booleans()), max_size=150))
    burst = draw(st.lists(st.tuples(st.integers(120, 150), st.integers(0, 90), st.booleans()), max_size=80))
    kinds = draw(st.sampled_from([PostKind.REPLY, PostKind.REPOST, PostKind.QUOTE, PostKind.ORIGINAL]))
    return [mention(n, minute, voice, hostile, kinds) for n, (minute, voice, hostile) in enumerate(rest + burst)]


MINUTES = range(15, 256, 15)


@LAWS
@given(mentions=streams(), data=st.data())
def test_order_and_repetition_of_delivery_change_nothing(mentions: list[Mention], data: st.DataObject) -> None:
    """Any order and any duplication up to the decided time gives the same decisions and the same state."""
    shuffled = data.draw(st.permutations(mentions))
    again = [*shuffled, *mentions[:20]]
    one, two = Watch(DEPARTMENT), Watch(DEPARTMENT)
    assert decided(mentions, MINUTES, one) == decided(again, MINUTES, two)
    assert one.to_bytes() == two.to_bytes()


@LAWS
@given(mentions=streams(), cut=st.integers(1, 15))
def test_a_restart_at_any_point_changes_nothing(mentions: list[Mention], cut: int) -> None:
    """A watch that is written and read back goes on identically, with posts undecided in it."""
    whole = Watch(DEPARTMENT)
    expected = decided(mentions, MINUTES, whole)
    for each in mentions:
        whole.observe(each)
    first = Watch(DEPARTMENT)
    found = decided(mentions, MINUTES[:cut], first)
    for each in mentions:
        first.observe(each)
    second = Watch(DEPARTMENT, first.to_bytes())
    found += decided(mentions, MINUTES[cut:], second)
    assert [d.steps for d in found] == [d.steps for d in expected]
    assert [d.firestorms for d in found] == [d.firestorms for d in expected]
    assert [d.volumes for d in found] == [d.volumes for d in expected]
    assert second.to_bytes() == whole.to_bytes()


@LAWS
@given(mentions=streams(), steps=st.lists(st.integers(1, 255), max_size=8))
def test_how_far_each_advance_goes_changes_nothing(mentions: list[Mention], steps: list[int]) -> None:
    """Minutes decided in one go and in many are the same minutes."""
    whole, parts = Watch(DEPARTMENT), Watch(DEPARTMENT)
    for each in mentions:
        whole.observe(each)
        parts.observe(each)
    # Both begin with the first minute's end, since posts before the first decision would be late for one of them.
    at_once = [whole.advance(START + timedelta(minutes=m)) for m in (1, 256)]
    bit_by_bit = [parts.advance(START + timedelta(minutes=m)) for m in (1, *sorted(steps), 256)]
    assert [s for d in at_once for s in d.steps] == [s for d in bit_by_bit for s in d.steps]
    assert [v for d in at_once for v in d.volumes] == [v for d in bit_by_bit for v in d.volumes]
    assert whole.to_bytes() == parts.to_bytes()


@LAWS
@given(
    seen=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2**48 - 1)), max_size=200),
    bound=st.integers(1, 30),
    cut=st.integers(0, 200),
)
def test_a_sample_is_the_same_however_it_was_put_together(seen: list[tuple[int, int]], bound: int, cut: int) -> None:
    """A sample does not depend on order, repetition, or on being merged from parts; its size is bounded."""
    posts = [Seen(f"p{post}-{voice}", voice, 0, 0, 0, 1, "", "", 0, -1, 0, 0, 0) for post, voice in seen]
    whole = Sample(bound, posts=posts)
    merged = Sample(bound, posts=posts[cut:])
    merged.merge(Sample(bound, posts=posts[:cut]))
    assert sorted(whole) == sorted(merged) == sorted(Sample(bound, posts=[*reversed(posts), *posts]))
    assert len(whole) <= bound
