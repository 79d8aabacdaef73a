"""How fast frames of the platforms are read, on one core: JSON on standard output. Everything read is made up.

python benchmarks/sources.py
"""

import json
import sys
import time
from datetime import UTC, date, datetime, timedelta

from soundings.streams.sources.bluesky_events import BlueskyReader
from soundings.streams.sources.bluesky_names import Names
from soundings.streams.sources.bluesky_post import Ours
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.mastodon_events import MastodonReader
from soundings.streams.sources.mastodon_post import Home
from soundings.streams.sources.rehearsal import BOOK, bluesky_event, mastodon_status, pseudonyms, x_payload
from soundings.streams.sources.wire import Frame, Reader
from soundings.streams.sources.x_events import XReader

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(hours=1)

FRAMES = 20_000
"""A second or more of work for each reader: long enough that the clock's steps do not matter."""

OURS_OF_A_THOUSAND = 1
"""Mentions of us among a thousand posts of the network; a large department has far fewer."""


def known() -> KnownPosts:
    return KnownPosts(None, date(2026, 3, 2), timedelta(days=90))


def bluesky_reader() -> BlueskyReader:
    names = Names(BOOK, lambda handle: None)
    return BlueskyReader(
        Ours(book=BOOK, pseudonyms=pseudonyms(), source="bluesky", dids=names.dids, public=names.public), known()
    )


def of_others(number: int) -> dict[str, object]:
    """A post of the network that is none of our business."""
    event = bluesky_event(number, AT)
    event["commit"]["record"]["facets"] = []
    return event


def network() -> list[Frame]:
    events = (
        bluesky_event(number, AT) if number % 1000 < OURS_OF_A_THOUSAND else of_others(number)
        for number in range(FRAMES)
    )
    return [Frame(raw=json.dumps(event).encode()) for event in events]


def measured(reader: Reader, frames: list[Frame]) -> dict[str, float]:
    """Frames a second of processor time, and of the wall clock."""
    posts = 0
    cpu, wall = time.process_time(), time.perf_counter()
    for frame in frames:
        posts += len(reader.read(frame, NOW).events)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "frames": len(frames),
        "posts": posts,
        "per_second_cpu": round(len(frames) / cpu),
        "per_second_wall": round(len(frames) / wall),
    }


def main() -> None:
    mentions = [Frame(raw=json.dumps(bluesky_event(number, AT)).encode()) for number in range(FRAMES)]
    payloads = [Frame(raw=json.dumps(x_payload(number, AT)).encode()) for number in range(FRAMES)]
    statuses = [Frame(raw=json.dumps(mastodon_status(number, AT)).encode(), kind="update") for number in range(FRAMES)]
    home = Home(book=BOOK, pseudonyms=pseudonyms(), source="mastodon", host="social.example")
    results = {
        "jetstream, the whole network": measured(bluesky_reader(), network()),
        "jetstream, mentions only": measured(bluesky_reader(), mentions),
        "x, filtered stream": measured(XReader(BOOK, pseudonyms(), known(), "x"), payloads),
        "mastodon, updates": measured(MastodonReader(home, known()), statuses),
    }
    json.dump(results, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
