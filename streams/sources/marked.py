"""Made-up posts of every form that a source reads, in which whatever names a member of the public carries a mark.

For the tests of what may not be kept: nothing that leaves a source may hold a mark, but a post's own public address.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from soundings.streams.sources.rehearsal import OUR_DID
from soundings.streams.sources.x_post import since_id

MARK = "zqxvjk"
"""In every name. Long enough that packed bytes do not hold it by chance, as they do three letters in some megabytes."""

HANDLE, THIRD = f"{MARK}handle{MARK}", f"{MARK}third{MARK}"
NAME = f"{MARK.title()}name Of{MARK.title()}"
USER_ID, THIRD_ID = "918273645546372819", "918273645546372820"
"""As X has them; no mark in them, so they are searched for as they are."""
DID, THIRD_DID = f"did:plc:{MARK}one{MARK}", f"did:plc:{MARK}two{MARK}"
HOST = "elsewhere.example"
MAIL = f"{MARK}.person@{HOST}"

NAMING = (MARK, USER_ID, THIRD_ID)
"""Nothing that is kept may hold one of these, whatever the case."""

SENTENCE = "quibblewort of a winter timetable"
"""In texts only: what holds no text may not hold it."""


def naming_text(ours: str) -> str:
    """A text that names people in every way a text can."""
    return (
        f"@{ours} the {SENTENCE} @{THIRD} .@{THIRD.upper()} and @{THIRD}: see https://x.com/{THIRD}/status/12 "
        f"https://mobile.twitter.com/{THIRD} https://bsky.app/profile/{THIRD}.bsky.social/post/3k "
        f"https://{HOST}/@{THIRD} https://{HOST}/users/{THIRD}/statuses/1 x.com/i/user/{THIRD_ID} "
        f"https://x.com/intent/user?screen_name={THIRD} https://twitter.com/intent/follow?user_id={THIRD_ID} "
        f"https://fxtwitter.com/{THIRD}/status/3 https://nitter.net/{THIRD} https://www.threads.net/@{THIRD} "
        f"https://www.instagram.com/{THIRD}/ https://www.facebook.com/{THIRD} https://t.me/{THIRD} "
        f"https://www.linkedin.com/in/{THIRD} https://www.tiktok.com/@{THIRD} https://www.youtube.com/@{THIRD} "
        f"{THIRD}.bsky.social at://{THIRD}.bsky.social/app.bsky.feed.post/3k at://{THIRD_DID}/app.bsky.feed.post/3k "
        f"{MAIL} mailto:{MAIL} thanks@{THIRD} ＠{THIRD} @{THIRD}@{HOST} %40{THIRD}"
    )


def x_payloads(at: datetime) -> Iterator[dict[str, Any]]:
    """Frames of the filtered stream: a mention, an answer, a quote, a repost, a long post, an answer of ours."""
    users = [
        {"id": USER_ID, "username": HANDLE, "name": NAME, "description": NAME, "location": NAME, "verified": False},
        {"id": THIRD_ID, "username": THIRD, "name": NAME, "public_metrics": {"followers_count": 12}},
        {"id": "99", "username": "ExampleDept", "name": "Example Department"},
    ]
    mentions = [{"start": 0, "end": 12, "username": "ExampleDept", "id": "99"}]
    mentions.append({"start": 13, "end": 20, "username": THIRD, "id": THIRD_ID})
    said = naming_text("ExampleDept")
    theirs = {"id": "77", "author_id": THIRD_ID, "text": said, "entities": {"mentions": mentions}}
    kinds: tuple[dict[str, Any], ...] = (
        {},
        {"referenced_tweets": [{"type": "replied_to", "id": "77"}], "in_reply_to_user_id": THIRD_ID},
        {"referenced_tweets": [{"type": "quoted", "id": "77"}]},
        {"referenced_tweets": [{"type": "retweeted", "id": "77"}], "text": f"RT @{THIRD}: {said}"[:139] + "…"},
        {"note_tweet": {"text": said, "entities": {"mentions": mentions}}},
        {"author_id": "99", "referenced_tweets": [{"type": "replied_to", "id": "77"}], "in_reply_to_user_id": USER_ID},
    )
    for number, fields in enumerate(kinds):
        post = {
            "id": str(since_id(at) + number),
            "author_id": USER_ID,
            "created_at": at.isoformat(timespec="milliseconds"),
            "conversation_id": "77",
            "text": said,
            "lang": "en",
            "entities": {"mentions": mentions},
            "geo": {"place_id": MARK, "full_name": NAME},
            **fields,
        }
        yield {"data": post, "includes": {"users": users, "tweets": [theirs]}, "matching_rules": [{"id": "1"}]}


def x_page(at: datetime) -> dict[str, Any]:
    """The same as a page of a search, as archives keep it."""
    payloads = list(x_payloads(at))
    return {"data": [each["data"] for each in payloads], "includes": payloads[0]["includes"], "meta": {}}


def bluesky_events(at: datetime) -> Iterator[dict[str, Any]]:
    """Events of the older protocol: a mention, an answer, a quote, a repost, an answer of ours, a change of handle."""
    said = naming_text("dept.example.gov.uk")
    feature = "app.bsky.richtext.facet#mention"
    named = said.index(f"@{THIRD}")
    facets = [
        {"index": {"byteStart": 0, "byteEnd": 20}, "features": [{"$type": feature, "did": OUR_DID}]},
        {"index": {"byteStart": named, "byteEnd": named + 8}, "features": [{"$type": feature, "did": THIRD_DID}]},
    ]
    theirs = {"uri": f"at://{THIRD_DID}/app.bsky.feed.post/abc", "cid": "c"}
    embed = {"$type": "app.bsky.embed.record", "record": theirs}
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (
        (DID, {}),
        (DID, {"reply": {"parent": theirs, "root": theirs}}),
        (DID, {"embed": embed}),
        (OUR_DID, {"reply": {"parent": theirs, "root": theirs}}),
    )
    micros = round(at.timestamp() * 1_000_000)
    for number, (did, fields) in enumerate(kinds):
        record = {"$type": "app.bsky.feed.post", "createdAt": at.isoformat(), "text": said, "facets": facets, **fields}
        yield _commit(did, micros + number, "app.bsky.feed.post", f"{MARK}key{number}", record)
    subject = {"uri": f"at://{OUR_DID}/app.bsky.feed.post/ours", "cid": "c"}
    record = {"$type": "app.bsky.feed.repost", "createdAt": at.isoformat(), "subject": subject}
    yield _commit(DID, micros + 10, "app.bsky.feed.repost", "r1", record)
    identity = {"did": DID, "handle": f"{HANDLE}.bsky.social", "seq": 1, "time": at.isoformat()}
    yield {"did": DID, "time_us": micros + 11, "kind": "identity", "identity": identity}


def _commit(did: str, micros: int, collection: str, rkey: str, record: Mapping[str, Any]) -> dict[str, Any]:
    commit = {"operation": "create", "collection": collection, "rkey": rkey, "record": record}
    return {"did": did, "time_us": micros, "kind": "commit", "commit": commit}


def mastodon_statuses(at: datetime) -> Iterator[dict[str, Any]]:
    """Statuses: a mention, an answer, a boost, a quote, with names in the HTML, in links and in unread fields."""
    link = f'<a href="https://{HOST}/@{THIRD}" class="u-url mention">@<span>{NAME}</span></a>'
    said = naming_text("ExampleDept").replace("&", "&amp;")
    account = {"id": "51", "acct": f"{HANDLE}@{HOST}", "display_name": NAME, "note": NAME, "followers_count": 12}
    plain = {
        "created_at": at.isoformat(),
        "visibility": "public",
        "language": "en",
        "content": f'<p><a href="https://social.example/@ExampleDept">@ExampleDept</a> {said} {link}</p>',
        "spoiler_text": f"for @{THIRD}",
        "mentions": [
            {"id": "1", "acct": "ExampleDept", "url": "https://social.example/@ExampleDept"},
            {"id": "52", "acct": f"{THIRD}@{HOST}", "url": f"https://{HOST}/@{THIRD}", "username": THIRD},
        ],
        "account": account,
    }
    theirs = {**plain, "id": "2099", "url": f"https://{HOST}/@{THIRD}/2099"}
    kinds: tuple[dict[str, Any], ...] = (
        {},
        {"in_reply_to_id": "2099", "in_reply_to_account_id": "52"},
        {"reblog": theirs},
        {"quote": {"state": "accepted", "quoted_status": theirs}},
    )
    for number, fields in enumerate(kinds):
        yield {**plain, "id": str(2000 + number), "url": f"https://{HOST}/@{HANDLE}/{2000 + number}", **fields}


def rows(at: datetime) -> Iterator[dict[str, Any]]:
    """Rows of an archive: each kind on each platform, with fields that nobody asked for."""
    ours = {"x": "ExampleDept", "bluesky": "dept.example.gov.uk", "mastodon": "ExampleDept"}
    for platform, account in ours.items():
        for number, kind in enumerate(("original", "reply", "repost", "quote", "own")):
            yield {
                "id": f"archived-{platform}-{number}",
                "created_at": at.isoformat(),
                "platform": platform,
                "author": USER_ID if platform == "x" else f"{HANDLE}@{HOST}",
                "author_handle": HANDLE,
                "display_name": NAME,
                "lang": NAME,
                "media": ["photo", f"@{HANDLE}"],
                "text": ("RT @" + THIRD + ": " if kind == "repost" else "") + naming_text(account),
                "kind": "reply" if kind == "own" else kind,
                "own_account": account if kind == "own" else None,
                "accounts": [account],
                "reply_to_author": THIRD_ID,
                "quoted_account": account if kind == "quote" else THIRD,
                "url": f"https://{HOST}/@{HANDLE}/{number}",
            }
