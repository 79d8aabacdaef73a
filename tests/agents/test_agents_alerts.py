"""The agent of delivery: each notice once a channel, in the order of its storm, and one summary after an outage."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.alerts.delivery import Delivery
from soundings.services.alerts.example import DEPARTMENT, example_alert
from soundings.services.alerts.memory import MemoryNotifier
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.posts import Mention, Statement
from soundings.services.settings import AlertSettings, ChannelSettings
from soundings.streams.agents import alerts
from soundings.streams.agents.alerts import AlertsAgent

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)


class Empty:
    """An index that holds nothing yet."""

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        return {}

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]:
        return {}


class Office:
    """Two channels, and the agent that tells them."""

    def __init__(self, wire: Any, now: datetime = AT + timedelta(seconds=5)) -> None:
        self.wire, self.now = wire, now
        self.channels = {name: MemoryNotifier(name) for name in ("desk", "phone")}
        self.acked: list[str] = []
        self.agent = self.hired()

    def hired(self) -> AlertsAgent:
        channels = tuple(ChannelSettings(kind="terminal", name=name) for name in self.channels)
        delivery = Delivery(
            settings=AlertSettings(channels=channels),
            book=AccountBook(departments=(DEPARTMENT,)),
            notifiers=self.channels,
            index=Empty(),
            now=lambda: self.now,
            sleep=self.sleep,
        )
        return AlertsAgent(self.wire.app("alerts"), self.wire.settings, delivery)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)

    async def ack(self, event: Any) -> None:
        self.acked.append(event.message.key.decode())

    def tell(self, *owed: Alert) -> None:
        handle = self.agent._handle_from(self)
        events = [self.wire.event(alert, key=alert.id) for alert in owed]

        async def all_at_once() -> None:
            await asyncio.gather(*(handle(event) for event in events))

        self.wire.run(all_at_once())

    def sent(self, channel: str) -> list[str]:
        return [message.id for message in self.channels[channel].sent]

    def outcomes(self) -> list[tuple[str, str, Outcome]]:
        notes: list[Notification] = self.wire.records("notifications")
        return [(note.alert.rsplit("/")[-1], note.channel, note.outcome) for note in notes]


OPENED = example_alert(AT, live=True)
OVER = example_alert(AT, step=AlertStep.OVER, live=True)


def test_every_channel_is_told_and_the_alert_acknowledged_after_the_outcomes_are_recorded(wire: Any) -> None:
    office = Office(wire)
    office.tell(OPENED)
    assert office.sent("desk") == office.sent("phone") == [OPENED.id]
    assert sorted(office.outcomes()) == [("opened", "desk", Outcome.SENT), ("opened", "phone", Outcome.SENT)]
    assert office.acked == [OPENED.id]
    assert [name for name, *_ in wire.sent] == ["notifications", "soundings-alerts-state-changelog"] * 2


def test_a_successor_sends_nothing_twice(wire: Any) -> None:
    office = Office(wire)
    office.tell(OPENED)
    office.agent = wire.recovered(office.hired(), "alerts")
    office.tell(OPENED)
    assert office.sent("desk") == [OPENED.id]


def test_a_successor_tells_the_channel_that_was_not_told_yet(wire: Any) -> None:
    """Killed between two channels: what was recorded stands, the other channel is still owed it."""
    office = Office(wire)
    office.tell(OPENED)
    del wire.sent[2:]
    (note,) = wire.records("notifications")
    office.agent = wire.recovered(office.hired(), "alerts")
    office.tell(OPENED)
    assert sorted([office.sent("desk"), office.sent("phone")]) == [[OPENED.id], [OPENED.id] * 2]
    assert office.sent(note.channel) == [OPENED.id]


def test_the_end_of_a_storm_is_told_to_those_who_heard_of_its_beginning(wire: Any) -> None:
    office = Office(wire)
    office.tell(OPENED, OVER)
    assert office.sent("desk") == [OPENED.id, OVER.id]
    stranger = Office(wire)
    stranger.tell(OVER)
    assert stranger.sent("desk") == []
    assert ("over", "desk", Outcome.NOT_SENT_UNTOLD) in stranger.outcomes()


def test_a_replay_reaches_nobody_and_is_recorded_so(wire: Any) -> None:
    office = Office(wire)
    office.tell(replace(OPENED, live=False))
    assert office.sent("desk") == office.sent("phone") == []
    assert {outcome for *_, outcome in office.outcomes()} == {Outcome.NOT_SENT_REPLAY}
    assert office.acked == [OPENED.id]


def test_after_an_outage_one_summary_tells_of_all_late_alerts(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "CAUGHT_UP", 0.0)
    office = Office(wire, now=AT + timedelta(hours=2))
    later = example_alert(AT + timedelta(minutes=30), live=True)
    office.tell(OPENED, later)
    assert office.sent("desk") == []
    office.agent = wire.recovered(office.hired(), "alerts")  # what is owed survives a restart
    wire.run(office.agent._summarise())
    wire.run(office.agent._summarise())
    assert len(office.sent("desk")) == len(office.sent("phone")) == 1
    assert {outcome for *_, outcome in office.outcomes()[-4:]} == {Outcome.SUMMARISED}


def test_no_summary_is_written_while_late_alerts_are_still_coming_in(wire: Any) -> None:
    office = Office(wire, now=AT + timedelta(hours=2))
    office.tell(OPENED)
    wire.run(office.agent._summarise())
    assert office.sent("desk") == []


def test_a_summary_that_ends_after_its_partition_has_gone_overwrites_nothing(
    wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was forgotten would be stored as if nothing had ever been told; whoever has the partition now records."""
    monkeypatch.setattr(alerts, "CAUGHT_UP", 0.0)
    office = Office(wire, now=AT + timedelta(hours=2))
    office.tell(OPENED)
    before = len(wire.sent)

    async def gone_meanwhile() -> None:
        await office.agent._recording.acquire()
        summary = asyncio.ensure_future(office.agent._summarise())
        while not office.sent("desk") or not office.sent("phone"):
            await asyncio.sleep(0)
        for _ in range(10):  # both wait for their turn to record
            await asyncio.sleep(0)
        office.agent.forget({0, 1})
        office.agent._recording.release()
        await summary

    wire.run(gone_meanwhile())
    assert len(wire.sent) == before
