"""Which questions a digest lists: those that an official can read on their own and could answer."""

from datetime import timedelta
from typing import Any

import pytest

from soundings.services.digests.page import page
from soundings.services.digests.standing import standing
from soundings.services.digests.text import text
from soundings.services.domain.posts import Mention, PostKind, SpeechAct

OURS = {"examplegov"}
ASKS = [SpeechAct.QUESTION]


def put(eg: Any, words: str, **fields: Any) -> Mention:
    made: Mention = eg.mention(1, words, acts=ASKS, **fields)
    return made


@pytest.mark.parametrize(
    "words",
    [
        "How long does a replacement permit take at the moment?",
        "Is the footbridge at Mockup shut for the whole of March?",
        "@ExampleGov who looks after the weir at Sampleton, you or the council?",
        "Any news on when the sea wall at Mockup will be mended?",
        "Good morning. Where can I hand in a purple form in Loremford? Thanks",
    ],
)
def test_a_question_about_something_that_is_named_stands_on_its_own(eg: Any, words: str) -> None:
    assert standing(put(eg, words), OURS) is not None


@pytest.mark.parametrize(
    "words",
    [
        "Where was that?",
        "Is this still the plan?",
        "Are you having a laugh with these purple forms from Mockup?",
        "So what does @ExampleGov actually do?",
        "So do I hide the purple form behind the sofa in Mockup now?",
        "How dare you send purple forms to people in Mockup?",
        "Why not simply mend the footbridge at Mockup?",
        "The footbridge at Mockup is shut again, isn't it?",
        "The footbridge at Mockup has been shut since Monday?",
        "HOW LONG WILL THE FOOTBRIDGE AT MOCKUP STAY SHUT?",
        "How long will the footbridge at Mockup stay shut?!",
        "Did you know that the footbridge at Mockup opens in March?",
        "Do you live near the river at Mockup? Sign up for warnings here",
        "No question at all about the footbridge in Mockup",
    ],
)
def test_what_leans_on_a_talk_is_rhetorical_or_advertises_does_not_stand(eg: Any, words: str) -> None:
    assert standing(put(eg, words), OURS) is None


def test_no_more_of_a_text_is_read_than_its_tags_rest_on(eg: Any) -> None:
    """A text of a megabyte holds nobody up."""
    asks = "How long does a replacement permit take in Mockup?"
    assert standing(put(eg, f"{'and ' * 900}. {asks}"), OURS) is not None
    assert standing(put(eg, f"{'and ' * 250_000}. {asks}"), OURS) is None


def test_a_question_to_somebody_else_is_theirs_unless_it_calls_us(eg: Any) -> None:
    asks = "which bus goes to the permit office in Mockup?"
    assert standing(put(eg, f"@user_0123456789ab @ExampleGov {asks}", kind=PostKind.REPLY), OURS) is None
    assert standing(put(eg, f"@ExampleGov @user_0123456789ab {asks}", kind=PostKind.REPLY), OURS) is not None
    assert standing(put(eg, f"@user_0123456789ab maybe @ExampleGov knows {asks}", kind=PostKind.REPLY), OURS)
    assert standing(put(eg, asks, kind=PostKind.REPLY), OURS) is not None


def test_a_question_is_shown_with_what_it_needs_of_what_was_said_before_it_and_no_more(eg: Any) -> None:
    long = "The hold music is lovely. The footbridge at Mockup is taped off. Who decides when it opens again? Cheers"
    (shown,) = eg.composed([put(eg, f"@ExampleGov {long}")]).questions.groups
    assert shown.quote.text == "The footbridge at Mockup is taped off. Who decides when it opens again?"
    alone = "Lovely day. How long does a replacement permit take in Mockup? Cheers"
    (shown,) = eg.composed([put(eg, alone)]).questions.groups
    assert shown.quote.text == "How long does a replacement permit take in Mockup?"


def test_what_more_people_ask_comes_first_and_a_clear_question_before_a_personal_one(eg: Any) -> None:
    shared = [eg.mention(n, f"is there a rest centre in Mockup, part {n}?", acts=ASKS) for n in range(3)]
    mine = eg.mention(40, "When will my permit from the office in Loremford arrive by post?", acts=ASKS)
    clear = eg.mention(
        50, "Which rivers near Sampleton are tested for sewage each month?", acts=ASKS, at=eg.MONDAY + timedelta(days=1)
    )
    groups = eg.composed([mine, clear, *shared]).questions.groups
    assert [group.people for group in groups] == [3, 1, 1]
    assert [group.quote.post for group in groups[1:]] == ["x::50", "x::40"]


def test_a_group_is_shown_by_the_one_of_its_questions_that_can_be_read_alone(eg: Any) -> None:
    vague = [eg.mention(n, f"rest centre in Mockup open, no? number {n}?", acts=ASKS) for n in range(5)]
    clear = eg.mention(60, "Is the rest centre in Mockup open at night?", acts=ASKS)
    (group,) = eg.composed([*vague, clear]).questions.groups
    assert (group.people, group.quote.post) == (6, "x::60")


def test_one_person_with_many_questions_is_listed_once_and_no_more_than_eight_are(eg: Any) -> None:
    things = ("weir", "lock", "towpath", "sluice", "culvert", "gauge", "outfall", "spillway", "jetty", "ferry")
    asked = [f"Why was the {thing} at Mockup{thing} painted purple{n}?" for n, thing in enumerate(things)]
    one = [eg.mention(n, words, acts=ASKS, voice="one") for n, words in enumerate(asked)]
    assert len(eg.composed(one).questions.groups) == 1
    assert len(eg.composed([eg.mention(n, words, acts=ASKS) for n, words in enumerate(asked)]).questions.groups) == 8


def test_a_hashtag_is_compared_by_the_words_in_it(eg: Any) -> None:
    questions = [
        eg.mention(1, "Any news on the works at #MockupWeir?", acts=ASKS),
        eg.mention(2, "Any news on the works at Mockup Weir?", acts=ASKS),
    ]
    assert [group.people for group in eg.composed(questions).questions.groups] == [2]


def test_how_long_is_one_question_whatever_it_is_asked_of(eg: Any) -> None:
    things = ("renewal", "replacement", "fishing licence", "first certificate")
    questions = [
        eg.mention(n, f"How long does a {thing} take at the moment?", acts=ASKS) for n, thing in enumerate(things)
    ]
    other = eg.mention(9, "How often is a renewal checked by the office in Mockup?", acts=ASKS)
    assert [group.people for group in eg.composed([*questions, other]).questions.groups] == [4, 1]


def test_the_digest_says_what_its_list_leaves_out(eg: Any) -> None:
    """All questions are counted, and a week in which none can be read alone says so."""
    vague = [eg.mention(n, f"and where was that, number {n}?", acts=ASKS) for n in range(3)]
    digest = eg.composed(vague)
    assert (digest.questions.posts, digest.questions.groups) == (3, ())
    for shown in (page(digest), " ".join(text(digest).split())):
        assert "None of them can be understood without the talk that it stands in." in shown
    listed = eg.composed([*vague, put(eg, "How long does a replacement permit take in Mockup?")])
    for shown in (page(listed), " ".join(text(listed).split())):
        assert "Listed are those that can be understood on their own" in shown
