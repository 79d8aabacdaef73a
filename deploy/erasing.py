"""An erasure, from the question to the proof: redactions first, then the index, then a look at everything else."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from soundings.services.domain.holds import Hold
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.holds import ElasticsearchHolds
from soundings.services.redactions.erasure import Erasure, OnTopics, named_in_alerts, removed
from soundings.services.retention.reach import held_posts
from soundings.services.settings import Settings
from soundings.streams.kept_text import Kept, kept_of_post, kept_of_voice
from soundings.streams.redaction_log import read_redactions, write_redactions

SOURCE = "erase"


class Held(Exception):
    """A legal hold keeps some of the posts; nothing was erased."""

    def __init__(self, holds: dict[str, Hold]) -> None:
        super().__init__(f"{len(holds)} posts are held")
        self.holds = holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to erase: exactly one of `post` and `voice` is set."""

    post: str = ""
    voice: str = ""
    note: str = ""
    despite_hold: str = ""
    """Why a hold does not count; empty: it does."""

    @property
    def words(self) -> str:
        return "; ".join(filter(None, (self.note, self.despite_hold and f"despite a legal hold: {self.despite_hold}")))


async def erase(settings: Settings, wish: Wish, tell: Callable[[str], None]) -> Erasure:
    """Carry it out. `tell` is given what is being done, for a person who waits.

    Raises:
        Held: nothing was erased.
        kafka.errors.KafkaError, IndexUnavailable, StillThere: not finished; to ask again is harmless.
    """
    tell("reading the topics that hold text")
    kept = kept_of_voice(settings.kafka, wish.voice) if wish.voice else kept_of_post(settings.kafka, wish.post)
    async with AsyncExitStack() as stack:
        index = ElasticsearchIndex.at(settings.elasticsearch)
        stack.push_async_callback(index.close)
        holds = ElasticsearchHolds.at(settings.elasticsearch)
        stack.push_async_callback(holds.close)
        await index.prepare()
        posts = sorted({*await index.spoken_by(wish.voice), *kept.posts} if wish.voice else {wish.post})
        held = await held_posts(posts, holds, index, datetime.now(UTC))
        if held and not wish.despite_hold:
            raise Held(dict(held))
        return await _carried_out(settings, wish, index, posts, kept, tell)


async def _carried_out(
    settings: Settings, wish: Wish, index: ElasticsearchIndex, posts: list[str], kept: Kept, tell: Callable[[str], None]
) -> Erasure:
    there = await index.holding(posts)
    known = read_redactions(settings.kafka)
    new = [post for post in posts if post not in known or not known[post].final]
    now = datetime.now(UTC)
    write_redactions(
        settings.kafka,
        [Redaction(post=post, reason=RedactionReason.ERASED, at=now, source=SOURCE, note=wish.words) for post in new],
    )
    if posts:
        tell("removing from the index, and waiting until it stays away")
        await removed(index, posts)
    alerts, told = await named_in_alerts(index, posts)
    return Erasure(
        posts=tuple(posts),
        new=len(new),
        removed=there,
        topics=OnTopics(records=kept.records, until=kept.until),
        alerts=alerts,
        told=told,
    )
