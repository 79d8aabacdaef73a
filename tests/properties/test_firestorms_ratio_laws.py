"""Laws of the ratio of answers to likes: rising, neutral where it is not known, and a matter of the counts alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.firestorms.answered import Answered
from soundings.services.firestorms.people import People
from soundings.services.firestorms.verdict import WINDOWS, Evidence, Stretch, judge, parts
from soundings.services.firestorms.watch import Decided, Watch
from soundings.services.firestorms.window import count

DEPARTMENT = Department(
    key="ministry-of-tests",
    name="Ministry of Tests",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="TestMin"),),
)
START = datetime(2031, 3, 28, 9, tzinfo=UTC)
LAWS = settings(max_examples=200, deadline=None)
WATCHED = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# The parts need not fit together: the laws hold for any.
people = st.builds(People, *(st.floats(0, 100) for _ in range(len(People._fields))))
numbers = st.integers(0, 5_000)


def stretch(now: People, usual: People, known: Answered | None) -> Stretch:
    return Stretch(people=now, usual=usual, level=usual, spread=0.3, answered=known)


def evidence(now: People, usual: People, known: Answered | None) -> Evidence:
    stretches = {minutes: stretch(now.times(minutes / 60), usual.times(minutes / 60), known) for minutes in WINDOWS}
    return Evidence(minute=1, stretches=stretches, hour=lambda: count([]), threshold=3.0)


@LAWS
@given(now=people, usual=people, answers=numbers, likes=numbers, more=numbers, fewer=numbers)
def test_more_answers_or_fewer_likes_never_lower_the_score(
    now: People, usual: People, answers: int, likes: int, more: int, fewer: int
) -> None:
    before = judge(evidence(now, usual, Answered(answers, likes)))
    after = judge(evidence(now, usual, Answered(answers + more, max(0, likes - fewer))))
    assert after.score >= before.score
    assert after.fires or not before.fires


@LAWS
@given(now=people, usual=people, answers=numbers, likes=numbers)
def test_what_is_not_known_is_neutral_and_what_is_known_never_suppresses(
    now: People, usual: People, answers: int, likes: int
) -> None:
    """The other parts are the same to the last bit, and nothing is below what it would be without the counts."""
    unknown, known = stretch(now, usual, None), stretch(now, usual, Answered(answers, likes))
    assert "ratio" not in parts(unknown)
    assert {code: part for code, part in parts(known).items() if code != "ratio"} == parts(unknown)
    was, judged = judge(evidence(now, usual, None)), judge(evidence(now, usual, Answered(answers, likes)))
    assert judged.score >= was.score
    assert judged == was or answers > likes


def mention(number: int, minute: int, voice: int, answers: int, likes: int) -> Mention:
    post = Post(
        id=f"x:x.com:{number}",
        created_at=START + timedelta(minutes=minute),
        voice=f"voice {voice}",
        text=f"a made-up remark, number {number}",
        kind=PostKind.REPLY,
        source="test",
        accounts=("x:testmin",),
        departments=(DEPARTMENT.key,),
        reference=f"x:x.com:head{number % 3}",
        reference_answers=answers,
        reference_likes=likes,
    )
    tags = Tags(lang="en", sentiment=Sentiment.NEGATIVE, hostility=0.8, offensive=False, acts=(SpeechAct.OTHER,))
    return Mention(post=post, tags=tags)


streams = st.lists(
    st.tuples(st.integers(0, 89), st.integers(0, 90), st.integers(0, 400), st.integers(0, 400)), max_size=120
).map(lambda drawn: [mention(number, *each) for number, each in enumerate(drawn)])


def without(mentions: list[Mention], *, answers: bool = False, likes: bool = False) -> list[Mention]:
    """The same posts from a source that does not tell the one, or the other, or both."""
    posts = (replace(each.post, reference_answers=None) if answers else each.post for each in mentions)
    bare = (replace(post, reference_likes=None) if likes else post for post in posts)
    return [replace(each, post=post) for each, post in zip(mentions, bare, strict=True)]


def watched(mentions: list[Mention], watch: Watch, minutes: range = range(15, 121, 15)) -> list[Decided]:
    for each in mentions:
        watch.observe(each)
    return [watch.advance(START + timedelta(minutes=minute)) for minute in minutes]


@WATCHED
@given(mentions=streams)
def test_half_of_the_counts_decides_and_stores_what_none_does(mentions: list[Mention]) -> None:
    """An archive without likes, or without answers, gives the same decisions and the same bytes as one without both."""
    neither, only_answers, only_likes = Watch(DEPARTMENT), Watch(DEPARTMENT), Watch(DEPARTMENT)
    expected = watched(without(mentions, answers=True, likes=True), neither)
    assert watched(without(mentions, likes=True), only_answers) == expected
    assert watched(without(mentions, answers=True), only_likes) == expected
    assert neither.to_bytes() == only_answers.to_bytes() == only_likes.to_bytes()


@WATCHED
@given(mentions=streams, cut=st.integers(1, 7), data=st.data())
def test_order_repetition_and_restart_change_nothing_where_counts_are_known(
    mentions: list[Mention], cut: int, data: st.DataObject
) -> None:
    """Which counts are the latest does not depend on how the posts came, nor on when the worker was started."""
    shuffled = data.draw(st.permutations(mentions))
    whole, other = Watch(DEPARTMENT), Watch(DEPARTMENT)
    expected = watched(mentions, whole)
    found = watched([*shuffled, *mentions[:20]], other, range(15, 121, 15)[:cut])
    other = Watch(DEPARTMENT, other.to_bytes())
    found += watched([], other, range(15, 121, 15)[cut:])
    assert found == expected
    assert other.to_bytes() == whole.to_bytes()
