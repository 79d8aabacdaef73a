"""Agent of detection: `mentions` → `volumes`, `firestorms`, `alerts`. Decides when the partition's clock says so."""

from typing import Any

import faust

from soundings.services import metrics
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Alert, AlertStep
from soundings.services.domain.clock import PartitionClock
from soundings.services.domain.firestorms import Firestorm
from soundings.services.domain.posts import Mention, Statement, Tick
from soundings.services.firestorms.budget import USUAL_BUDGET
from soundings.services.firestorms.watch import Decided, Watch
from soundings.services.settings import KafkaSettings
from soundings.streams.agents.batches import batches
from soundings.streams.agents.clocks import clock_from_bytes, clock_to_bytes
from soundings.streams.agents.guard import ends_the_process
from soundings.streams.agents.outbox import Outbox, raw_topic
from soundings.streams.agents.state import PARTITION_ENTRY, State
from soundings.streams.codecs import decode
from soundings.streams.topics import by_partition


class FirestormAgent:
    """Holds the watch of each department on this worker's partitions, and the clock of each partition."""

    def __init__(
        self, app: faust.App, settings: KafkaSettings, book: AccountBook, budget: float = USUAL_BUDGET
    ) -> None:
        """`budget`: needless alerts a week that are bearable to departments that do not name their own."""
        self._book = book
        self._budget = budget
        self._state = State(app, settings)
        self._outbox = Outbox(app, settings, "volumes", "firestorms", "alerts")
        self._watches: dict[str, Watch] = {}
        self._clocks: dict[int, PartitionClock] = {}
        self._changed: set[str] = set()
        self._tenure = 0
        """Grows with every loss of partitions: what began under an earlier one must not be stored."""
        self._departments = by_partition((each.key for each in book.departments), settings.partitions)
        mentions = raw_topic(app, settings, "mentions")

        @ends_the_process
        async def firestorms(stream: Any) -> None:
            async for batch in batches(app, stream, "firestorms"):
                if await self.process(batch.events):
                    await batch.acknowledge()

        app.agent(mentions, name="firestorms")(firestorms)

    def forget(self, partitions: set[int]) -> None:
        """The partitions have gone to another worker."""
        self._tenure += 1
        self._watches.clear()
        self._clocks.clear()
        self._changed.clear()
        self._state.forget(partitions)

    async def process(self, batch: list[Any]) -> bool:
        """Observe posts, decide minutes at ticks, send what was decided, store what was learned.

        Returns:
            Whether all was stored; if not, a rebalance came in between, and the events come again.
        """
        tenure = self._tenure
        for event in batch:
            message = event.message
            record = decode(message.value)  # written by intake: anything undecodable ends the process
            if isinstance(record, Tick):
                self._tick(record, message.partition)
            else:
                self._observe(record, message.key.decode())
        await self._outbox.flush()
        if tenure == self._tenure:
            await self._store()
        return tenure == self._tenure

    def _observe(self, record: Mention | Statement, department: str) -> None:
        watch = self._watch(department)
        if watch is None or record.revised:
            return  # no longer configured; counted when it was first said
        if isinstance(record, Mention):
            watch.observe(record)
        else:
            watch.state_ours(record)
        self._changed.add(department)

    def _tick(self, tick: Tick, partition: int) -> None:
        clock = self._clock(partition)
        before = clock.time
        time = clock.tick(tick)
        self._changed.add(f"{PARTITION_ENTRY}{partition}")
        if time is None or time == before:
            return
        metrics.CLOCK.labels("firestorms", str(partition)).set(time.timestamp())
        metrics.STALE.labels(str(partition)).set(len(clock.stale))
        for department in self._departments.get(partition, ()):
            watch = self._watch(department)
            if watch is not None:
                self._publish(department, watch.advance(time), clock, partition)

    def _publish(self, department: str, decided: Decided, clock: PartitionClock, partition: int) -> None:
        for volume in decided.volumes:
            self._outbox.add("volumes", department, volume, partition)
        for firestorm in decided.firestorms:
            self._outbox.add("firestorms", department, firestorm, partition)
        for step, firestorm in decided.steps:
            self._outbox.add("alerts", department, alert_of(step, firestorm, clock), partition)
            metrics.FIRESTORMS.labels(step).inc()
        # A quiet watch is not stored anew each minute: decided again from its last state, quiet minutes stay quiet.
        if decided.volumes or decided.firestorms or decided.steps:
            self._changed.add(department)

    def _watch(self, department: str) -> Watch | None:
        if department not in self._watches:
            configured = self._book.department(department)
            if configured is None:
                return None
            budget = configured.alert_budget or self._budget
            self._watches[department] = Watch(configured, self._state.get(department), budget=budget)
        return self._watches[department]

    def _clock(self, partition: int) -> PartitionClock:
        if partition not in self._clocks:
            self._clocks[partition] = clock_from_bytes(self._state.get(f"{PARTITION_ENTRY}{partition}"))
        return self._clocks[partition]

    async def _store(self) -> None:
        changes: dict[str, bytes | None] = {}
        # Clocks last: if a kill lets only some entries through, the tick that comes again advances the watches again.
        for key in sorted(self._changed, key=lambda key: (key.startswith(PARTITION_ENTRY), key)):
            if key.startswith(PARTITION_ENTRY):
                changes[key] = clock_to_bytes(self._clocks[int(key.removeprefix(PARTITION_ENTRY))])
            else:
                changes[key] = self._watches[key].to_bytes()
        self._changed.clear()
        await self._state.put(changes)


def alert_of(step: AlertStep, firestorm: Firestorm, clock: PartitionClock) -> Alert:
    """The notice owed for a step, with what the clock knows: whether it is live, and which sources were silent."""
    suffix = str(step)
    if step is AlertStep.ESCALATED:
        suffix = f"{step}-{firestorm.severity}"
    elif step is AlertStep.TURNED:  # a storm may turn more than once
        suffix = f"{step}-{firestorm.updated_at:%Y-%m-%dT%H:%MZ}"
    return Alert(
        id=f"{firestorm.id}/{suffix}",
        step=step,
        department=firestorm.department,
        at=firestorm.updated_at,
        firestorm=firestorm,
        live=clock.live,
        stale_sources=clock.stale,
    )
