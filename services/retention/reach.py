"""What the holds that stand keep: posts by id, documents by id, spans of a department."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from soundings.services.domain.firestorms import Firestorm
from soundings.services.domain.holds import HeldItem, Hold
from soundings.services.domain.posts import Post
from soundings.services.index.fields import Kind
from soundings.services.index.port import Index
from soundings.services.retention.holds import standing
from soundings.services.retention.store import HoldStore, Stored

A_DAY = timedelta(days=1)
"""Of slack round a storm's times: an alert's time is that of its decision, minutes after what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Everything that is held at a moment."""

    holds: tuple[Hold, ...] = ()
    posts: Mapping[str, Hold] = field(default_factory=dict)
    """By post id: posts held themselves, or as evidence."""
    notices: Mapping[str, Hold] = field(default_factory=dict)
    """By the id of a firestorm or an alert."""
    weeks: tuple[Hold, ...] = ()

    def over(self, document: Stored) -> Hold | None:
        """The hold that keeps a document; None if none does."""
        found = self._by_id(document)
        if found is not None:
            return found
        return next((week for week in self.weeks if _in_week(week, document)), None)

    def over_post(self, post: Post) -> Hold | None:
        """The hold that keeps a post of this id, time and departments."""
        if post.id in self.posts:
            return self.posts[post.id]
        return next(
            (w for w in self.weeks if w.department in post.departments and _between(w, post.created_at)),
            None,
        )

    def _by_id(self, document: Stored) -> Hold | None:
        match document.kind:
            case Kind.MENTIONS | Kind.STATEMENTS:
                return self.posts.get(document.id)
            case Kind.URGENT:
                return self.posts.get(document.refers)
            case Kind.FIRESTORMS:
                return self.notices.get(document.id)
            case Kind.ALERTS:
                return self.notices.get(document.id) or self.notices.get(document.refers)
            case Kind.NOTIFICATIONS:
                return self.notices.get(document.refers) or self.notices.get(storm_of(document.refers))
            case _:
                return None


def storm_of(alert: str) -> str:
    """The id of the firestorm that an alert's id begins with."""
    return alert.rpartition("/")[0]


async def reach(holds: HoldStore, index: Index, now: datetime) -> Reach:
    """What the holds that stand now keep. Evidence is looked up anew each time: a storm that goes on gathers more.

    Raises:
        IndexUnavailable: it cannot be told; nothing may be removed then.
    """
    return await _reach_of(standing(await holds.all(), now), index, now)


async def _reach_of(stand: tuple[Hold, ...], index: Index, now: datetime) -> Reach:
    posts: dict[str, Hold] = {}
    notices: dict[str, Hold] = {}
    for hold in stand:
        if hold.kind is HeldItem.POST:
            posts[hold.item] = hold
        elif hold.kind is not HeldItem.WEEK:
            notices[hold.item] = hold
            for storm in await _storms(hold, index, now):
                posts |= dict.fromkeys(evidence(storm), hold)
    weeks = tuple(hold for hold in stand if hold.kind is HeldItem.WEEK)
    return Reach(holds=stand, posts=posts, notices=notices, weeks=weeks)


class ReachAnew:
    """What is held, for a run that takes long: a hold placed meanwhile keeps what is still there."""

    def __init__(self, holds: HoldStore, index: Index, now: datetime) -> None:
        self._holds, self._index, self._now = holds, index, now
        self._known: Reach | None = None

    async def read(self) -> Reach:
        """As the holds stand at this moment; evidence is looked up again only where they have changed.

        Raises:
            IndexUnavailable: it cannot be told; nothing may be removed then.
        """
        stand = standing(await self._holds.all(), self._now)
        if self._known is None or self._known.holds != stand:
            self._known = await _reach_of(stand, self._index, self._now)
        return self._known


async def held_posts(ids: Collection[str], holds: HoldStore, index: Index, now: datetime) -> Mapping[str, Hold]:
    """Of these posts (ids), those that a hold keeps, with the hold: they must not be erased without a release.

    A post that is not in the index is held only if it is named itself or as evidence.

    Raises:
        IndexUnavailable: it cannot be told; nothing may be removed then.
    """
    kept = await reach(holds, index, now)
    found = {identifier: kept.posts[identifier] for identifier in ids if identifier in kept.posts}
    if kept.weeks:
        there = [each.post for each in (await index.mentions(ids)).values()]
        there += [each.post for each in (await index.statements(ids)).values()]
        for post in there:
            if (hold := kept.over_post(post)) is not None:
                found.setdefault(post.id, hold)
    return found


def evidence(storm: Firestorm) -> frozenset[str]:
    """Ids of the posts that a storm was told with."""
    named = {storm.statement} if storm.statement else set()
    if storm.trigger:
        named.add(storm.trigger.post)
    return frozenset(named | set(storm.sample))


async def _storms(hold: Hold, index: Index, now: datetime) -> tuple[Firestorm, ...]:
    """The storm as it is now, and as each of its alerts told it."""
    item = hold.item if hold.kind is HeldItem.FIRESTORM else storm_of(hold.item)
    noticed = datetime.fromisoformat(item.split(":", 1)[1])
    alerts = await index.alerts(hold.department, noticed - A_DAY, max(now, noticed) + A_DAY)
    if hold.kind is HeldItem.ALERT:
        return tuple(alert.firestorm for alert in alerts if alert.id == hold.item)
    latest = await index.firestorm(item)
    told = tuple(alert.firestorm for alert in alerts if alert.firestorm.id == item)
    return (latest, *told) if latest else told


def _in_week(week: Hold, document: Stored) -> bool:
    if document.kind in (Kind.THEMES, Kind.READINGS):  # named by their week; their time is that of the last report
        return document.id == week.item or document.id.startswith(f"{week.item}/")
    return week.department in document.departments and _between(week, document.at)


def _between(week: Hold, at: datetime) -> bool:
    return week.start is not None and week.end is not None and week.start <= at < week.end
