"""X: what a post says and whom it addresses, what is taken back, and which rules ask for it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.redactions import RedactionReason
from soundings.services.intake.rows import Malformed
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.rehearsal import BOOK, as_frame, pseudonyms, x_payload
from soundings.streams.sources.wire import Frame, Problem
from soundings.streams.sources.x_compliance import parse_batch_line
from soundings.streams.sources.x_events import COMPLIANCE, XReader
from soundings.streams.sources.x_post import since_id
from soundings.streams.sources.x_rules import Rule, RulesTooLong, changed, clause, packed, wanted_rules
from soundings.streams.sources.x_stream import disconnected

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(hours=1)


class Reading:
    def __init__(self, country: str = "GB") -> None:
        known = KnownPosts(None, date(2026, 3, 2), timedelta(days=90))
        self._reader = XReader(BOOK, pseudonyms(), known, "x", country)

    def read(self, payload: dict[str, Any], kind: str = "", now: datetime = NOW) -> list[Any]:
        return list(self._reader.read(Frame(raw=as_frame(payload), kind=kind), now).events)

    def post(self, payload: dict[str, Any], now: datetime = NOW) -> Post:
        found = self.read(payload, now=now)
        assert len(found) == 1 and isinstance(found[0], Post)
        return found[0]


def payload(number: int = 1, /, **fields: Any) -> dict[str, Any]:
    made = x_payload(number, AT)
    made["data"] |= fields
    return made


def with_original(kind: str, original: dict[str, Any], /, **fields: Any) -> dict[str, Any]:
    """A post that refers to the original, which came along."""
    made = payload(referenced_tweets=[{"type": kind, "id": original["id"]}], **fields)
    made["includes"]["tweets"] = [original]
    return made


def test_counts_and_reach_are_taken_and_what_is_missing_is_unknown() -> None:
    made = payload()
    made["includes"]["users"][0] |= {"public_metrics": {"followers_count": 12345}, "verified": True}
    post = Reading().post(made)
    assert (post.likes, post.reposts, post.replies, post.quotes) == (1, 2, 3, 4)
    assert (post.reach, post.verified) == (4, True)
    bare = payload()
    del bare["data"]["public_metrics"], bare["includes"]
    post = Reading().post(bare)
    assert (post.likes, post.reach, post.verified) == (None, None, None)


def test_a_repost_has_the_full_text_and_whom_the_original_addressed() -> None:
    long = "The ferry is late again. " * 8 + "@ExampleDept"
    original = {"id": "77", "author_id": "5", "text": long, "entities": {"mentions": [{"username": "ExampleDept"}]}}
    cut = f"RT @somebody: {long}"[:139] + "…"
    post = Reading().post(
        with_original("retweeted", original, text=cut, entities={"mentions": [{"username": "somebody"}]})
    )
    assert (post.kind, post.text, post.text_complete) == (PostKind.REPOST, long, True)
    assert (post.accounts, post.reference) == (("x:exampledept",), "x:x.com:77")
    assert post.likes is None, "what X counts there is the original's"


@pytest.mark.parametrize("kind", ["replied_to", "quoted", "retweeted"])
def test_the_counts_of_the_post_it_refers_to_come_along_unless_they_were_fetched_later(kind: str) -> None:
    """An answer that search finds an hour later shows what became of the storm, not what was known."""
    counts = {"like_count": 120, "reply_count": 300, "quote_count": 40, "retweet_count": 9}
    made = with_original(kind, {"id": "77", "author_id": "5", "text": "A statement.", "public_metrics": counts})
    post = Reading().post(made, AT + timedelta(minutes=2))
    assert (post.reference_likes, post.reference_answers) == (120, 340)
    late = Reading().post(made, AT + timedelta(minutes=31))
    assert (late.reference_likes, late.reference_answers) == (None, None)


def test_counts_of_a_post_that_did_not_come_along_are_unknown() -> None:
    post = Reading().post(payload(referenced_tweets=[{"type": "replied_to", "id": "77"}]), AT)
    assert (post.reference_likes, post.reference_answers) == (None, None)


def test_a_repost_whose_original_is_missing_is_told_as_cut() -> None:
    made = payload(text="RT @ExampleDept: our new timetable is…", referenced_tweets=[{"type": "retweeted", "id": "77"}])
    made["data"]["entities"] = {}
    post = Reading().post(made)
    assert (post.text, post.text_complete) == ("our new timetable is…", False)
    assert post.accounts == ("x:exampledept",)


def test_a_long_post_has_its_full_text_and_the_mentions_in_it() -> None:
    long = "Word " * 200 + "@ExampleDept"
    made = payload(text="Word Word…", entities={})
    made["data"]["note_tweet"] = {"text": long, "entities": {"mentions": [{"username": "EXAMPLEDEPT"}]}}
    post = Reading().post(made)
    assert (post.text, post.accounts) == (long, ("x:exampledept",))


def test_a_quote_of_ours_is_known_by_the_quoted_post_or_by_its_address() -> None:
    original = {"id": "77", "author_id": "99", "text": "Our timetable"}
    for made in (
        with_original("quoted", original, entities={}),
        payload(
            referenced_tweets=[{"type": "quoted", "id": "77"}],
            entities={"urls": [{"expanded_url": "https://twitter.com/ExampleDept/status/77"}]},
        ),
    ):
        post = Reading().post(made)
        assert (post.kind, post.quoted_account) == (PostKind.QUOTE, "x:exampledept")
        assert post.accounts == ("x:exampledept",)


def test_an_answer_that_also_quotes_is_an_answer() -> None:
    references = [{"type": "quoted", "id": "7"}, {"type": "replied_to", "id": "8"}]
    post = Reading().post(payload(referenced_tweets=references, in_reply_to_user_id="99", entities={}))
    assert (post.kind, post.reference) == (PostKind.REPLY, "x:x.com:8")
    assert post.accounts == ("x:exampledept",) and post.reply_to_voice is not None


def test_our_own_posts_are_statements_under_whatever_name_the_account_has() -> None:
    made = payload(author_id="99")
    post = Reading().post(made)
    assert post.own_account == "x:exampledept" and post.accounts == ()


def test_media_are_named_once_and_links_of_the_site_are_none() -> None:
    made = payload(
        attachments={"media_keys": ["1", "2", "3"]},
        entities={
            "mentions": [{"username": "ExampleDept"}],
            "urls": [{"expanded_url": "https://x.com/a/status/1/photo/1"}],
        },
    )
    kinds = {"1": "photo", "2": "animated_gif", "3": "video"}
    made["includes"]["media"] = [{"media_key": key, "type": kind} for key, kind in kinds.items()]
    assert Reading().post(made).media == ("photo", "video")
    made["data"]["entities"]["urls"].append({"expanded_url": "https://news.example/story"})
    assert Reading().post(made).media == ("photo", "video", "link")


def test_an_edit_takes_back_the_older_version_and_an_older_version_that_comes_late_is_not_taken() -> None:
    reading = Reading()
    first = payload(1)
    old = first["data"]["id"]
    before = reading.post(first)
    second = payload(2)
    new = second["data"]["id"]
    second["data"]["edit_history_tweet_ids"] = [old, new]
    redaction, after = reading.read(second)
    assert (redaction.post, redaction.reason, redaction.replaced_by) == (before.id, RedactionReason.EDITED, after.id)
    assert (after.version_of, after.edited_at) == (before.id, after.created_at)
    assert (before.version_of, before.edited_at) == (None, None)
    first["data"]["edit_history_tweet_ids"] = [old, new]
    assert [each.post for each in reading.read(first)] == [before.id]


@pytest.mark.parametrize(("codes", "taken"), [(["GB"], False), (["XX"], False), (["DE"], True), ({}, True)])
def test_what_is_withheld_here_is_not_taken(codes: Any, taken: bool) -> None:
    assert bool(Reading().read(payload(withheld={"country_codes": codes}))) is taken
    made = payload()
    made["includes"]["users"][0]["withheld"] = {"country_codes": codes}
    assert bool(Reading().read(made)) is taken


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"delete": {"tweet": {"id": "POST"}}}, RedactionReason.DELETED),
        ({"drop": {"tweet": {"id": "POST"}}}, RedactionReason.WITHHELD),
        ({"withheld": {"tweet": {"id": "POST"}, "withheld_in_countries": ["GB"]}}, RedactionReason.WITHHELD),
        ({"withheld": {"tweet": {"id": "POST"}, "withheld_in_countries": ["FR"]}}, None),
        ({"tweet_edit": {"initial_tweet_id": "POST", "edit_tweet_ids": ["POST", "9"]}}, RedactionReason.EDITED),
        ({"user_delete": {"user": {"id": "USER"}}}, RedactionReason.ACCOUNT_GONE),
        ({"user_suspend": {"user": {"id": "USER"}}}, RedactionReason.ACCOUNT_GONE),
        ({"user_protect": {"user": {"id": "USER"}}}, RedactionReason.ACCOUNT_GONE),
        ({"user_unprotect": {"user": {"id": "USER"}}}, None),
        ({"delete": {"tweet": {"id": "123"}}}, None),
    ],
)
def test_compliance_events_take_back_what_we_have(event: dict[str, Any], reason: RedactionReason | None) -> None:
    reading = Reading()
    made = payload()
    post = reading.post(made)
    told = repr(event).replace("POST", made["data"]["id"]).replace("USER", made["data"]["author_id"])
    found = reading.read({"data": _literal(told)}, COMPLIANCE)
    assert [(each.post, each.reason) for each in found] == ([(post.id, reason)] if reason else [])


def _literal(text: str) -> Any:
    from ast import literal_eval

    return literal_eval(text)


def test_lines_of_a_batch_job_say_what_to_delete_and_why() -> None:
    line = {"id": "5", "action": "delete", "reason": "suspended", "redacted_at": AT.isoformat()}
    taken = parse_batch_line(line, users=False, now=NOW)
    assert taken is not None and (taken.post, taken.reason, taken.at) == ("5", RedactionReason.ACCOUNT_GONE, AT)
    taken = parse_batch_line({"id": "5", "action": "delete", "reason": "deleted"}, users=True, now=NOW)
    assert taken is not None and (taken.user, taken.reason) == ("5", RedactionReason.DELETED)
    assert parse_batch_line({"id": "5", "action": "delete", "reason": "scrub_geo"}, users=False, now=NOW) is None
    with pytest.raises(Malformed):
        parse_batch_line({"id": "5"}, users=False, now=NOW)


def test_one_bad_post_on_a_page_spoils_no_other() -> None:
    good, bad = payload(1), payload(2, created_at="yesterday")
    page = {"data": [bad["data"], good["data"]], "includes": good["includes"], "errors": [{"title": "Not Found Error"}]}
    problem, post = Reading().read(page)
    assert isinstance(problem, Problem) and problem.why == "created_at is not an ISO 8601 time"
    assert isinstance(post, Post)


def test_an_empty_page_says_nothing_and_another_form_is_malformed() -> None:
    assert Reading().read({"meta": {"result_count": 0}}) == []
    with pytest.raises(Malformed, match="neither data nor meta nor errors"):
        Reading().read({"hello": 1})


def test_ids_hold_their_time() -> None:
    assert since_id(AT) < int(x_payload(0, AT + timedelta(milliseconds=1))["data"]["id"])
    assert since_id(datetime(2006, 1, 1, tzinfo=UTC)) == 0


def test_an_operational_disconnect_is_told_from_a_post_that_speaks_of_one() -> None:
    kind = "https://api.twitter.com/2/problems/operational-disconnect"
    assert disconnected(as_frame({"errors": [{"title": "operational-disconnect", "type": kind}]}))
    assert disconnected(as_frame({"title": "ConnectionException", "type": kind.replace("operational", "operational")}))
    assert not disconnected(as_frame(payload(text='"operational-disconnect" /problems/')))
    assert not disconnected(b'"operational-disconnect" {broken')


def book_of(*names: str) -> AccountBook:
    accounts = tuple(Account(platform=Platform.X, handle=name) for name in names)
    return AccountBook(departments=(Department(key="d", name="D", timezone="UTC", accounts=accounts),))


def test_rules_hold_every_handle_within_the_plan() -> None:
    names = [f"Department{number:03d}" for number in range(40)]
    rules = wanted_rules(book_of(*names), longest=512, most=20)
    assert all(len(rule.value) <= 512 for rule in rules)
    values = " ".join(rule.value for rule in rules)
    for name in names:
        for part in ("@", "from:", "to:", "retweets_of:"):
            assert f"{part}{name.lower()}" in values
    assert len(rules) == len(packed([name.lower() for name in names], 512)) < 40


def test_accounts_that_do_not_fit_are_refused_with_the_limit() -> None:
    with pytest.raises(RulesTooLong, match="the plan allows 2"):
        wanted_rules(book_of(*(f"name{number}" for number in range(40))), longest=256, most=2)
    with pytest.raises(RulesTooLong, match="the plan allows 20"):
        packed(["name"], 20)


def test_only_our_own_rules_are_changed() -> None:
    ours = Rule(value=clause("old"), id="1")
    theirs = Rule(value="cats", id="2", tag="somebody else")
    kept = Rule(value=clause("kept"), id="3")
    wanted = [Rule(value=clause("kept")), Rule(value=clause("new"))]
    change = changed(wanted, [ours, theirs, kept])
    assert [rule.value for rule in change.add] == [clause("new")]
    assert change.delete == (ours,)
    assert changed(wanted, [Rule(value=rule.value, id="9") for rule in wanted]).add == ()
