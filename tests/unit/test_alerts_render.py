"""The message that a duty press officer reads at night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.alerts.evidence import Evidence
from soundings.services.alerts.example import DEPARTMENT, example_alert, example_evidence
from soundings.services.alerts.message import Heading, Message, Urgency
from soundings.services.alerts.render import render
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.firestorms import Reason, Severity, StormKind, StormState, Trigger, Whose

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
NOW = AT + timedelta(seconds=5)
ALERT = example_alert(AT, live=True)
EVIDENCE = example_evidence(ALERT)


def shown(alert: Alert = ALERT, evidence: Evidence = EVIDENCE, **options: object) -> Message:
    heading = options.get("heading", Heading.NONE)
    assert isinstance(heading, Heading)
    return render(
        alert,
        DEPARTMENT,
        evidence,
        NOW,
        ("duty phone", "press office"),
        heading=heading,
        desk_url="https://dashboards.example.gov.uk",
    )


def changed(**fields: object) -> Alert:
    return replace(ALERT, firestorm=replace(ALERT.firestorm, **fields))  # type: ignore[arg-type]


def test_the_subject_says_who_how_many_at_what_against_what_and_how_fast() -> None:
    assert shown().subject == (
        "SERIOUS Department of Examples: 140 people angry at our 21:05 post, usual 6, doubling every 10 min"
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (StormKind.INCIDENT, "140 people reporting or asking about an incident, usual 6"),
        (StormKind.CAMPAIGN, "140 accounts posting the same text, usual 6"),
        (StormKind.POSITIVE, "140 people thanking or praising us, usual 6"),
        (StormKind.NOISE, "140 people, probably not about us, usual 6"),
    ],
)
def test_each_kind_has_its_own_words(kind: StormKind, words: str) -> None:
    message = shown(changed(kind=kind))
    assert words in message.subject
    assert "angry" not in message.subject


def test_people_are_not_called_angry_when_most_are_not() -> None:
    assert "140 people, 30 of them angry at our 21:05 post" in shown(changed(hostile_voices=30)).subject


def test_a_post_by_another_account_is_not_called_ours() -> None:
    alert = changed(trigger=Trigger(post="x::7", whose=Whose.OTHER, voices=90), statement=None)
    message = shown(alert, Evidence())
    assert "around a post by another account" in message.subject
    assert "not one of ours" in message.text
    named = shown(alert, replace(EVIDENCE, trigger_name="The Daily Sample"))
    assert "around a post by The Daily Sample" in named.subject


def test_one_post_among_many_by_somebody_else_is_not_called_the_centre() -> None:
    alert = changed(trigger=Trigger(post="x::7", whose=Whose.OTHER, voices=9), statement=None)
    assert "140 people angry at us" in shown(alert, Evidence()).subject


def test_the_highest_minute_so_far_is_no_peak_while_it_grows() -> None:
    assert "Its peak" not in shown(changed(peaked_at=AT)).text
    assert "Its peak was at 21:31" in shown(changed(peaked_at=AT, state=StormState.SUBSIDING)).text


def test_posts_that_hang_on_the_storm_are_quoted_before_what_was_said_meanwhile() -> None:
    first = EVIDENCE.sample[0]
    aside = [
        replace(first, post=replace(first.post, text=f"is the login page down {n}", voice=f"a{n}", reference=None))
        for n in range(5)
    ]
    text = shown(evidence=replace(EVIDENCE, sample=(*aside, *EVIDENCE.sample))).text
    assert "login page" not in text
    assert "That picture is a disgrace" in text


def test_escalation_and_end_have_their_own_wording() -> None:
    worse = shown(example_alert(AT, step=AlertStep.ESCALATED, live=True))
    assert worse.subject.startswith("NOW CRITICAL Department of Examples: 140 people angry")
    assert "head of news" in worse.text
    over = shown(example_alert(AT, step=AlertStep.OVER, live=True))
    assert over.subject.startswith("OVER Department of Examples: anger at our 21:05 post has died down")
    assert "Next hour" not in over.text
    assert over.urgency is Urgency.NORMAL


def test_the_body_answers_in_the_order_of_a_press_officers_questions() -> None:
    text = shown().text
    order = [
        "140 people (163 posts) have turned on Department of Examples over our 21:05 post",
        "Since 21:12 (19 minutes ago)",
        "doubles every 10 minutes",
        "about 410 people; four times in five between 250 and 690",
        "about 23 times as many",
        "Our own post, by @ExampleGov (X), of 21:05. 121 people",
        "> A firm post about a new rule",
        "https://x.com/ExampleGov/status/1000",
        "“signed this off”",
        "31 people in 15 minutes; usual 3",
        "86 % gather around one post",
        "speaks against a storm",
        "https://dashboards.example.gov.uk/d/",
        "Reposts are not collected",
        "Follower counts are missing",
        "duty phone, press office",
        "1. Read our post",
    ]
    found = [text.find(words) for words in order]
    assert -1 not in found
    assert found == sorted(found)


def test_a_count_of_nobody_that_weighs_nothing_is_no_reason() -> None:
    nobody = Reason(code="passed-on", words="0 people passing hostile words on", value=0.0, usual=0.0, weight=0.0)
    assert nobody.words not in shown(changed(reasons=(nobody,))).text
    assert nobody.words in shown(changed(reasons=(replace(nobody, value=9.0),))).text


def test_local_time_is_the_departments() -> None:
    far = replace(DEPARTMENT, timezone="Asia/Kolkata")
    message = render(ALERT, far, EVIDENCE, NOW, ())
    assert "Since 01:42 (19 minutes ago)" in message.text
    assert "yesterday" not in message.subject


def test_a_post_of_yesterday_is_not_given_todays_time() -> None:
    old = replace(EVIDENCE.statement, created_at=AT - timedelta(days=1))  # type: ignore[type-var]
    assert "our 21:31 (yesterday) post" in shown(evidence=replace(EVIDENCE, statement=old)).subject


def test_gaps_are_told() -> None:
    alert = replace(ALERT, stale_sources=("bluesky",))
    text = shown(alert, Evidence(missing=("Texts could not be fetched.",))).text
    assert "Nothing was heard from bluesky" in text
    assert "Texts could not be fetched." in text
    quiet = shown(changed(large_accounts=2, reposts_collected=True)).text
    assert "Follower counts" not in quiet
    assert "Reposts are not collected" not in quiet


def test_abusive_posts_copies_and_second_posts_of_a_person_are_not_quoted() -> None:
    first = EVIDENCE.sample[0]
    rude = replace(
        first, tags=replace(first.tags, offensive=True), post=replace(first.post, voice="r", text="rude words")
    )
    again = replace(first, post=replace(first.post, text="the same person again"))
    copy = replace(first, post=replace(first.post, voice="c"))
    text = shown(evidence=replace(EVIDENCE, sample=(first, rude, again, copy))).text
    assert "rude words" not in text
    assert "the same person again" not in text
    assert text.count("That picture is a disgrace") == 1
    assert "none is quoted here" in shown(evidence=replace(EVIDENCE, sample=(rude,))).text


def test_a_handle_of_the_public_is_not_quoted_and_ours_is() -> None:
    first = EVIDENCE.sample[0]
    post = replace(first.post, text="@ExampleGov @user_0123456789ab look at this")
    text = shown(evidence=replace(EVIDENCE, sample=(replace(first, post=post),))).text
    assert "> @ExampleGov @… look at this" in text
    assert "user_0123456789ab" not in text


def test_text_of_a_post_cannot_become_markup_or_hide_what_it_is() -> None:
    first = EVIDENCE.sample[0]
    nasty = "<script>alert(1)</script> \u202egnp.exe\u202c \x1b[31mred\x1b[0m \"quoted\" & 'more'"
    message = shown(evidence=replace(EVIDENCE, sample=(replace(first, post=replace(first.post, text=nasty)),)))
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    for hidden in ("\u202e", "\x1b"):
        assert hidden not in message.text
        assert hidden not in message.html


def test_an_address_that_is_no_web_address_is_not_linked() -> None:
    bad = replace(EVIDENCE.statement, url="javascript:alert(1)")  # type: ignore[type-var]
    message = shown(evidence=replace(EVIDENCE, trigger=bad, statement=bad))
    assert "javascript:" not in message.html
    assert "javascript:" not in message.text


def test_an_exercise_says_so_first_and_is_another_message_than_the_real_one() -> None:
    real, exercise = shown(), shown(heading=Heading.EXERCISE)
    assert exercise.subject.startswith("EXERCISE SERIOUS")
    assert exercise.text.startswith("EXERCISE.")
    assert "call nobody" in exercise.text
    assert exercise.urgency is Urgency.NORMAL
    assert exercise.id != real.id
    assert exercise.thread != real.thread


def test_the_steps_of_a_storm_share_a_thread_that_the_opening_begins() -> None:
    opened = shown()
    over = shown(replace(ALERT, step=AlertStep.OVER, id=f"{ALERT.firestorm.id}/over"))
    assert opened.thread == opened.id == over.thread
    assert over.id != opened.id


def test_the_same_alert_later_is_the_same_message_id() -> None:
    later = render(ALERT, DEPARTMENT, Evidence(), NOW + timedelta(minutes=9), ())
    assert later.id == shown().id == ALERT.id


def test_only_what_wakes_is_urgent() -> None:
    assert shown().urgency is Urgency.HIGH
    assert shown(changed(severity=Severity.NOTABLE)).urgency is Urgency.NORMAL


def test_data_for_machines_holds_no_text_of_a_post() -> None:
    data = str(dict(shown().data))
    assert "A firm post" not in data
    assert "disgrace" not in data
    assert "'voices': 140" in data
