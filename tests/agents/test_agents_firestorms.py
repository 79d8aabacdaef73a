"""The agent of detection: decides by the clock, sends before it stores, and goes on where a predecessor stopped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from soundings.services.alerts.example import DEPARTMENT, example_alert
from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.clock import PartitionClock
from soundings.services.domain.firestorms import Severity
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags, Tick
from soundings.services.firestorms.watch import Decided
from soundings.streams.agents import firestorms
from soundings.streams.agents.clocks import clock_from_bytes, clock_to_bytes
from soundings.streams.agents.firestorms import FirestormAgent, alert_of
from soundings.streams.topics import partition_of

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OTHER = replace(DEPARTMENT, key="agency-of-examples", accounts=())
STORM = example_alert(AT).firestorm


class Scripted:
    """A watch that opens a storm when the third post is decided, and remembers what it was shown."""

    budgets: dict[str, float | None] = {}
    """By department, what the agent asked for last."""

    def __init__(self, department: Department, state: bytes | None = None, *, budget: float | None = None) -> None:
        self.department = department
        self.budgets[department.key] = budget
        self.seen, self.decided = orjson.loads(state) if state else ([], None)

    def observe(self, mention: Mention) -> None:
        if mention.post.id not in self.seen:
            self.seen.append(mention.post.id)

    def state_ours(self, statement: Statement) -> None:
        self.seen.append("ours " + statement.post.id)

    def advance(self, time: datetime) -> Decided:
        said = time.isoformat()
        if self.decided is not None and said <= self.decided:
            return Decided()
        opens = len(self.seen) >= 3 and self.decided is None
        self.decided = said if opens else self.decided
        storm = replace(STORM, department=self.department.key)
        return Decided(firestorms=(storm,), steps=((AlertStep.OPENED, storm),)) if opens else Decided()

    def to_bytes(self) -> bytes:
        return orjson.dumps([self.seen, self.decided])


@pytest.fixture
def agent(wire: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(firestorms, "Watch", Scripted)
    return new(wire)


def new(wire: Any) -> FirestormAgent:
    return FirestormAgent(wire.app("firestorms"), wire.settings, AccountBook(departments=(DEPARTMENT, OTHER)))


def said(number: int) -> Mention:
    post = Post(id=f"x::{number}", created_at=AT, voice="v", text="t", kind=PostKind.ORIGINAL, source="s")
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
    return Mention(post=post, tags=tags)


def tick(minute: float, source: str = "x", *, live: bool = True) -> Tick:
    return Tick(source=source, time=AT + timedelta(minutes=minute), live=live)


def at_home(wire: Any, *records: Any) -> list[Any]:
    """The records as events on the partition of the department of examples."""
    partition = partition_of(DEPARTMENT.key, wire.settings.partitions)
    return [
        wire.event(record, key="" if isinstance(record, Tick) else DEPARTMENT.key, partition=partition)
        for record in records
    ]


def test_a_storm_and_its_notice_go_out_when_the_clock_passes_the_minute(wire: Any, agent: Any) -> None:
    wire.run(agent.process(at_home(wire, tick(0), said(1), said(2), said(3))))
    assert wire.records("alerts") == []
    wire.run(agent.process(at_home(wire, tick(1))))
    (alert,) = wire.records("alerts")
    assert (alert.id, alert.live) == (f"{STORM.id}/opened", True)
    assert wire.records("firestorms") == [replace(STORM, department=DEPARTMENT.key)]


def test_what_is_owed_is_sent_before_the_state_and_the_clock_is_stored_last(wire: Any, agent: Any) -> None:
    wire.run(agent.process(at_home(wire, said(1), said(2), said(3), tick(1))))
    names = [(name, key.decode()) for name, key, _, _ in wire.sent]
    home = partition_of(DEPARTMENT.key, wire.settings.partitions)
    assert names == [
        ("firestorms", DEPARTMENT.key),
        ("alerts", DEPARTMENT.key),
        ("soundings-firestorms-state-changelog", DEPARTMENT.key),
        ("soundings-firestorms-state-changelog", f"partition:{home}"),
    ]
    assert {partition for *_, partition in wire.sent} == {home}


@pytest.mark.parametrize("through", range(5))
def test_a_kill_at_any_moment_of_sending_loses_no_notice(wire: Any, agent: Any, through: int) -> None:
    """What had got through stands; the batch comes again; the notice is there, repeated only under its own id."""
    batch = at_home(wire, said(1), said(2), said(3), tick(1))
    wire.run(agent.process(batch))
    del wire.sent[through:]
    successor = wire.recovered(new(wire), "firestorms")
    wire.run(successor.process(batch))
    wire.run(successor.process(at_home(wire, tick(2), tick(3))))
    assert {alert.id for alert in wire.records("alerts")} == {f"{STORM.id}/opened"}


def test_a_tick_that_comes_again_decides_nothing_anew(wire: Any, agent: Any) -> None:
    wire.run(agent.process(at_home(wire, said(1), said(2), said(3), tick(1), tick(1), tick(0))))
    assert len(wire.records("alerts")) == 1


def test_only_departments_of_the_partition_are_decided_by_its_clock(wire: Any, agent: Any) -> None:
    home = partition_of(DEPARTMENT.key, wire.settings.partitions)
    wire.run(agent.process([*at_home(wire, said(1), said(2), said(3)), wire.event(tick(1), partition=1 - home)]))
    assert wire.records("alerts") == []


def test_a_department_that_is_no_longer_configured_is_passed_over(wire: Any, agent: Any) -> None:
    wire.run(agent.process([wire.event(said(1), key="closed"), wire.event(tick(1))]))
    assert {key.decode() for _, key, _, _ in wire.sent} == {"partition:0"}


def test_a_replay_wakes_nobody_and_silent_sources_are_named(wire: Any, agent: Any) -> None:
    begin = [tick(-10, "bluesky"), tick(0, "replay:test", live=False)]
    wire.run(agent.process(at_home(wire, *begin, said(1), said(2), said(3), tick(1, "replay:test", live=False))))
    (alert,) = wire.records("alerts")
    assert (alert.live, alert.stale_sources) == (False, ("bluesky",))


def test_what_a_rebalance_interrupts_is_not_stored(wire: Any, agent: Any) -> None:
    wire.on_sending = lambda: agent.forget({0, 1})
    assert wire.run(agent.process(at_home(wire, said(1), said(2), said(3), tick(1)))) is False
    assert {name for name, *_ in wire.sent} == {"firestorms", "alerts"}


def test_our_own_statements_are_shown_to_the_watch(wire: Any, agent: Any) -> None:
    wire.run(agent.process(at_home(wire, Statement(post=said(1).post))))
    assert agent._watches[DEPARTMENT.key].seen == ["ours x::1"]


def test_an_escalation_has_an_id_of_its_own_for_each_severity() -> None:
    clock = PartitionClock()
    ids = {
        alert_of(step, replace(STORM, severity=severity), clock).id
        for step in AlertStep
        for severity in (Severity.SERIOUS, Severity.CRITICAL)
    }
    turned = f"turned-{STORM.updated_at:%Y-%m-%dT%H:%MZ}"
    ends = ("opened", "over", "escalated-serious", "escalated-critical", turned)
    assert ids == {f"{STORM.id}/{end}" for end in ends}


def test_a_clock_comes_back_as_it_was_stored() -> None:
    clock = PartitionClock()
    clock.tick(tick(0))
    clock.tick(tick(-1, "bluesky"))
    clock.tick(tick(1))
    restored = clock_from_bytes(clock_to_bytes(clock))
    assert (restored.time, dict(restored.ticks)) == (clock.time, dict(clock.ticks))
    assert clock_from_bytes(None).time is None
    assert clock_from_bytes(clock_to_bytes(PartitionClock())).time is None


def test_the_configured_budget_reaches_the_watch_unless_the_department_has_its_own(wire: Any, agent: Any) -> None:
    own = replace(OTHER, alert_budget=0.1)
    app = wire.app("firestorms")
    chosen = FirestormAgent(app, wire.settings, AccountBook(departments=(DEPARTMENT, own)), budget=0.25)
    for department in (DEPARTMENT, own):
        chosen._watch(department.key)
    assert {key: Scripted.budgets[key] for key in (DEPARTMENT.key, own.key)} == {DEPARTMENT.key: 0.25, own.key: 0.1}
