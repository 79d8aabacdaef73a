"""Recorded payloads are read as a person reads them. Facts about them are counted here from the raw JSON, by other ways
than the parsers go; nothing of them is quoted."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.streams.sources.bluesky_events import BlueskyReader
from soundings.streams.sources.bluesky_post import Ours
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.mastodon_events import MastodonReader
from soundings.streams.sources.mastodon_post import Home
from soundings.streams.sources.wire import Frame, Problem
from soundings.streams.sources.x_compliance import parse_batch_line
from soundings.streams.sources.x_events import XReader

pytestmark = pytest.mark.data

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KEY = "a key for tests only"


@pytest.fixture(scope="module")
def agency(measuring_data: Path) -> AccountBook:
    return load_accounts(measuring_data / "stream" / "accounts.toml")


def x_reader(book: AccountBook, country: str = "GB") -> XReader:
    known = KnownPosts(None, date(2026, 11, 23), timedelta(days=9000))
    return XReader(book, Pseudonyms(KEY, book.named), known, "x", country)


def pages(path: Path) -> list[bytes]:
    return [path.read_bytes()] if path.suffix == ".json" else path.read_bytes().splitlines()


def x_events(path: Path, book: AccountBook, country: str = "GB") -> list[Any]:
    reader = x_reader(book, country)
    return [event for raw in pages(path) for event in reader.read(Frame(raw=raw), NOW).events]


def x_posts(path: Path, book: AccountBook) -> list[Post]:
    return [event for event in x_events(path, book) if isinstance(event, Post)]


def raw_posts(path: Path) -> list[dict[str, Any]]:
    return [post for raw in pages(path) for post in json.loads(raw).get("data", [])]


def kind_of(post: dict[str, Any]) -> PostKind:
    kinds = re.findall(r'"type": "(\w+)"', json.dumps(post.get("referenced_tweets") or []))
    names = {"retweeted": PostKind.REPOST, "replied_to": PostKind.REPLY, "quoted": PostKind.QUOTE}
    return min((names[kind] for kind in kinds), key=list(names.values()).index, default=PostKind.ORIGINAL)


def test_every_post_of_every_page_is_read_with_its_kind(measuring_data: Path, agency: AccountBook) -> None:
    read = 0
    for path in sorted((measuring_data / "x_pages").glob("*.json")):
        expected = {f"x:x.com:{post['id']}": kind_of(post) for post in raw_posts(path)}
        events = x_events(path, agency)
        assert not [event for event in events if isinstance(event, Problem)], path.name
        assert {post.id: post.kind for post in x_posts(path, agency)} == expected, path.name
        read += len(events)
    assert read == 734, "as many as the list of the pages says"


def test_all_but_two_posts_address_the_agency_or_are_its_own(measuring_data: Path, agency: AccountBook) -> None:
    posts = [post for path in sorted((measuring_data / "x_pages").glob("*.json")) for post in x_posts(path, agency)]
    assert sum(not post.departments for post in posts) == 2, "two matched the collection's words and name nobody"


def test_reposts_have_the_full_text_that_came_along(measuring_data: Path, agency: AccountBook) -> None:
    longer = 0
    for path in sorted((measuring_data / "x_pages").glob("0[1-7]_*.json")):
        cut = {f"x:x.com:{post['id']}": post["text"] for post in raw_posts(path)}
        for post in x_posts(path, agency):
            if post.kind is PostKind.REPOST:
                assert post.text_complete and not post.text.startswith("RT @")
                longer += len(post.text) > 140 and cut[post.id].endswith("…")
    assert longer >= 7 * 14 - 10


def test_the_agencys_own_posts_are_statements(measuring_data: Path, agency: AccountBook) -> None:
    for path in sorted((measuring_data / "x_pages").glob("3[89]_*.json")):
        page = json.loads(path.read_bytes())
        names = {user["id"]: user["username"].lower() for user in page["includes"]["users"]}
        own = {post["id"] for post in page["data"] if names[post["author_id"]].startswith("envagency")}
        assert {post.id.rpartition(":")[2] for post in x_posts(path, agency) if post.own_account} == own != set()


def test_the_same_post_on_two_pages_is_the_same_post(measuring_data: Path, agency: AccountBook) -> None:
    folder = measuring_data / "x_pages"
    first, second = (
        {post.id: (post.voice, post.text, post.kind, post.accounts) for post in x_posts(folder / name, agency)}
        for name in ("40_same_posts_two_pages_1.json", "41_same_posts_two_pages_2.json")
    )
    both = first.keys() & second.keys()
    assert len(both) == 12 and all(first[each] == second[each] for each in both)


def test_no_handle_of_the_public_is_left_in_a_text(measuring_data: Path, agency: AccountBook) -> None:
    for path in sorted((measuring_data / "x_pages").glob("*.json")):
        page = json.loads(path.read_bytes())
        public = {user["username"] for user in page.get("includes", {}).get("users", [])}
        public = {name for name in public if f"x:{name.lower()}" not in agency.named and len(name) > 5}
        for post in x_posts(path, agency):
            assert not [name for name in public if re.search(rf"@{name}\b", post.text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("cotweet", {"original": 1}),
        ("edited", {"original": 1}),
        ("edited_after", {"original": 1}),
        ("edited_before", {}),
        ("many_urls", {"reply": 1}),
        ("media_tweet", {"original": 1}),
        ("mentions_tweet", {"repost": 1}),
        ("noflat", {"repost": 47, "reply": 31, "original": 14, "quote": 8}),
        ("quoted_edit", {"reply": 1}),
        ("two_tweets", {"repost": 1}),
        ("withheld", {"repost": 83, "reply": 62, "original": 62, "quote": 8}),
    ],
)
def test_recorded_answers_have_the_kinds_that_are_in_them(
    measuring_data: Path, agency: AccountBook, name: str, kinds: dict[str, int]
) -> None:
    posts = x_posts(measuring_data / "fixtures" / "x" / f"{name}.jsonl", agency)
    assert Counter(str(post.kind) for post in posts) == kinds


def test_a_recorded_edit_takes_back_the_first_version(measuring_data: Path) -> None:
    folder = measuring_data / "fixtures" / "x"
    after = json.loads((folder / "edited_after.jsonl").read_text())
    user = after["includes"]["users"][0]["username"]
    book = book_of(Account(platform=Platform.X, handle=user))
    reader = x_reader(book)
    first = json.loads((folder / "edited_before.jsonl").read_text())
    old, new = first["data"][0]["edit_history_tweet_ids"]
    first["data"][0]["edit_history_tweet_ids"] = [old]  # as it was before anybody edited it
    before = reader.read(Frame(raw=json.dumps(first).encode()), NOW).events
    assert [event.id for event in before if isinstance(event, Post)] == [f"x:x.com:{old}"]
    redaction, post = reader.read(Frame(raw=json.dumps(after).encode()), NOW).events
    assert isinstance(redaction, Redaction) and isinstance(post, Post)
    assert (redaction.post, redaction.reason) == (f"x:x.com:{old}", RedactionReason.EDITED)
    assert redaction.replaced_by == post.id == f"x:x.com:{new}"


def test_what_is_withheld_in_a_country_is_not_read_there(measuring_data: Path, agency: AccountBook) -> None:
    path = measuring_data / "fixtures" / "x" / "withheld.jsonl"
    withheld = 0
    for raw in pages(path):
        page = json.loads(raw)
        users = {user["id"] for user in page["includes"]["users"] if "IN" in json.dumps(user.get("withheld", {}))}
        withheld += sum(
            post["author_id"] in users or "IN" in json.dumps(post.get("withheld", {})) for post in page["data"]
        )
    posts = [event for event in x_events(path, agency, "IN") if isinstance(event, Post)]
    assert withheld >= 12 and len(posts) == 215 - withheld


def test_recorded_compliance_results_say_what_is_gone(measuring_data: Path) -> None:
    folder = measuring_data / "fixtures" / "x"
    for name in ("tweets", "users"):
        lines = [json.loads(line) for line in (folder / f"{name}_compliance.jsonl").read_text().split("\n") if line]
        taken = [parse_batch_line(line, users=name == "users", now=NOW) for line in lines]
        assert [each and each.reason for each in taken] == [RedactionReason.ACCOUNT_GONE] * 2


def book_of(*accounts: Account) -> AccountBook:
    return AccountBook(departments=(Department(key="d", name="D", timezone="UTC", accounts=accounts),))


def test_ten_recorded_jetstream_events_hold_one_post_and_it_is_a_reply(measuring_data: Path) -> None:
    lines = (measuring_data / "fixtures" / "bluesky" / "jetstream_10_events.jsonl").read_bytes().splitlines()
    events = [json.loads(line) for line in lines]
    post = next(event for event in events if event.get("commit", {}).get("collection") == "app.bsky.feed.post")
    parent = post["commit"]["record"]["reply"]["parent"]["uri"].split("/")[2]
    for did, own in ((parent, False), (post["did"], True)):
        account = Account(platform=Platform.BLUESKY, handle="dept.example", native_id=did)
        book = book_of(account)
        ours = Ours(book=book, pseudonyms=Pseudonyms(KEY), source="bluesky", dids={did: account}, public={})
        reader = BlueskyReader(ours, KnownPosts(None, date(2026, 5, 25), timedelta(days=90)))
        readings = [reader.read(Frame(raw=line), NOW) for line in lines]
        found = [event for reading in readings for event in reading.events]
        assert len(found) == 1 and isinstance(found[0], Post)
        assert found[0].kind is PostKind.REPLY and (found[0].own_account is not None) is own
        assert found[0].created_at == datetime.fromtimestamp(post["time_us"] / 1e6, UTC)
        assert all(reading.stamp for reading in readings)


def test_a_recorded_mastodon_session_holds_one_update(measuring_data: Path) -> None:
    cassette = (measuring_data / "fixtures" / "mastodon" / "test_stream_user_local.yaml").read_text()
    quoted = re.search(r"event: update\n\n\s+data: (.*?)\n\n\n", cassette, re.DOTALL)
    assert quoted is not None
    # The cassette's way of writing text: lines are folded, an apostrophe is doubled.
    data = re.sub(r"\n\s+", " ", quoted[1]).replace("''", "'")
    account = Account(platform=Platform.MASTODON, handle=json.loads(data)["account"]["acct"])
    home = Home(book=book_of(account), pseudonyms=Pseudonyms(KEY), source="m", host="localhost")
    reader = MastodonReader(home, KnownPosts(None, date(2026, 8, 2), timedelta(days=90)))
    (post,) = reader.read(Frame(raw=data.encode(), kind="update"), NOW).events
    assert isinstance(post, Post) and post.own_account == account.key and post.kind is PostKind.ORIGINAL
    assert "<" not in post.text and "&#" not in post.text and len(post.text.split()) == 3
