"""Agent of themes: `mentions` → `themes`. Reads each post once; reports when the partition's clock says so."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import faust
import structlog

from soundings.services import metrics
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.posts import Mention, Tick
from soundings.services.index.port import Index
from soundings.services.settings import KafkaSettings
from soundings.services.themes.department import DepartmentThemes, Due
from soundings.services.themes.encoder import Encoder
from soundings.services.themes.register import teachings
from soundings.services.themes.register_store import RegisterStore
from soundings.streams.agents.batches import Batch, batches
from soundings.streams.agents.clocks import Clocks
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.agents.outbox import Outbox, raw_topic
from soundings.streams.agents.owed import Owed
from soundings.streams.agents.snapshots import Snapshots
from soundings.streams.agents.state import State
from soundings.streams.agents.waiting import Texts, when_there
from soundings.streams.codecs import decode
from soundings.streams.health import Health
from soundings.streams.indexed import Indexed
from soundings.streams.topics import by_partition, partition_of

LOOK = 0.5
"""Seconds between two looks whether something waits to be stored while nothing comes."""

log = structlog.get_logger()

T = TypeVar("T")


class Lost(Exception):
    """A rebalance came in between: the events come again, to whoever has the partition now."""


@dataclass(slots=True)
class _Held:
    themes: DepartmentThemes
    offset: int
    """Up to which the snapshot stands that it was loaded from: what comes again below it is known."""
    waiting: list[Mention] = field(default_factory=list)
    """Read with the next of the batch, all at once."""


class ThemesAgent:
    """Holds the themes of each department on this worker's partitions.

    The large state of a department is stored now and then, and nothing is acknowledged before the state that holds it
    is: after a crash the posts since then are read again, in the same order, to the same end.
    """

    def __init__(
        self,
        app: faust.App,
        settings: KafkaSettings,
        book: AccountBook,
        *,
        index: Index,
        indexed: Indexed,
        register: RegisterStore,
        encoder: Encoder,
        health: Health,
    ) -> None:
        self._app, self._book, self._encoder = app, book, encoder
        self._register, self._health = register, health
        self._texts = Texts(index, indexed, health)
        self._state = State(app, settings)
        self._snapshots = Snapshots(self._state)
        self._clocks = Clocks(self._state)
        self._outbox = Outbox(app, settings, "themes")
        self._held: dict[str, _Held] = {}
        self._owed: dict[int, Owed] = {}
        self._thread = ThreadPoolExecutor(1, "themes")
        """One: each further one would keep freed memory of its own."""
        self._turn = asyncio.Lock()
        """Batches and what stores between them take turns."""
        self._tenure = 0
        """Grows with every loss of partitions: what began under an earlier one must not be stored."""
        self._partitions = settings.partitions
        self._departments = by_partition((each.key for each in book.departments), settings.partitions)
        mentions = raw_topic(app, settings, "mentions")

        @ends_the_process
        async def themes(stream: Any) -> None:
            async for batch in batches(app, stream, "themes"):
                async with self._turn:
                    if await self.process(batch.events):
                        self.owe(batch)
                        await self.store()

        app.agent(mentions, name="themes")(themes)
        app.task(ends_the_process(self._store_when_idle))

    def forget(self, partitions: set[int]) -> None:
        """The partitions have gone to another worker, which begins at their last snapshots."""
        self._tenure += 1
        self._held.clear()
        self._owed.clear()
        self._clocks.clear()
        self._state.forget(partitions)

    async def process(self, batch: list[Any]) -> bool:
        """Read the batch's posts; report at ticks.

        Returns:
            Whether all was read; if not, a rebalance came in between, and the events come again.
        """
        tenure = self._tenure
        try:
            for event in batch:
                message = event.message
                record = decode(message.value)  # written by intake: anything undecodable ends the process
                if isinstance(record, Tick):
                    await self._tick(record, message.partition, message.offset)
                elif isinstance(record, Mention) and not record.revised:
                    self._take(record, message.key.decode(), message.offset)
            for department in list(self._held):
                await self._read(department)
        except Lost:
            return False
        return tenure == self._tenure

    def owe(self, batch: Batch) -> None:
        """The batch is to be acknowledged when its state is stored."""
        now = asyncio.get_running_loop().time()
        for event in batch.events:
            self._owed.setdefault(event.message.partition, Owed(now)).add(event, batch, now)

    async def store(self, *, all_of_it: bool = False) -> None:
        """Store what has been owed for long enough, and acknowledge it."""
        for partition, owed in list(self._owed.items()):
            if all_of_it or owed.is_due(asyncio.get_running_loop().time()):
                try:
                    await self._store(partition, owed)
                except Lost:
                    return

    async def _store_when_idle(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            if not self._turn.locked():  # else a batch is at work, which stores what is due when it is done
                async with self._turn:
                    await self.store()

    async def _store(self, partition: int, owed: Owed) -> None:
        still = self._still()
        for department in sorted(owed.changed):
            themes = self._held[department].themes
            content = await self._in_thread(themes.to_bytes)
            about = themes.about()
            await self._snapshots.put(department, about=about, content=content, offset=owed.offset, still=still)
            owed.sizes[department] = len(content)
        # The clock last: a tick that comes again must find the departments as they were, or further.
        await self._clocks.store(partition, owed.offset)
        still()
        self._owed[partition] = owed.next()
        await owed.acknowledge()

    async def _tick(self, tick: Tick, partition: int, offset: int) -> None:
        time, moved = self._clocks.tick(tick, partition, offset)
        if time is None or not (moved or tick.ended):
            return
        for department in self._departments.get(partition, ()):
            held = self._of(department)
            if offset > held.offset:
                await self._at(department, held, time, tick, partition, offset)

    async def _at(self, department: str, held: _Held, time: datetime, tick: Tick, partition: int, offset: int) -> None:
        if not held.waiting and not held.themes.due(time, ended=tick.ended):
            return
        await self._read(department)
        for due in held.themes.due(time, ended=tick.ended):
            if held.themes.worth_grouping(due):
                await self._group(department, held.themes, due)
            # Of a week that goes on, a replay needs no report: the next one takes its place in a moment.
            if due.final or tick.ended or self._clocks.live(partition):
                await self._report(department, held.themes, due, partition, offset)
            held.themes.passed(due)
            self._change(department, partition)

    async def _group(self, department: str, themes: DepartmentThemes, due: Due) -> None:
        entries = await when_there(lambda: self._register.of_department(department), self._health, self._still())
        unknown = await self._in_thread(themes.group, due, teachings(entries))
        if unknown:
            log.warning("decisions about themes that are not known", department=department, number=len(unknown))

    async def _report(self, department: str, themes: DepartmentThemes, due: Due, partition: int, offset: int) -> None:
        loop, still = asyncio.get_running_loop(), self._still()

        def fetch(ids: Sequence[str]) -> Mapping[str, Mention]:
            return asyncio.run_coroutine_threadsafe(self._texts.fetch(ids, partition, offset, still), loop).result()

        records = await self._in_thread(themes.report, due, fetch)
        for record in records:
            self._outbox.add("themes", department, record, partition)
        await self._outbox.flush()
        still()
        log.info("themes reported", department=department, week=due.week, final=due.final, themes=len(records) - 1)

    def _take(self, mention: Mention, department: str, offset: int) -> None:
        held = self._of(department) if self._book.department(department) else None
        if held is not None and offset > held.offset:
            held.waiting.append(mention)

    async def _read(self, department: str) -> None:
        held = self._held[department]
        if held.waiting:
            waiting, held.waiting = held.waiting, []
            await self._in_thread(held.themes.read, waiting)
            if held.themes.lost:
                log.warning("state of another version or encoder: begun anew", department=department)
                held.themes.lost = False
            metrics.RECORDS.labels("themes", "read").inc(len(waiting))
            self._change(department, partition_of(department, self._partitions))

    def _change(self, department: str, partition: int) -> None:
        now = asyncio.get_running_loop().time()
        self._owed.setdefault(partition, Owed(now)).changed.add(department)

    def _of(self, department: str) -> _Held:
        if department not in self._held:
            configured = self._book.department(department)
            if configured is None:
                raise LookupError(department)
            themes = DepartmentThemes(
                configured,
                self._encoder,
                self._snapshots.about(department),
                lambda: self._snapshots.content(department),
            )
            self._held[department] = _Held(themes, self._snapshots.offset(department))
        return self._held[department]

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Seconds of work must not keep the worker from telling Kafka that it lives."""
        still = self._still()
        done = await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        still()
        return done

    def _still(self) -> Callable[[], None]:
        """A check that raises Lost once a partition has gone."""
        tenure = self._tenure

        def still() -> None:
            if tenure != self._tenure:
                raise Lost

        return still
