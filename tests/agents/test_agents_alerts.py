"""The agent of delivery: each notice once a channel, in the order of its storm, and one summary after an outage."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from soundings.services.alerts.example import example_alert
from soundings.services.alerts.memory import MemoryNotifier
from soundings.services.domain.alerts import AlertStep, Outcome
from soundings.streams.agents import alerts

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)


OPENED = example_alert(AT, live=True)
OVER = example_alert(AT, step=AlertStep.OVER, live=True)


def test_every_channel_is_told_and_the_alert_acknowledged_after_the_outcomes_are_recorded(office: Any) -> None:
    office.tell(OPENED)
    assert office.sent("desk") == office.sent("phone") == [OPENED.id]
    assert sorted(office.outcomes()) == [("opened", "desk", Outcome.SENT), ("opened", "phone", Outcome.SENT)]
    assert office.acked == [OPENED.id]
    assert [name for name, *_ in office.wire.sent] == ["notifications", "soundings-alerts-state-changelog"] * 2


def test_a_successor_sends_nothing_twice(office: Any) -> None:
    office.tell(OPENED)
    office.succeeded()
    office.tell(OPENED)
    assert office.sent("desk") == [OPENED.id]


def test_a_successor_tells_the_channel_that_was_not_told_yet(office: Any) -> None:
    """Killed between two channels: what was recorded stands, the other channel is still owed it."""
    office.tell(OPENED)
    del office.wire.sent[2:]
    (note,) = office.wire.records("notifications")
    office.succeeded()
    office.tell(OPENED)
    assert sorted([office.sent("desk"), office.sent("phone")]) == [[OPENED.id], [OPENED.id] * 2]
    assert office.sent(note.channel) == [OPENED.id]


def test_the_end_of_a_storm_is_told_to_those_who_heard_of_its_beginning(office: Any) -> None:
    office.tell(OPENED, OVER)
    assert office.sent("desk") == [OPENED.id, OVER.id]


def test_the_end_of_a_storm_is_not_told_to_who_never_heard_of_it(office: Any) -> None:
    office.tell(OVER)
    assert office.sent("desk") == []
    assert ("over", "desk", Outcome.NOT_SENT_UNTOLD) in office.outcomes()


def test_a_replay_reaches_nobody_and_is_recorded_so(office: Any) -> None:
    office.tell(replace(OPENED, live=False))
    assert office.sent("desk") == office.sent("phone") == []
    assert {outcome for *_, outcome in office.outcomes()} == {Outcome.NOT_SENT_REPLAY}
    assert office.acked == [OPENED.id]


def test_after_an_outage_one_summary_tells_of_all_late_alerts(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "CAUGHT_UP", 0.0)
    office.now = AT + timedelta(hours=2)
    later = example_alert(AT + timedelta(minutes=30), live=True)
    office.tell(OPENED, later)
    assert office.sent("desk") == []
    office.succeeded()  # what is owed survives a restart
    office.wire.run(office.agent._summarise())
    office.wire.run(office.agent._summarise())
    assert len(office.sent("desk")) == len(office.sent("phone")) == 1
    assert {outcome for *_, outcome in office.outcomes()[-4:]} == {Outcome.SUMMARISED}


def test_no_summary_is_written_while_late_alerts_are_still_coming_in(office: Any) -> None:
    office.now = AT + timedelta(hours=2)
    office.tell(OPENED)
    office.wire.run(office.agent._summarise())
    assert office.sent("desk") == []


def test_a_summary_that_ends_after_its_partition_has_gone_overwrites_nothing(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was forgotten would be stored as if nothing had ever been told; whoever has the partition now records."""
    monkeypatch.setattr(alerts, "CAUGHT_UP", 0.0)
    office.now = AT + timedelta(hours=2)
    office.tell(OPENED)
    before = len(office.wire.sent)

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

    office.wire.run(gone_meanwhile())
    assert len(office.wire.sent) == before


def test_nothing_is_kept_of_a_storm_whose_notices_are_told(office: Any) -> None:
    """A worker lives for months: what makes the notices of a storm take turns is gone with the last of them."""
    storms = [example_alert(AT + timedelta(minutes=number), live=True) for number in range(3)]
    office.tell(OVER, *storms)
    assert len(office.sent("desk")) == len(storms)
    assert len(office.agent._turns) == 0


@pytest.mark.parametrize("replaced", [True, False])
def test_a_late_alert_of_a_channel_that_is_gone_is_in_the_summary_of_another(
    office: Any, monkeypatch: pytest.MonkeyPatch, replaced: bool
) -> None:
    """One that came in its place is handed it; one that owes it already is not handed it twice."""
    monkeypatch.setattr(alerts, "CAUGHT_UP", 0.0)
    office.now = AT + timedelta(hours=2)
    office.tell(OPENED)
    if replaced:
        office.channels = {"duty officer": MemoryNotifier("duty officer")}
    else:
        del office.channels["desk"]
    for _ in range(2):
        office.succeeded()
        office.wire.run(office.agent._summarise())
    (told,) = office.channels
    assert len(office.sent(told)) == 1
    assert {(channel, outcome) for _, channel, outcome in office.outcomes()[2:]} == (
        {(told, Outcome.LATE), ("desk", Outcome.NOT_SENT_GONE), ("phone", Outcome.NOT_SENT_GONE)}
        if replaced
        else {("desk", Outcome.NOT_SENT_GONE)}
    ) | {(told, Outcome.SUMMARISED)}


def test_a_late_alert_that_no_channel_takes_any_more_is_owed_until_one_does(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "CAUGHT_UP", 0.0)
    office.now = AT + timedelta(hours=2)
    office.tell(OPENED)
    channels, office.channels = office.channels, {}
    for expected in (1, 0):
        office.succeeded()
        office.wire.run(office.agent._summarise())
        assert REGISTRY.get_sample_value("soundings_unheard", {"kind": "alert"}) == expected
        office.channels = channels
    assert len(office.sent("desk")) == len(office.sent("phone")) == 1


def test_a_hand_over_during_which_its_partition_goes_overwrites_nothing(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is recorded first is sent before the partition goes; whoever has it now records the rest."""
    monkeypatch.setattr(alerts, "CAUGHT_UP", 0.0)
    office.now = AT + timedelta(hours=2)
    office.tell(OPENED)
    office.channels = {"duty officer": MemoryNotifier("duty officer")}
    office.succeeded()
    before = len(office.wire.sent)
    office.wire.on_sending = lambda: office.agent.forget({0, 1})
    office.wire.run(office.agent._summarise())
    assert [name for name, *_ in office.wire.sent[before:]] == ["notifications"]
