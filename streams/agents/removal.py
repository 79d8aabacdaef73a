"""Removes from the index what was taken back: soon, once more after a failure, and all of it anew after a restart."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog

from soundings.services.domain.posts import Mention, Statement
from soundings.services.domain.redactions import Redaction
from soundings.services.domain.urgent import Urgent
from soundings.services.index.port import Index, IndexMismatch, IndexUnavailable
from soundings.services.redactions.owed import Owed
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.health import Health

AT_ONCE = 1_000
"""Posts that one request asks for: a page of the index."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between attempts while the index is down, doubled: as for storing."""

STEP = timedelta(milliseconds=1)
"""The index tells versions apart by the millisecond."""

log = structlog.get_logger()


class Removal:
    """One for each worker that stores posts, which shares its `lock`: a post is never stored while it is removed.

    Every worker removes everything, so that what one of them has under way when a redaction comes is removed by itself
    afterwards. A worker that is killed leaves nothing behind: its successor reads all redactions and removes anew.
    """

    def __init__(self, index: Index, lock: asyncio.Lock, health: Health) -> None:
        self._index = index
        self._lock = lock
        self._health = health
        self._owed = Owed()
        self._something = asyncio.Event()

    def owe(self, redactions: Sequence[Redaction]) -> None:
        self._owed.add(redactions)
        self._something.set()

    def owe_again(self, records: Iterable[Mention | Statement | Urgent]) -> None:
        """These versions, and what was urgent of a post that is gone for good, because the index may have stored them
        after they were removed."""
        for record in records:
            if isinstance(record, Urgent):
                self._owed.owe(record.post, None)
            else:
                self._owed.owe(record.post.id, record.post.said_at + STEP)
            self._something.set()

    @ends_the_process
    async def run(self) -> None:
        """Never returns."""
        pause = FIRST_PAUSE
        while True:
            await self._something.wait()
            if await self.work():
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def work(self) -> bool:
        """Remove a page of what is owed; False if the index is down, and then all of it is still owed."""
        posts = self._owed.take(AT_ONCE)
        try:
            async with self._lock:
                gone = await self._index.take_back(posts)
        except (IndexUnavailable, IndexMismatch) as error:
            self._owed.put_back(posts)
            self._health.waiting_for("elasticsearch")
            log.warning("waits for the index", redactions=len(self._owed), why=type(error).__name__)
            return False
        self._health.goes_on("elasticsearch")
        log.info("redactions carried out", posts=len(posts), removed=sum(gone.values()))
        if not len(self._owed):
            self._something.clear()
        return True
