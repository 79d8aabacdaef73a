"""More answers than likes: what it adds, what it never takes away, and how it is said."""

from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.firestorms import codec
from soundings.services.firestorms.answered import STRONGEST, Answered, strength, strongest
from soundings.services.firestorms.people import People
from soundings.services.firestorms.sample import REPLY, Sample, Seen
from soundings.services.firestorms.verdict import BESIDES, RATIOED, Evidence, Stretch, judge, parts
from soundings.services.firestorms.watch import Explanation, Watch
from soundings.services.firestorms.window import Counts, Gathering

DEPARTMENT = Department(
    key="ministry-of-tests",
    name="Ministry of Tests",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="TestMin"),),
)
START = datetime(2031, 3, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, 0.0),
        (Answered(19, 0), 0.0),
        (Answered(100, 100), 0.0),
        (Answered(100, 100_000), 0.0),
        (Answered(200, 100), 1.0),
        (Answered(400, 100), 2.0),
        (Answered(4_000, 0), 2.0),
    ],
)
def test_each_doubling_of_answers_over_likes_counts_up_to_two(known: Answered | None, expected: float) -> None:
    """Unknown, few answers, as many likes and far more likes are all the same: nothing."""
    assert strength(known) == expected


def test_a_post_must_be_what_people_gather_around() -> None:
    """Of two such posts the one that is answered more for each like counts; a side thread of nine does not."""
    assert strongest([(Answered(300, 10), 9.0)]) is None
    assert strongest([(Answered(300, 200), 12.0), (Answered(60, 20), 10.0)]) == Answered(60, 20)


def test_at_its_strongest_it_weighs_no_more_than_a_deviation_of_focus() -> None:
    """So it opens nothing alone: twice its weight is a fifth of the lowest threshold of a notice."""
    assert RATIOED * STRONGEST <= BESIDES
    quiet = People(speaking=5.0)
    stretch = Stretch(people=quiet, usual=quiet, level=quiet, spread=0.3, answered=Answered(900, 1))
    assert 0 < parts(stretch)["ratio"] < 0.5


def said(number: int, answers: int | None, likes: int | None) -> Mention:
    post = Post(
        id=f"x:x.com:{number}",
        created_at=START + timedelta(seconds=30 * number),
        voice=f"voice {number}",
        text="a made-up remark",
        kind=PostKind.REPLY,
        source="test",
        accounts=("x:testmin",),
        departments=(DEPARTMENT.key,),
        reference="x:x.com:head",
        reference_answers=answers,
        reference_likes=likes,
    )
    tags = Tags(lang="en", sentiment=Sentiment.NEGATIVE, hostility=0.9, offensive=False, acts=(SpeechAct.OTHER,))
    return Mention(post=post, tags=tags)


def explained(*pairs: tuple[int | None, int | None]) -> tuple[Watch, Explanation]:
    watch = Watch(DEPARTMENT)
    for number, pair in enumerate(pairs):
        watch.observe(said(number, *pair))
    watch.advance(START + timedelta(seconds=30 * len(pairs) + 60))
    explanation = watch.explain()
    assert explanation is not None
    return watch, explanation


def test_the_reason_is_told_in_words_from_the_latest_counts() -> None:
    """Counts rise from post to post: the last ones are told, and their weight is part of the score."""
    _, unknown = explained(*[(None, None)] * 30)
    _, known = explained(*[(310 + n, 90 + n) for n in range(30)])
    (reason,) = (reason for reason in known.verdict.reasons if reason.code == "ratio")
    assert reason.words == "more people answer one post than like it: 339 answers, 119 likes"
    assert known.verdict.score == pytest.approx(unknown.verdict.score + reason.weight)


@pytest.mark.parametrize("pair", [(None, 3), (300, None), (300, 4_000), (19, 0)])
def test_half_of_it_and_a_post_that_is_liked_change_nothing(pair: tuple[int | None, int | None]) -> None:
    """The whole explanation is the same as where nothing is known."""
    assert explained(*[pair] * 30)[1] == explained(*[(None, None)] * 30)[1]


def test_a_state_without_such_counts_is_stored_as_it_always_was() -> None:
    """Thirteen fields a post; states of before can be read, and those that know counts come back with them."""
    bare = Seen("p", 7, REPLY, 90, 0, 1, "head", "", 0, -1, 0, -1, 0)
    known = bare._replace(post="q", answers=340, likes=120)
    rows = codec.unpack(codec.pack_sample(Sample(4, posts=[bare, known])))[2]
    assert [len(row) for row in rows] == [13, 15]
    assert sorted(codec.unpack_sample(codec.pack_sample(Sample(4, posts=[bare, known])))) == [bare, known]


def test_a_watch_that_is_read_back_says_the_same() -> None:
    watch, before = explained(*[(310 + n, 90 + n) for n in range(30)])
    assert Watch(DEPARTMENT, watch.to_bytes()).explain() == before


def test_a_post_that_refers_to_itself_breaks_nothing() -> None:
    """A malformed archive may say so; nobody gathers around such a post."""
    odd = Seen("p", 7, REPLY, 90, 0, 1, "p", "thread", 0, -1, 0, -1, 0, 340, 120)
    gathering = Gathering()
    gathering.add(Sample(4, posts=[odd]))
    assert gathering.answered() is None


def test_no_likes_at_all_are_said_in_words() -> None:
    people = People(speaking=60.0)
    for likes, words in ((0, "no likes"), (1, "1 like"), (2, "2 likes")):
        stretch = Stretch(people=people, usual=People(), level=People(), spread=0.3, answered=Answered(50, likes))
        verdict = judge(Evidence(minute=1, stretches={60: stretch}, hour=Counts, threshold=3.0))
        assert any(reason.words.endswith(f": 50 answers, {words}") for reason in verdict.reasons)
