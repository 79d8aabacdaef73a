"""Each platform's source with its stand-in behind it, under one handle: for the contract suite and for benchmarks.

Everything in it is made up.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pydantic import SecretStr

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.settings import BlueskySettings, MastodonSettings, XSettings
from soundings.streams.sources.bluesky import bluesky
from soundings.streams.sources.known import KnownPosts
from soundings.streams.sources.live import LiveSource
from soundings.streams.sources.mastodon import mastodon
from soundings.streams.sources.stand_in_bluesky import JetstreamStandIn
from soundings.streams.sources.stand_in_http import TOKEN
from soundings.streams.sources.stand_in_mastodon import MastodonStandIn
from soundings.streams.sources.stand_in_network import Network
from soundings.streams.sources.stand_in_x import XStandIn
from soundings.streams.sources.x import x
from soundings.streams.sources.x_post import since_id

OUR_DID = "did:plc:ourdepartment"
PERSON = "jo-citizen"
"""First part of the name of everybody who speaks; must not leave a source."""

TICKS = 0.1
"""Seconds between ticks: fifty times as often as in earnest, so that tests are quick."""

SETTLE = timedelta(seconds=0.5)

BOOK = AccountBook(
    departments=(
        Department(
            key="example",
            name="Example Department",
            timezone="Europe/London",
            accounts=(
                Account(platform=Platform.X, handle="ExampleDept", native_id="99"),
                Account(platform=Platform.BLUESKY, handle="dept.example.gov.uk", native_id=OUR_DID),
                Account(platform=Platform.MASTODON, handle="ExampleDept"),
            ),
        ),
    )
)


class Rehearsal(Protocol):
    """What the contract suite does to a platform."""

    platform: Platform
    network: Network
    """Between the source and the platform."""

    def source(self) -> LiveSource:
        """A new source, as after a restart: what the last one remembered on disk is there."""

    def say(self, number: int, *, heard: bool = True) -> None:
        """Somebody mentions the department. Not `heard`: while no stream is open, so that it must be fetched."""

    def take_back(self, number: int) -> None: ...

    def garble(self) -> None:
        """Send a frame that is broken."""

    def cut(self) -> None: ...

    def refuse(self, refusing: bool) -> None: ...

    @property
    def connections(self) -> int: ...


@contextmanager
def rehearsal(platform: Platform, folder: Path, *, variant: str = "") -> Iterator[Rehearsal]:
    """The platform's stand-in, running, and a network before it.

    Args:
        variant: `legacy` or `plain` for Bluesky's protocols.
    """
    if platform is Platform.BLUESKY:
        jetstream = JetstreamStandIn()
        with jetstream.running() as address, _before(address) as (network, near):
            yield BlueskyRehearsal(jetstream, network, near, folder, variant)
    elif platform is Platform.X:
        stand_in = XStandIn()
        with stand_in.running() as address, _before(address) as (network, near):
            yield XRehearsal(stand_in, network, near, folder)
    else:
        instance = MastodonStandIn()
        with instance.running() as address, _before(address) as (network, near):
            instance.address = near  # it tells its own address to who asks
            yield MastodonRehearsal(instance, network, near, folder)


@contextmanager
def _before(address: str) -> Iterator[tuple[Network, str]]:
    """A network before the address, and the address of its near end, in the same form."""
    scheme, separator, host = address.rpartition("://")
    network = Network(host)
    with network.running() as near:
        yield network, f"{scheme}{separator}{near}"


def pseudonyms() -> Pseudonyms:
    return Pseudonyms("a key for rehearsals only", BOOK.named)


def known(folder: Path) -> KnownPosts:
    return KnownPosts(folder / "rehearsal.known", date.today(), timedelta(days=90))


S = TypeVar("S", JetstreamStandIn, XStandIn, MastodonStandIn)


class _OverStandIn(Generic[S]):
    """What a stand-in does alike for every platform."""

    def __init__(self, stand_in: S, network: Network) -> None:
        self.stand_in: S = stand_in
        self.network = network

    def cut(self) -> None:
        self.stand_in.cut()

    def refuse(self, refusing: bool) -> None:
        self.stand_in.refusing = refusing

    @property
    def connections(self) -> int:
        return self.stand_in.connections


class BlueskyRehearsal(_OverStandIn[JetstreamStandIn]):
    platform = Platform.BLUESKY

    def __init__(self, stand_in: JetstreamStandIn, network: Network, address: str, folder: Path, variant: str) -> None:
        super().__init__(stand_in, network)
        self._folder = folder
        path = "/subscribe" if variant == "legacy" else "/xrpc"
        self._settings = BlueskySettings(url=f"ws://{address}{path}", compress=variant == "")

    def source(self) -> LiveSource:
        return bluesky(self._settings, BOOK, pseudonyms(), known(self._folder), tick_every=TICKS)

    def say(self, number: int, *, heard: bool = True) -> None:
        self.stand_in.add(bluesky_event(number, datetime.now(UTC)))

    def take_back(self, number: int) -> None:
        event = bluesky_event(number, datetime.now(UTC))
        event["commit"] = {**event["commit"], "operation": "delete"}
        del event["commit"]["record"]
        self.stand_in.add(event)

    def garble(self) -> None:
        self.stand_in.add_raw(_micros(datetime.now(UTC)), b'{"did": broken')


class XRehearsal(_OverStandIn[XStandIn]):
    platform = Platform.X

    def __init__(self, stand_in: XStandIn, network: Network, address: str, folder: Path) -> None:
        super().__init__(stand_in, network)
        self._folder = folder
        self._native: dict[int, str] = {}
        self._settings = XSettings(url=address, bearer_token=SecretStr(TOKEN), compliance=True)

    def source(self) -> LiveSource:
        return x(self._settings, BOOK, pseudonyms(), known(self._folder), tick_every=TICKS, settle=SETTLE)

    def say(self, number: int, *, heard: bool = True) -> None:
        payload = x_payload(number, datetime.now(UTC))
        self._native[number] = payload["data"]["id"]
        self.stand_in.add(payload, streamed=heard)

    def take_back(self, number: int) -> None:
        at = datetime.now(UTC).isoformat()
        self.stand_in.comply({"delete": {"tweet": {"id": self._native[number], "author_id": "1"}, "event_at": at}})

    def garble(self) -> None:
        self.stand_in.send_raw(b'{"data": broken')


class MastodonRehearsal(_OverStandIn[MastodonStandIn]):
    platform = Platform.MASTODON

    def __init__(self, stand_in: MastodonStandIn, network: Network, address: str, folder: Path) -> None:
        super().__init__(stand_in, network)
        self._folder = folder
        self._settings = MastodonSettings(url=address, token=SecretStr(TOKEN))

    def source(self) -> LiveSource:
        return mastodon(self._settings, BOOK, pseudonyms(), known(self._folder), tick_every=TICKS, settle=SETTLE)

    def say(self, number: int, *, heard: bool = True) -> None:
        self.stand_in.notify(mastodon_status(number, datetime.now(UTC)), streamed=heard)

    def take_back(self, number: int) -> None:
        self.stand_in.event("delete", str(1000 + number))

    def garble(self) -> None:
        self.stand_in.send_raw(b"event: update\ndata: {broken\n\n")


def said(number: int) -> str:
    """What the mention of this number says."""
    return f"question number {number} about the ferry timetable"


def bluesky_event(number: int, at: datetime) -> dict[str, Any]:
    """A mention as the older protocol sends it."""
    mention = {"$type": "app.bsky.richtext.facet#mention", "did": OUR_DID}
    record = {
        "$type": "app.bsky.feed.post",
        "createdAt": at.isoformat(),
        "langs": ["en"],
        "text": f"@dept.example.gov.uk {said(number)} @{PERSON}.example",
        "facets": [{"index": {"byteStart": 0, "byteEnd": 20}, "features": [mention]}],
    }
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": f"key{number}", "record": record}
    return {"did": f"did:plc:{PERSON}{number}", "time_us": _micros(at), "kind": "commit", "commit": commit}


def x_payload(number: int, at: datetime) -> dict[str, Any]:
    """A mention as the filtered stream sends it."""
    user = {"id": str(700000 + number), "username": f"{PERSON.replace('-', '')}{number}", "verified": False}
    post = {
        # The lowest bits tell posts of one millisecond apart.
        "id": str(since_id(at) + number),
        "author_id": user["id"],
        "created_at": at.isoformat(timespec="milliseconds"),
        "text": f"@ExampleDept {said(number)} @{user['username']}",
        "entities": {"mentions": [{"start": 0, "end": 12, "username": "ExampleDept", "id": "99"}]},
        "public_metrics": {"like_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 4},
    }
    return {"data": post, "includes": {"users": [user]}, "matching_rules": [{"id": "1", "tag": "soundings"}]}


def mastodon_status(number: int, at: datetime) -> dict[str, Any]:
    """A mention as an instance sends it."""
    name = f"{PERSON}{number}@elsewhere.example"
    return {
        "id": str(1000 + number),
        "created_at": at.isoformat(),
        "visibility": "public",
        "language": "en",
        "url": f"https://elsewhere.example/@{PERSON}{number}/{number}",
        "content": f'<p><a href="https://social.example/@ExampleDept">@ExampleDept</a> {said(number)} @{name}</p>',
        "mentions": [{"id": "1", "acct": "ExampleDept", "url": "https://social.example/@ExampleDept"}],
        "account": {"id": str(50 + number), "acct": name, "followers_count": 12},
    }


def as_frame(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
