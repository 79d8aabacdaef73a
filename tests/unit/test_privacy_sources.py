"""Whoever posts is named by nothing that leaves a source: every form of post, with every way to name somebody."""

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from soundings.services.domain.accounts import Platform
from soundings.services.domain.posts import Post
from soundings.services.domain.redactions import Redaction
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.streams.codecs import encode
from soundings.streams.records import Delivery
from soundings.streams.sources import marked
from soundings.streams.sources.bluesky_events import BlueskyReader
from soundings.streams.sources.bluesky_names import Names
from soundings.streams.sources.bluesky_post import Ours
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.mastodon_events import MastodonReader
from soundings.streams.sources.mastodon_post import Home
from soundings.streams.sources.rehearsal import BOOK, as_frame, pseudonyms
from soundings.streams.sources.replay import Pace, Replay
from soundings.streams.sources.source import Delivered
from soundings.streams.sources.wire import Frame, Problem, Reader
from soundings.streams.sources.x_events import XReader

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(hours=1)


def known(folder: Path) -> KnownPosts:
    return KnownPosts(folder / "source.known", date(2026, 3, 2), timedelta(days=90))


def from_frames(reader: Reader, frames: Iterable[dict[str, Any]], kind: str = "") -> list[Any]:
    return [event for frame in frames for event in reader.read(Frame(raw=as_frame(frame), kind=kind), NOW).events]


def from_x(folder: Path) -> list[Any]:
    return from_frames(XReader(BOOK, pseudonyms(), known(folder), "x", "GB"), marked.x_payloads(AT))


def from_bluesky(folder: Path) -> list[Any]:
    names = Names(BOOK, lambda handle: None)
    ours = Ours(book=BOOK, pseudonyms=pseudonyms(), source="bluesky", dids=names.dids, public=names.public)
    return from_frames(BlueskyReader(ours, known(folder)), marked.bluesky_events(AT))


def from_mastodon(folder: Path) -> list[Any]:
    home = Home(book=BOOK, pseudonyms=pseudonyms(), source="mastodon:social.example", host="social.example")
    return from_frames(MastodonReader(home, known(folder)), marked.mastodon_statuses(AT), "update")


def from_file(file: Path) -> list[Any]:
    delivered = [event for event in Replay(file, BOOK, pseudonyms(), Pace()).events("") if isinstance(event, Delivered)]
    return [event.post or Problem(why=event.problem or "", raw=b"") for event in delivered]


def from_rows(folder: Path) -> list[Any]:
    file = folder / "posts.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in marked.rows(AT)))
    return from_file(file)


def from_csv(folder: Path) -> list[Any]:
    file = folder / "posts.csv"
    found = list(marked.rows(AT))
    with file.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, found[0])
        writer.writeheader()
        for row in found:
            writer.writerow({**row, "accounts": " ".join(row["accounts"]), "media": " ".join(row["media"])})
    return from_file(file)


def from_pages(folder: Path) -> list[Any]:
    file = folder / "pages.jsonl"
    file.write_text(json.dumps(marked.x_page(AT)) + "\n")
    return from_file(file)


FORMS = [from_x, from_bluesky, from_mastodon, from_rows, from_csv, from_pages]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__.removeprefix("from_"))
def test_what_leaves_a_source_names_nobody(form: Callable[[Path], list[Any]], tmp_path: Path) -> None:
    """As it is written to Kafka, the post's own public address left out; nor does what a source remembers on disk."""
    found = form(tmp_path)
    posts = [each for each in found if isinstance(each, Post)]
    assert len(posts) >= 4
    assert not [each for each in found if isinstance(each, Problem)]
    assert any(marked.SENTENCE in post.text for post in posts), "the rest of the text is there"
    for post in posts:
        delivery = Delivery(department="example", position=1, post=replace(post, url=None))
        assert naming(encode(delivery).decode()) == []
    for each in found:
        if isinstance(each, Redaction):
            assert naming(encode(each).decode()) == []
    for file in tmp_path.glob("*.known"):
        assert naming(file.read_text()) == []


def naming(content: str) -> list[str]:
    """Stretches that name somebody, with what is round them."""
    low = content.casefold()
    return [low[max(0, low.index(name) - 40) : low.index(name) + 40] for name in marked.NAMING if name in low]


def test_accounts_that_may_be_named_stay_readable_in_every_form() -> None:
    """A newsroom's link, handle or address is evidence, and nobody of the public."""
    keeper = Pseudonyms("a key for rehearsals only", {"bluesky:gazette.bsky.social", "x:thegazette"})
    for text in ("see gazette.bsky.social and at://gazette.bsky.social/app.bsky.feed.post/3k", "no handle at all"):
        assert keeper.text(Platform.BLUESKY, text, AT) == text
    for text in ("https://fxtwitter.com/TheGazette/status/1 x.com/intent/user?screen_name=TheGazette", "%40TheGazette"):
        assert keeper.text(Platform.X, text, AT).count("TheGazette") == text.count("TheGazette")
