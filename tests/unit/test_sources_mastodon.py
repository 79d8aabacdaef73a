"""Mastodon: what is public and addresses us, boosts, edits, deletions; what must not be read."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.redactions import RedactionReason
from soundings.services.intake.rows import Malformed
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.mastodon_events import PAGE, QUIET, MastodonReader
from soundings.streams.sources.mastodon_post import Home
from soundings.streams.sources.rehearsal import BOOK, mastodon_status, pseudonyms
from soundings.streams.sources.wire import Frame, Problem

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(hours=1)
HOST = "social.example"
US = {"id": "1", "acct": "ExampleDept", "url": f"https://{HOST}/@ExampleDept"}


class Reading:
    def __init__(self) -> None:
        home = Home(book=BOOK, pseudonyms=pseudonyms(), source=f"mastodon:{HOST}", host=HOST)
        self._reader = MastodonReader(home, KnownPosts(None, date(2026, 3, 2), timedelta(days=90)))

    def read(self, kind: str, content: Any, now: datetime = NOW) -> list[Any]:
        raw = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        return list(self._reader.read(Frame(raw=raw, kind=kind), now).events)

    def post(self, kind: str, content: Any, now: datetime = NOW) -> Post:
        found = self.read(kind, content, now)
        assert len(found) == 1 and isinstance(found[0], Post)
        return found[0]


def status(**fields: Any) -> dict[str, Any]:
    return mastodon_status(1, AT) | fields


def notification(kind: str, about: dict[str, Any], **fields: Any) -> dict[str, Any]:
    account = {"id": "9", "acct": "jo-citizen9@elsewhere.example"}
    return {"id": "31", "type": kind, "created_at": AT.isoformat(), "account": account, "status": about} | fields


def test_a_mention_comes_with_its_text_and_counts() -> None:
    post = Reading().post("notification", notification("mention", status(favourites_count=3, reblogs_count=0)))
    assert post.id == f"mastodon:{HOST}:1001" and post.accounts == ("mastodon:exampledept",)
    assert post.text.startswith("@ExampleDept question number 1")
    assert (post.likes, post.reposts, post.replies, post.reach, post.verified) == (3, 0, None, 1, None)


@pytest.mark.parametrize("visibility", ["private", "direct", None, "circle"])
def test_what_is_not_public_is_not_read(visibility: str | None) -> None:
    assert Reading().read("notification", notification("mention", status(visibility=visibility))) == []
    assert Reading().read("notification", notification("reblog", status(visibility=visibility))) == []


def test_the_same_name_on_another_instance_is_not_us() -> None:
    other = {"id": "5", "acct": "ExampleDept@elsewhere.example", "url": "https://elsewhere.example/@ExampleDept"}
    assert Reading().read("update", status(mentions=[other])) == []
    assert len(Reading().read("update", status(mentions=[{**US, "acct": f"exampledept@{HOST}"}]))) == 1


def test_our_own_posts_are_statements_and_our_answers_refer_to_a_voice() -> None:
    person = {"id": "5", "acct": "jo-citizen@elsewhere.example", "url": "https://elsewhere.example/@jo-citizen"}
    post = Reading().post(
        "update", status(account=US, mentions=[person], in_reply_to_id="900", in_reply_to_account_id="5")
    )
    assert post.own_account == "mastodon:exampledept" and post.kind is PostKind.REPLY
    assert post.reference == f"mastodon:{HOST}:900" and post.reply_to_voice is not None


def test_a_quote_of_ours_is_a_mention() -> None:
    quoted = {"state": "accepted", "quoted_status": status(account=US, id="900")}
    post = Reading().post("update", status(mentions=[], quote=quoted))
    assert (post.kind, post.quoted_account) == (PostKind.QUOTE, "mastodon:exampledept")
    assert post.reference == f"mastodon:{HOST}:900"


def test_quotes_and_boosts_bring_the_counts_of_the_other_post_and_answers_do_not() -> None:
    """The API gives an answer without the post that it answers; what is fetched later tells nothing of that moment."""
    ours = status(account=US, mentions=[], id="900", favourites_count=5, replies_count=20, quotes_count=3)
    quote = {"mentions": [], "quote": {"state": "accepted", "quoted_status": ours}}
    soon = AT + timedelta(minutes=1)
    for made in (status(**quote), status(reblog=ours, content="", mentions=[])):
        post = Reading().post("update", made, soon)
        assert (post.reference_likes, post.reference_answers) == (5, 23)
        assert Reading().post("update", made).reference_answers is None
    answer = Reading().post("update", status(**quote, in_reply_to_id="901"), soon)
    assert (answer.reference_likes, answer.reference_answers) == (None, None)
    del ours["quotes_count"]
    assert Reading().post("update", status(**quote), soon).reference_answers == 20


def test_a_boost_is_a_repost_with_the_text_of_what_is_boosted() -> None:
    ours = status(account=US, mentions=[], id="900", content="<p>Our timetable</p>")
    for kind, content in (
        ("notification", notification("reblog", ours)),
        ("update", status(reblog=ours, content="", mentions=[])),
    ):
        post = Reading().post(kind, content)
        assert (post.kind, post.text) == (PostKind.REPOST, "Our timetable")
        assert (post.reference, post.accounts) == (f"mastodon:{HOST}:900", ("mastodon:exampledept",))
        assert post.likes is None


def test_nobody_is_named_but_in_the_address() -> None:
    person = {"id": "5", "acct": "jo@elsewhere.example", "url": "https://elsewhere.example/@jo"}
    content = (
        '<p><a href="https://elsewhere.example/@jo">@jo</a> and https://elsewhere.example/users/jo '
        'wrote to <a href="mailto:jo@mail.example">jo@mail.example</a></p>'
    )
    post = Reading().post("update", status(content=content, mentions=[person, US]))
    shown = repr(post).replace(str(post.url), "")
    assert "@jo" not in shown and "users/jo" not in shown and "mail.example" not in shown


def test_a_content_warning_is_part_of_what_is_said() -> None:
    assert Reading().post("update", status(spoiler_text="ferries")).text.startswith("ferries\n\n@ExampleDept")


def test_an_edit_takes_back_what_was_said_and_says_it_anew() -> None:
    reading = Reading()
    before = reading.post("update", status())
    edited = (AT + timedelta(minutes=5)).isoformat()
    redaction, after = reading.read("status.update", status(content="<p>Never mind.</p>", edited_at=edited))
    assert (redaction.post, redaction.reason) == (before.id, RedactionReason.EDITED)
    assert redaction.at == AT + timedelta(minutes=5)
    assert (after.id, after.text) == (before.id, "Never mind.")
    assert (before.edited_at, after.edited_at, after.created_at) == (None, redaction.at, before.created_at)


def test_an_edit_that_a_list_shows_after_a_disconnection_takes_back_what_we_have() -> None:
    reading = Reading()
    before = reading.post("update", status())
    edited = (AT + timedelta(minutes=5)).isoformat()
    listed = [notification("mention", status(content="<p>Never mind.</p>", edited_at=edited))]
    redaction, after = reading.read(PAGE + "notification", listed)
    assert (redaction.post, redaction.reason) == (before.id, RedactionReason.EDITED)
    assert after.edited_at == redaction.at == AT + timedelta(minutes=5)
    assert Reading().read(PAGE + "notification", listed) == [after], "nothing of ours is taken back"


def test_a_boost_of_an_edited_post_is_no_edit() -> None:
    ours = status(account=US, mentions=[], id="900", edited_at=AT.isoformat())
    for kind, content in (
        ("notification", notification("reblog", ours)),
        ("update", status(reblog=ours, content="", mentions=[])),
    ):
        assert Reading().post(kind, content).edited_at is None


def test_a_deletion_takes_back_what_we_have_and_nothing_else() -> None:
    reading = Reading()
    mention = reading.post("update", status())
    assert [each.post for each in reading.read("delete", "1001")] == [mention.id]
    assert reading.read("delete", "1002") == []
    with pytest.raises(Malformed):
        reading.read("delete", "../../etc")


@pytest.mark.parametrize("kind", [*sorted(QUIET), "a.kind.of.tomorrow"])
def test_events_about_no_public_post_pass(kind: str) -> None:
    assert Reading().read(kind, {"secret": "message"}) == []


@pytest.mark.parametrize("kind", ["favourite", "follow", "poll", "severed_relationships"])
def test_notifications_that_say_nothing_to_us_pass(kind: str) -> None:
    assert Reading().read("notification", notification(kind, status())) == []


def test_one_bad_status_on_a_page_spoils_no_other() -> None:
    page = [notification("mention", status(created_at="once")), notification("mention", status()), 7]
    problem, post, other = Reading().read(PAGE + "notification", page)
    assert isinstance(problem, Problem) and isinstance(post, Post) and isinstance(other, Problem)


@pytest.mark.parametrize(
    ("kind", "content"),
    [("", "x"), ("update", "[1]"), ("update", "{"), ("notification", '{"type": "mention"}'), (PAGE + "update", "{}")],
)
def test_an_event_that_cannot_be_read_says_why(kind: str, content: str) -> None:
    with pytest.raises(Malformed):
        Reading().read(kind, content)
