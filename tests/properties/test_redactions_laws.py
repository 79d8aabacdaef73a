"""Laws of what is taken back: whatever order posts, edits and deletions come in, the index ends up the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.index.memory import MemoryIndex
from soundings.streams.agents.removal import Removal
from soundings.streams.health import Health
from soundings.streams.redactions import Redactions

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))


def mention(number: int, **changes: Any) -> Mention:
    fields: dict[str, Any] = {
        "id": f"x:x.com:{number}", "created_at": AT, "voice": "v", "text": "", "kind": PostKind.ORIGINAL, "source": "s",
    }  # fmt: skip
    return Mention(post=Post(**fields | changes), tags=TAGS)


def deleted(number: int) -> Redaction:
    return Redaction(post=f"x:x.com:{number}", reason=RedactionReason.DELETED, at=AT, source="s")


# What happens to three posts: each is written, edited up to twice, perhaps deleted; one of them is reposted.
VERSIONS = [mention(number, edited_at=AT + timedelta(minutes=minutes) if minutes else None, text=f"{number}.{minutes}")
            for number in (1, 2, 3) for minutes in (0, 5, 9)]  # fmt: skip
REPOST = mention(4, kind=PostKind.REPOST, reference="x:x.com:1", text="1.0", created_at=AT + timedelta(minutes=1))
EDITS = [
    Redaction(post=f"x:x.com:{number}", reason=RedactionReason.EDITED, at=AT + timedelta(minutes=minutes), source="s")
    for number in (1, 2)
    for minutes in (5, 9)
]
HAPPENINGS: list[Any] = [*VERSIONS[:6], VERSIONS[6], REPOST, *EDITS, deleted(2), deleted(3)]


class Worker:
    """The rules of an indexing worker, without Faust."""

    def __init__(self, index: MemoryIndex, heard: list[Redaction]) -> None:
        self.index, self.redactions = index, Redactions()
        self.removal = Removal(index, asyncio.Lock(), Health("indexing"))
        self.redactions.listen(self.removal.owe)
        self.redactions.hear(heard)

    async def store(self, record: Mention) -> None:
        if not self.redactions.taken_back.covers(record.post):
            await self.index.put([replace(record)])

    async def remove(self) -> None:
        await self.removal.work()


@given(st.data())
def test_any_order_of_posts_edits_and_deletions_leaves_the_same_index(data: st.DataObject) -> None:
    """Duplicates, several workers, removals that come late, a worker that is killed: what stands is what should."""
    order = data.draw(st.permutations(range(len(HAPPENINGS))))
    order = order + data.draw(st.lists(st.sampled_from(range(len(HAPPENINGS))), max_size=6))
    index = MemoryIndex()
    with asyncio.Runner() as runner:
        heard: list[Redaction] = []
        workers = [Worker(index, heard), Worker(index, heard)]
        for number in order:
            happening, chosen = HAPPENINGS[number], data.draw(st.integers(0, 1))
            if isinstance(happening, Redaction):
                heard.append(happening)
                for worker in workers:
                    worker.redactions.hear([happening])
            else:
                runner.run(workers[chosen].store(happening))
            what = data.draw(st.sampled_from(["nothing", "nothing", "removal", "kill"]))
            if what == "removal":
                runner.run(workers[chosen].remove())
            elif what == "kill":
                workers[chosen] = Worker(index, heard)
        for worker in workers:
            runner.run(worker.remove())
        ids = [f"x:x.com:{number}" for number in range(1, 5)]
        held: Mapping[str, Mention] = runner.run(index.mentions(ids))
    assert {name: each.post.text for name, each in held.items()} == {"x:x.com:1": "1.9"}
