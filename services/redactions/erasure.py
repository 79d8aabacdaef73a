"""An erasure: what it was about, where it looked, what it found. Holds ids and counts, and nothing that was said."""

import asyncio
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from soundings.services.domain.accounts import Platform
from soundings.services.index.port import Index
from soundings.services.retention.reach import evidence

GONE_WITHIN = 60.0
"""Seconds: as long as a deletion may take that a platform tells of."""

LOOK_AGAIN = 1.0
"""Seconds between two looks that must both find nothing: a worker that has the post under way has stored it by then,
or has heard that it must not."""

_POST = re.compile(rf"(?:{'|'.join(Platform)}):[^:\s]*:\S+")
_VOICE = re.compile(r"[0-9a-f]{16}")

BEGINNING, END = datetime(2006, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class StillThere(Exception):
    """Something brings it back: the message says how long was waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTopics:
    """Records of the topics that hold text, with what is erased in them."""

    records: Mapping[str, int]
    """By topic."""
    until: datetime | None
    """When the last of them goes by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    posts: tuple[str, ...]
    new: int
    """Posts that had not been taken back before."""
    removed: Mapping[str, int]
    """Documents of the index, by kind, reposts included."""
    topics: OnTopics
    alerts: int
    """Alerts that name one of the posts: they hold its id, not its text."""
    told: int
    """Notices of these alerts that were sent."""

    @property
    def found(self) -> bool:
        """Whether anything was there to remove, or to remember."""
        return bool(self.new or sum(self.removed.values()))


def check_post(identifier: str) -> str:
    """Raises ValueError: no post can have this id."""
    if not _POST.fullmatch(identifier):
        raise ValueError("--post wants the id of a post, platform:instance:id, such as x:x.com:1234")
    return identifier


def check_voice(pseudonym: str) -> str:
    """Raises ValueError: this is no pseudonym (it may be a name, which is not repeated here)."""
    if not _VOICE.fullmatch(pseudonym):
        raise ValueError("--voice wants a pseudonym of 16 hexadecimal digits, as the field `voice` of a mention has it")
    return pseudonym


async def removed(index: Index, posts: Collection[str], *, pause: float = LOOK_AGAIN) -> None:
    """Remove the posts until two looks in a row find nothing.

    Raises:
        IndexUnavailable
        StillThere: they came back for GONE_WITHIN.
    """
    wanted = dict.fromkeys(posts)
    looks = int(GONE_WITHIN / LOOK_AGAIN)
    clean = 0
    for _ in range(looks):
        clean = 0 if sum((await index.take_back(wanted)).values()) else clean + 1
        if clean == 2:
            return
        await asyncio.sleep(pause)
    raise StillThere(f"what was removed came back for {GONE_WITHIN:.0f} s: is a worker older than the topics?")


async def named_in_alerts(index: Index, posts: Collection[str]) -> tuple[int, int]:
    """How many alerts name one of the posts, and how many notices of them were sent."""
    wanted = set(posts)
    alerts = [each for each in await index.alerts(None, BEGINNING, END) if wanted & evidence(each.firestorm)]
    notifications = await index.notifications([alert.id for alert in alerts]) if alerts else ()
    return len(alerts), sum(each.outcome.told for each in notifications)
