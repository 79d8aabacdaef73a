"""Bluesky: what is addressed to us, by DIDs; what is taken back; what must not leave."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.intake.rows import Malformed
from soundings.streams.sources import bluesky_names
from soundings.streams.sources.bluesky_events import BlueskyReader
from soundings.streams.sources.bluesky_names import Names
from soundings.streams.sources.bluesky_post import Ours
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.rehearsal import BOOK, OUR_DID, as_frame, bluesky_event, pseudonyms
from soundings.streams.sources.wire import Frame

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
NOW = AT + timedelta(hours=1)
POST = "app.bsky.feed.post"
OUR_POST = f"at://{OUR_DID}/{POST}/statement"
THEIRS = f"at://did:plc:somebody/{POST}/remark"
NAMES = Names(BOOK, lambda handle: None)


class Reading:
    """A reader that is asked with events as they come over the wire."""

    def __init__(self) -> None:
        ours = Ours(book=BOOK, pseudonyms=pseudonyms(), source="bluesky", dids=NAMES.dids, public=NAMES.public)
        self._reader = BlueskyReader(ours, KnownPosts(None, date(2026, 3, 2), timedelta(days=90)))

    def read(self, event: dict[str, Any]) -> list[Any]:
        return list(self._reader.read(Frame(raw=as_frame(event)), NOW).events)

    def post(self, event: dict[str, Any]) -> Post:
        found = self.read(event)
        assert len(found) == 1 and isinstance(found[0], Post)
        return found[0]


def said(
    record: dict[str, Any], *, did: str = "did:plc:jo", rkey: str = "k1", operation: str = "create"
) -> dict[str, Any]:
    event = bluesky_event(1, AT)
    event["did"] = did
    event["commit"] |= {"rkey": rkey, "operation": operation, "record": {"$type": POST, "text": "Hm.", **record}}
    return event


def reference(uri: str) -> dict[str, str]:
    return {"uri": uri, "cid": "x"}


def reply(parent: str, root: str) -> dict[str, Any]:
    return {"reply": {"parent": reference(parent), "root": reference(root)}}


def quote(uri: str) -> dict[str, Any]:
    return {"embed": {"$type": "app.bsky.embed.record", "record": reference(uri)}}


@pytest.mark.parametrize(
    ("record", "kind", "quoted"),
    [
        (reply(OUR_POST, OUR_POST), PostKind.REPLY, None),
        (reply(THEIRS, OUR_POST), PostKind.REPLY, None),
        (quote(OUR_POST), PostKind.QUOTE, "bluesky:dept.example.gov.uk"),
        (reply(THEIRS, THEIRS) | quote(OUR_POST), PostKind.REPLY, "bluesky:dept.example.gov.uk"),
        (
            {
                "embed": {
                    "$type": "app.bsky.embed.recordWithMedia",
                    "record": {"record": reference(OUR_POST)},
                    "media": {"$type": "app.bsky.embed.images"},
                }
            },
            PostKind.QUOTE,
            "bluesky:dept.example.gov.uk",
        ),
    ],
)
def test_answers_and_quotes_of_ours_are_mentions(record: dict[str, Any], kind: PostKind, quoted: str | None) -> None:
    post = Reading().post(said(record))
    assert (post.kind, post.quoted_account) == (kind, quoted)
    assert post.accounts == ("bluesky:dept.example.gov.uk",) and post.own_account is None


@pytest.mark.parametrize(
    "record", [{}, reply(THEIRS, THEIRS), quote(THEIRS), {"text": "@dept.example.gov.uk in words"}]
)
def test_what_neither_marks_nor_answers_nor_quotes_us_is_passed_over(record: dict[str, Any]) -> None:
    assert Reading().read(said(record)) == []


def test_our_own_posts_are_statements_and_our_answers_have_a_reference() -> None:
    statement = Reading().post(said({}, did=OUR_DID))
    assert statement.own_account == "bluesky:dept.example.gov.uk" and statement.departments == ("example",)
    answer = Reading().post(said(reply(THEIRS, THEIRS), did=OUR_DID))
    assert answer.reference is not None and answer.reply_to_voice is not None


def test_an_answer_refers_to_the_very_id_that_the_answered_post_has() -> None:
    reading = Reading()
    statement = reading.post(said({}, did=OUR_DID, rkey="statement"))
    answer = reading.post(said(reply(OUR_POST, OUR_POST)))
    assert answer.reference == answer.thread == statement.id


def test_a_repost_of_ours_or_of_a_mention_counts_and_has_no_text_of_its_own() -> None:
    reading = Reading()
    mention = reading.post(bluesky_event(1, AT))
    for subject, original in ((OUR_POST, None), (f"at://did:plc:jo-citizen1/{POST}/key1", mention.id)):
        event = said({"subject": reference(subject)}, rkey="r1")
        event["commit"]["collection"] = "app.bsky.feed.repost"
        repost = reading.post(event)
        assert repost.kind is PostKind.REPOST and repost.text == "" and not repost.text_complete
        assert repost.accounts == ("bluesky:dept.example.gov.uk",)
        assert original is None or repost.reference == original


def test_no_did_and_no_handle_leaves_but_in_the_address() -> None:
    text = "Ask @jo.example or Jo Bloggs, bsky.app/profile/did:plc:secret1 and bsky.app/profile/jo.example"
    begin = text.index("Jo Bloggs")
    facets = [
        {"index": {"byteStart": begin, "byteEnd": begin + 9}, "features": [_mention("did:plc:secret2")]},
        *quote(OUR_POST).get("facets", []),
    ]
    post = Reading().post(said({"text": text, "facets": facets, **quote(OUR_POST)}, did="did:plc:secret3"))
    assert post.url == "https://bsky.app/profile/did:plc:secret3/post/k1"
    for part in ("secret", "did:", "jo.example", "Bloggs"):
        assert part not in repr(post).replace(post.url, "")


def _mention(did: str) -> dict[str, str]:
    return {"$type": "app.bsky.richtext.facet#mention", "did": did}


def test_facets_count_bytes_and_a_cut_link_is_written_out() -> None:
    text = "Grüße 👋 gov.uk/fer… @alt.example"
    link, name = text.index("gov.uk"), text.index("@alt")
    facets = [
        _facet(text, link, link + 11, {"$type": "app.bsky.richtext.facet#link", "uri": "https://www.gov.uk/ferries"}),
        _facet(text, name, len(text), _mention(OUR_DID)),
    ]
    post = Reading().post(said({"text": text, "facets": facets}))
    assert post.text == "Grüße 👋 https://www.gov.uk/ferries @dept.example.gov.uk"


def _facet(text: str, begin: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    index = {"byteStart": len(text[:begin].encode()), "byteEnd": len(text[:end].encode())}
    return {"index": index, "features": [feature]}


def test_a_deletion_is_a_redaction_of_what_we_had_and_of_nothing_else() -> None:
    reading = Reading()
    mention = reading.post(bluesky_event(1, AT))
    gone = said({}, did="did:plc:jo-citizen1", rkey="key1", operation="delete")
    del gone["commit"]["record"]
    at = AT.replace(microsecond=123456)
    expected = Redaction(post=mention.id, reason=RedactionReason.DELETED, at=at, source="bluesky")
    assert reading.read(gone) == [expected]
    gone["commit"]["rkey"] = "another"
    assert reading.read(gone) == []


def test_an_edit_takes_back_what_was_said_and_says_it_anew() -> None:
    reading = Reading()
    first = reading.post(said(reply(OUR_POST, OUR_POST)))
    later = said({"text": "Thanks.", **reply(OUR_POST, OUR_POST)}, operation="update")
    later["time_us"] += 90_000_000
    redaction, second = reading.read(later)
    assert (redaction.post, redaction.reason) == (first.id, RedactionReason.EDITED)
    assert (second.id, second.text, second.voice) == (first.id, "Thanks.", first.voice)
    edited = AT + timedelta(seconds=90)
    assert (second.created_at, second.edited_at, redaction.at) == (first.created_at, edited, edited)
    assert first.edited_at is None


@pytest.mark.parametrize(
    ("account", "gone"),
    [
        ({"active": False, "status": "deleted"}, True),
        ({"active": False, "status": "suspended"}, True),
        ({"active": False, "status": "throttled"}, False),
        ({"active": True}, False),
    ],
)
def test_an_account_that_is_gone_takes_its_posts_with_it(account: dict[str, Any], gone: bool) -> None:
    reading = Reading()
    mention = reading.post(said(reply(OUR_POST, OUR_POST)))
    event = {"did": "did:plc:jo", "time_us": 1772442001000000, "kind": "account", "account": account}
    found = reading.read(event)
    assert [each.post for each in found] == ([mention.id] if gone else [])
    assert all(each.reason is RedactionReason.ACCOUNT_GONE for each in found)


def test_the_time_is_when_the_network_saw_it_whatever_the_author_claims() -> None:
    claims = {"createdAt": (AT + timedelta(minutes=30)).isoformat()}
    assert Reading().post(said(claims | quote(OUR_POST))).created_at == AT
    claims = {"createdAt": "2019-05-01T00:00:00Z"}
    assert Reading().post(said(claims | quote(OUR_POST))).created_at.year == 2019, "carried over from elsewhere"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ({"did": "did:plc:jo", "kind": "commit"}, "time is missing"),
        ({"did": "did:plc:jo", "time_us": 8 * 10**15, "kind": "commit"}, "future"),
        ({"time_us": 1772442000000000}, "type is missing"),
        (said(quote(OUR_POST), operation="explode"), "operation is none of"),
        (said({"text": 5, **quote(OUR_POST)}), "text is missing"),
    ],
)
def test_a_frame_that_cannot_be_read_says_why(event: dict[str, Any], why: str) -> None:
    with pytest.raises(Malformed, match=why):
        Reading().read(event)


def test_kinds_and_fields_that_are_new_to_us_pass() -> None:
    assert Reading().read({"did": "did:plc:jo", "time_us": 1772442000000000, "kind": "horoscope"}) == []
    assert Reading().post(said({"mood": {"deep": [1]}, **quote(OUR_POST)})).kind is PostKind.QUOTE


def test_a_handle_without_a_did_is_resolved_and_one_with_it_is_not_asked_for() -> None:
    asked: list[str] = []
    department = BOOK.departments[0]
    accounts = (*department.accounts, Account(platform=Platform.BLUESKY, handle="other.example"))
    book = type(BOOK)(
        departments=(type(department)(key="d", name="D", timezone="UTC", accounts=accounts),),
        public_accounts={"bluesky:courier.example": "The Courier"},
    )

    def resolve(handle: str) -> str | None:
        asked.append(handle)
        return f"did:plc:{handle}"

    names = Names(book, resolve)
    assert names.unresolved == ("other.example",)
    names.look()
    names.look()
    assert asked == ["other.example", "courier.example"], "once a day"
    assert not names.unresolved and names.public == {"did:plc:courier.example": "bluesky:courier.example"}


def test_while_nobody_answers_for_names_it_is_tried_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    answers: list[str | None] = [None, "did:plc:found"]

    def resolve(handle: str) -> str | None:
        answer = answers.pop(0)
        if answer is None:
            raise bluesky_names.Unanswered
        return answer

    account = Account(platform=Platform.BLUESKY, handle="dept.example")
    names = Names(
        type(BOOK)(departments=(Department(key="d", name="D", timezone="UTC", accounts=(account,)),)), resolve
    )
    names.look()
    clock[0] += bluesky_names.UNANSWERED_EVERY
    names.look()
    assert names.dids == {"did:plc:found": account}
