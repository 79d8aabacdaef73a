"""What a digest quotes: questions, complaints, copies, what was passed on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from soundings.services.digests.files import as_csv
from soundings.services.digests.page import page
from soundings.services.digests.text import text
from soundings.services.domain.posts import PostKind, SpeechAct, Statement


def test_copies_of_a_text_are_kept_apart(eg: Any) -> None:
    said = [eg.mention(n, f"the hold music again, for {n} hours") for n in range(6)]
    same = "Sign the charter for free sampling before it is too late"
    pasted = [
        eg.mention(100 + n, f"@user_{n:012x} {same} https://t.example/{n}", voice=f"few{n % 2}") for n in range(12)
    ]
    digest = eg.composed([*said, *pasted])
    assert digest.volume.people == 8
    assert [(c.people, c.posts, c.quote.text) for c in digest.copies] == [(2, 12, same)]


def test_much_the_same_question_is_shown_once_with_the_number_of_people(eg: Any) -> None:
    places = ["Sampleton", "Mockup", "Loremford", "Sampleton"]
    questions = [
        eg.mention(n, f"@ExampleGov is there a rest centre in {place}?", acts=[SpeechAct.QUESTION])
        for n, place in enumerate(places)
    ]
    other = eg.mention(90, "Why does the letter come with a purple form?", acts=[SpeechAct.QUESTION])
    digest = eg.composed([*questions, other])
    assert [(q.people, q.posts) for q in digest.questions.groups] == [(4, 4), (1, 1)]
    assert (digest.questions.people, digest.questions.posts) == (5, 5)
    assert digest.questions.groups[0].quote.text.startswith("is there a rest centre in ")


def test_a_question_is_answered_if_one_of_our_posts_replies_to_it(eg: Any) -> None:
    questions = [
        eg.mention(1, "What counts as proof of address for this?", acts=[SpeechAct.QUESTION]),
        eg.mention(2, "When does the office in Mockup open again?", acts=[SpeechAct.QUESTION]),
    ]
    unknown = eg.composed(questions)
    assert unknown.questions.answered is None
    assert "cannot be said which were answered" in " ".join(text(unknown).split())
    answer = replace(
        eg.mention(3, "A bank letter will do.").post,
        own_account="x:examplegov",
        reference="x::1",
        created_at=eg.NOW,
    )
    known = eg.composed([*questions, Statement(post=answer)], now=eg.NOW + timedelta(hours=1))
    assert known.questions.answered == 1
    assert [question.answered for question in known.questions.groups] == [0, 1]


def test_abusive_posts_are_counted_but_not_quoted_and_nobody_is_named(eg: Any) -> None:
    angry = [
        eg.mention(n, f"@ExampleGov @user_{n:012x} the form lost my answers, page {n}", acts=[SpeechAct.COMPLAINT])
        for n in range(4)
    ]
    rude = eg.mention(9, "unprintable words about the form and its answers", acts=[SpeechAct.COMPLAINT], offensive=True)
    digest = eg.composed([*angry, rude])
    (complaints,) = [act for act in digest.acts if act.name == "complaint"]
    assert (complaints.people, complaints.posts) == (5, 5)
    assert complaints.quotes
    everywhere = page(digest) + text(digest)
    assert "unprintable" not in everywhere
    assert "user_0" not in everywhere


def test_a_post_that_many_pass_on_is_shown_without_the_address_of_those_who_did(eg: Any) -> None:
    reposts = [
        eg.mention(n, "They have stopped counting the broken gauges", kind=PostKind.REPOST, reference="x::77")
        for n in range(7)
    ]
    digest = eg.composed(reposts)
    assert [(s.people, s.quote.text, s.quote.url) for s in digest.spread] == [
        (7, "They have stopped counting the broken gauges", "")
    ]
    assert digest.volume.reposts == 7


def test_a_post_cannot_run_as_a_formula_or_as_markup(eg: Any) -> None:
    nasty = [
        eg.mention(
            n, f'=HYPERLINK("x") <script>alert({n})</script> & so it goes with the form', acts=[SpeechAct.COMPLAINT]
        )
        for n in range(2)
    ]
    digest = eg.composed(nasty)
    assert "<script>" not in page(digest)
    assert "&lt;script&gt;" in page(digest)

    assert "'=HYPERLINK" in as_csv(digest)
