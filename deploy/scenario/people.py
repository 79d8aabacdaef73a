"""Who posts: made-up people and accounts, each with an opaque id that is the same in every run."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

PLATFORMS = ("x", "bluesky", "mastodon")
INSTANCE: Mapping[str, str] = {"x": "", "bluesky": "", "mastodon": "social.example.org"}
# Where the made-up public talks: mostly on X, a fifth on Bluesky, the rest on Mastodon.
PLATFORM_SHARE = (0.72, 0.18, 0.10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author on one platform."""

    id: str
    """16 hexadecimal digits, made from the scenario's own numbering, from nobody's name."""
    platform: str
    followers: int
    verified: bool = False
    handle: str | None = None
    """Set for our accounts and configured public accounts only."""
    ours: bool = False
    haste: float = 0.0
    """0 to 1: how carelessly the person types."""

    @property
    def name(self) -> str:
        """How a text addresses the author: a handle, or a pseudonym for a member of the public."""
        return self.handle or f"user_{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A department's accounts, one on each platform."""

    name: str
    accounts: Mapping[str, Person]

    def handle(self, platform: str) -> str:
        return self.accounts[platform].name


def opaque(label: str) -> str:
    return hashlib.sha256(f"soundings made-up scenario: {label}".encode()).hexdigest()[:16]


def _desk(name: str, handles: Mapping[str, tuple[str, int]]) -> Desk:
    accounts = {
        platform: Person(
            id=opaque(f"{platform} {handle}"),
            platform=platform,
            followers=count,
            verified=True,
            handle=handle,
            ours=True,
        )
        for platform, (handle, count) in handles.items()
    }
    return Desk(name=name, accounts=accounts)


AFFAIRS = _desk(
    "affairs",
    {
        "x": ("ExampleAffairs", 412_300),
        "bluesky": ("affairs.example.gov.uk", 18_400),
        "mastodon": ("ExampleAffairs", 6_150),
    },
)
RIVERS = _desk(
    "rivers",
    {
        "x": ("ExampleRivers", 188_900),
        "bluesky": ("rivers.example.gov.uk", 9_700),
        "mastodon": ("ExampleRivers", 4_020),
    },
)
COURIER = Person(id=opaque("courier"), platform="x", followers=742_000, verified=True, handle="ExampleCourier")


def person(label: str, rng: Random, *, platform: str | None = None, followers: int | None = None) -> Person:
    """A member of the public; follower counts are log-normal (median about 240), as they are everywhere."""
    return Person(
        id=opaque(label),
        platform=platform or rng.choices(PLATFORMS, PLATFORM_SHARE)[0],
        followers=followers if followers is not None else int(rng.lognormvariate(5.5, 1.4)),
        verified=followers is not None or rng.random() < 0.03,
        haste=rng.random() ** 2,
    )


class Crowd:
    """People who speak on a subject: a few often, most once or twice."""

    def __init__(self, label: str, size: int, rng: Random, *, platform: str | None = None) -> None:
        self._rng = rng
        self._people = [person(f"{label} {number}", rng, platform=platform) for number in range(size)]

    def one(self) -> Person:
        """The squared draw makes the first tenth of the crowd speak about three times as often as an even one would."""
        return self._people[int(self._rng.random() ** 2 * len(self._people))]
