"""Posts that could not wait in a digest: counted, with who was told and a link, never in their words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from soundings.services.digests.files import as_csv, as_json
from soundings.services.digests.page import page
from soundings.services.digests.text import text
from soundings.services.digests.wording import headline
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.posts import PostKind, SpeechAct, Statement
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id

WORDS = "Water is at the door in Mockup Lane and my neighbour cannot get out"


def urgent(eg: Any, number: int, **changes: Any) -> Urgent:
    post = f"x::{number}"
    one = Urgent(
        id=urgent_id(eg.DEPARTMENT.key, post),
        department=eg.DEPARTMENT.key,
        post=post,
        kind=UrgencyKind.RISK_TO_LIFE,
        reason="somebody says that people cannot get out",
        at=eg.MONDAY + timedelta(minutes=number),
        live=True,
        appeal=f"appeal{number}",
    )
    return replace(one, **changes)


def note(one: Urgent, outcome: Outcome, minutes: float = 1, channel: str = "duty phone") -> Notification:
    return Notification(alert=one.id, channel=channel, outcome=outcome, at=one.at + timedelta(minutes=minutes))


def plain(digest: Any) -> str:
    return " ".join(text(digest).split())


def test_what_was_urgent_is_counted_with_who_was_told_and_a_link_but_not_in_its_words(eg: Any) -> None:
    first, copy = urgent(eg, 1, appeal="same"), urgent(eg, 3, appeal="same")
    threat = urgent(eg, 2, kind=UrgencyKind.THREAT_TO_STAFF, reason="somebody says that they will hurt staff")
    passed_on = eg.mention(3, WORDS, kind=PostKind.REPOST, reference="x::1")
    posts = [eg.mention(1, WORDS, acts=[SpeechAct.COMPLAINT]), passed_on, eg.mention(2, WORDS, acts=[SpeechAct.PRAISE])]
    digest = eg.composed(
        [*posts, first, copy, threat, note(first, Outcome.SENT, 2), note(copy, Outcome.NOT_SENT_COPY)],
    )
    assert digest.urgent.counts == ((UrgencyKind.RISK_TO_LIFE, 1), (UrgencyKind.THREAT_TO_STAFF, 1))
    assert (digest.urgent.posts, digest.urgent.untold) == (3, 1)
    assert [(item.post, item.posts, item.url) for item in digest.urgent.items] == [
        ("x::1", 2, "https://social.example/1"),
        ("x::2", 1, "https://social.example/2"),
    ]
    assert "perhaps 1 risk to life and 1 threat to staff; nobody was told of 1." in " ".join(headline(digest))
    section = plain(digest).partition("POSTS THAT COULD NOT WAIT")[2].partition("STORMS")[0]
    assert "Told: duty phone 2 minutes after it was posted." in section
    assert "Nobody was told (no notice is recorded)." in section
    assert "Mockup Lane" not in text(digest) + page(digest) + as_csv(digest)
    in_page = page(digest).partition("Posts that could not wait</h2>")[2].partition("Storms</h2>")[0]
    assert "https://social.example/1" in in_page
    assert "urgent,risk_to_life,,1" in as_csv(digest)
    assert b'"threat_to_staff"' in as_json(digest)


def test_a_week_without_any_says_what_that_does_not_mean(eg: Any) -> None:
    quiet = eg.composed([eg.mention(1, "the hold music again")])
    assert "None was recognised." in plain(quiet)
    assert "the rules can be wrong and miss much" in page(quiet)
    assert "could not wait" not in " ".join(headline(quiet))


def test_a_replay_is_told_as_an_exercise_and_counts_as_nobodys_omission(eg: Any) -> None:
    one, other = urgent(eg, 1, live=False), urgent(eg, 2, live=False)
    digest = eg.composed([one, other, note(one, Outcome.SENT, 90_000), note(other, Outcome.NOT_SENT_REPLAY)])
    assert digest.urgent.untold == 0
    assert "From a replay, shown as an exercise on duty phone." in plain(digest)
    assert "Nobody was told (not sent: replay)." in plain(digest)


def test_whether_we_replied_is_told_where_the_data_tell(eg: Any) -> None:
    one, other = urgent(eg, 1), urgent(eg, 2)
    reply = replace(eg.mention(5, "Call 999.").post, own_account="x:examplegov", reference="x::1")
    digest = eg.composed([eg.mention(1, WORDS), one, other, Statement(post=reply)])
    assert [(item.post, item.answered) for item in digest.urgent.items] == [("x::2", False), ("x::1", True)]
    assert [item.answered for item in eg.composed([one]).urgent.items] == [None]


def test_a_cry_for_help_is_quoted_neither_among_questions_nor_as_passed_on_nor_in_a_storm(eg: Any) -> None:
    """Counted everywhere, quoted nowhere; others who ask the same are quoted."""
    help_ = "Who comes to Mockup Lane when the water is at the door and my neighbour cannot get out?"
    asked = eg.mention(1, help_, acts=[SpeechAct.QUESTION])
    reposts = [eg.mention(10 + n, help_, kind=PostKind.REPOST, reference="x::1") for n in range(6)]
    digest = eg.composed([asked, *reposts, *(urgent(eg, n) for n in (1, *range(10, 16)))])
    assert digest.questions.posts == 1
    assert "Mockup Lane" not in text(digest) + page(digest) + as_csv(digest)
    plainly = eg.composed([asked, *reposts])
    assert "Mockup Lane" in text(plainly)


def test_a_threat_that_nobody_answered_is_no_reproach(eg: Any) -> None:
    reply = replace(eg.mention(5, "Thank you.").post, own_account="x:examplegov", reference="x::9")
    threat = urgent(eg, 2, kind=UrgencyKind.THREAT_TO_STAFF)
    assert "reply of ours" not in plain(eg.composed([threat, Statement(post=reply)])).partition("QUESTIONS")[0]
    assert "No reply of ours to it" in plain(eg.composed([urgent(eg, 2), Statement(post=reply)]))


def test_an_areas_digest_counts_its_own_and_says_how_many_are_elsewhere(eg: Any) -> None:
    about = eg.mention(1, "I know where your permit officer lives")
    digest = eg.composed([about, eg.mention(2, WORDS), urgent(eg, 1), urgent(eg, 2), urgent(eg, 3)], area=eg.PERMITS)
    assert [item.post for item in digest.urgent.items] == ["x::1"]
    assert digest.urgent.elsewhere == 2
    assert "Elsewhere in the department: 2." in plain(digest)


def test_the_address_of_somebody_who_only_passed_it_on_is_not_shown(eg: Any) -> None:
    """A post that was taken back leaves no address, nor does its repost."""
    passed = eg.mention(1, WORDS, kind=PostKind.REPOST, reference="x::77")
    (item,) = eg.composed([passed, urgent(eg, 1)]).urgent.items
    assert item.url == ""


def test_a_night_with_dozens_counts_all_and_lists_the_latest_risk_to_life_first(eg: Any) -> None:
    threat = urgent(eg, 50, kind=UrgencyKind.THREAT_TO_STAFF)
    digest = eg.composed([urgent(eg, n) for n in range(20)] + [threat])
    assert digest.urgent.number == 21
    assert [item.post for item in digest.urgent.items] == [f"x::{n}" for n in range(19, 11, -1)]
    assert "Listed are the latest 8." in plain(digest)
    few = eg.composed([urgent(eg, 1), threat])
    assert [item.kind for item in few.urgent.items] == [UrgencyKind.RISK_TO_LIFE, UrgencyKind.THREAT_TO_STAFF]
