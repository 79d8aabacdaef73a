"""What changed in the last quarter of an hour: counted from what is kept, and told in words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from soundings.services.alerts.change import changed
from soundings.services.alerts.words import people
from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.firestorms import Lately, Quarter, Trigger, Whose
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.firestorms.watch import Watch

AT = datetime(2026, 7, 3, 20, 30, tzinfo=UTC)
RIVERS = Department(
    key="rivers",
    name="Rivers Agency",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="RiversAgency"),),
)


def said(number: int, minutes: float, kind: PostKind, *, hostile: bool = False, about: str | None = None) -> Mention:
    post = Post(
        id=f"x::{number}",
        created_at=AT + timedelta(minutes=minutes),
        voice=f"{number:016x}",
        text=f"remark {number}",
        kind=kind,
        source="x",
        accounts=("x:riversagency",),
        departments=("rivers",),
        reference=about,
    )
    tags = Tags(
        lang="en",
        sentiment=Sentiment.NEGATIVE,
        hostility=0.9 if hostile else 0.1,
        offensive=False,
        acts=(SpeechAct.OTHER,),
    )
    return Mention(post=post, tags=tags)


def told(posts: Sequence[Mention]) -> Lately:
    watch = Watch(RIVERS)
    for post in posts:
        watch.observe(post)
    watch.advance(AT + timedelta(minutes=30))
    explanation = watch.explain()
    assert explanation is not None
    return explanation.lately


BEFORE = [said(number, number % 15, PostKind.REPLY, hostile=number < 2, about="x::a") for number in range(12)]
NOW = [
    said(100 + number, 15 + number % 15, PostKind.QUOTE, hostile=number < 12, about="x::b" if number < 20 else "x::a")
    for number in range(30)
]


def test_two_quarters_of_an_hour_are_counted_side_by_side() -> None:
    """People, who speaks, who is hostile, what most do, and where they gather, of each."""
    before = Quarter(voices=12, speaking=12, hostile=2, mostly=PostKind.REPLY, around="x::a", gathered=12)
    now = Quarter(voices=30, speaking=30, hostile=12, mostly=PostKind.QUOTE, around="x::b", gathered=20)
    assert told([*BEFORE, *NOW]) == Lately(now=now, before=before, gathered_before=0)


def test_neither_order_nor_repetition_matters() -> None:
    assert told([*reversed(NOW), *BEFORE, *NOW]) == told([*BEFORE, *NOW])


def test_a_restart_changes_nothing() -> None:
    """What is kept of a department gives the same sentences again."""
    watch = Watch(RIVERS)
    for post in (*BEFORE, *NOW):
        watch.observe(post)
    again = Watch(RIVERS, watch.to_bytes())
    for each in (watch, again):
        each.advance(AT + timedelta(minutes=30))
    assert watch.explain() == again.explain()


def test_it_is_told_in_words() -> None:
    cause = Trigger(post="x::a", whose=Whose.OTHER, voices=22)
    assert changed(told([*BEFORE, *NOW]), cause) == (
        "In the last 15 minutes: 30 people (12 in the 15 before).",
        "Of those who write, the hostile share is up from 17 to 40 %.",
        "Most now quote; before, most answer.",
        "20 people gather around another post than the one that set it off (0 in the 15 before).",
    )


def test_what_did_not_change_is_not_told() -> None:
    """The number of people always is, so that silence is not taken for a gap."""
    assert changed(told(BEFORE), None) == (f"In the last 15 minutes: {people(0)} (12 in the 15 before).",)
    assert changed(told([]), None) == ("In the last 15 minutes: nobody (0 in the 15 before).",)


def test_shares_of_few_people_are_not_compared() -> None:
    """Two of three hostile after none of three is no news."""
    few = [said(n, 1, PostKind.ORIGINAL) for n in range(3)] + [
        said(9 + n, 20, PostKind.ORIGINAL, hostile=True) for n in range(3)
    ]
    assert not any("hostile share" in sentence for sentence in changed(told(few), None))


def test_the_post_that_set_it_off_is_named_as_ours_or_not() -> None:
    lately = told([*BEFORE, *NOW])
    ours = changed(lately, Trigger(post="x::b", whose=Whose.OURS, voices=20))[-1]
    assert ours == "20 people gather around our post that set it off (0 in the 15 before)."
    assert changed(lately, None)[-1] == "20 people gather around one post (0 in the 15 before)."
