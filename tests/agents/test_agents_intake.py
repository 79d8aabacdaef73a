"""The agent of intake: order and ticks are kept, every message is accounted for, a restart changes nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags, Tick
from soundings.streams.agents.intake import IntakeAgent
from soundings.streams.codecs import encode
from soundings.streams.quarantine import Seal
from soundings.streams.records import Delivery, LedgerEntry, Quarantined
from soundings.streams.redactions import Redactions

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SEAL = Seal("a key of enough characters")


def department(key: str, handle: str) -> Department:
    account = Account(platform=Platform.X, handle=handle)
    return Department(key=key, name=key.title(), timezone="Europe/London", accounts=(account,))


BOOK = AccountBook(departments=(department("agency", "AgencyGov"), department("ministry", "MinistryGov")))


class Plain:
    def tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
        return [tags for _ in texts]


def agent(wire: Any, redactions: Redactions | None = None) -> IntakeAgent:
    if redactions is None:
        redactions = Redactions()
        redactions.read_whole()
    return IntakeAgent(wire.app("intake"), wire.settings, BOOK, Plain(), SEAL, redactions)


def delivery(number: int, key: str = "ministry", position: int | None = None, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": f"x::{number}",
        "created_at": AT + timedelta(seconds=number),
        "voice": "v",
        "text": f"remark {number}",
        "kind": PostKind.ORIGINAL,
        "source": "replay:test",
        "departments": (key,),
    }
    return Delivery(department=key, position=position or number, post=Post(**fields | changes))


def tick(minute: int) -> Tick:
    return Tick(source="replay:test", time=AT + timedelta(minutes=minute), live=False)


def counts(wire: Any) -> dict[str, dict[str, int]]:
    """The ledger as it stands: the last entry of each name."""
    entries: list[LedgerEntry] = wire.records("ledger")
    return {entry.name: dict(entry.counts) for entry in entries}


def test_records_and_ticks_leave_in_the_order_and_on_the_partition_that_they_came_on(wire: Any) -> None:
    records = [tick(0), delivery(1), delivery(2, "agency"), tick(1), delivery(3, own_account="x:ministrygov")]
    keys = ["", "ministry", "agency", "", "ministry"]
    events = [wire.event(record, key=key, partition=1) for record, key in zip(records, keys, strict=True)]
    wire.run(agent(wire).process(events))
    passed = wire.records("mentions")
    assert [type(each) for each in passed] == [Tick, Mention, Mention, Tick, Statement]
    assert [each.post.id for each in passed if not isinstance(each, Tick)] == ["x::1", "x::2", "x::3"]
    assert [(key.decode(), partition) for name, key, _, partition in wire.sent if name == "mentions"] == [
        (key, 1) for key in keys
    ]


def test_mentions_are_sent_before_state_and_state_before_the_ledger(wire: Any) -> None:
    """Whatever a kill leaves out of it, nothing is recorded as done that was not."""
    wire.run(agent(wire).process([wire.event(delivery(1))]))
    assert list(dict.fromkeys(name for name, *_ in wire.sent)) == [
        "mentions",
        "soundings-intake-state-changelog",
        "ledger",
    ]


def test_every_message_is_accounted_for(wire: Any) -> None:
    both: dict[str, Any] = {"departments": ("agency", "ministry")}
    events = [
        wire.event(delivery(1)),
        wire.event(delivery(1, position=2)),
        wire.event(delivery(3, "agency", **both)),
        wire.event(delivery(3, "ministry", **both)),
        wire.event(b"\xff none of ours", partition=1),
        wire.event(delivery(4, own_account="x:ministrygov")),
    ]
    wire.run(agent(wire).process(events))
    assert counts(wire) == {
        "department/ministry": {Fate.MENTION: 1, Fate.DUPLICATE: 1, Fate.STATEMENT: 1},
        "department/agency": {Fate.MENTION: 1},
        "department/partition:1": {Fate.QUARANTINED: 1},
    }


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\xffbytes of a_person", "not a record of Soundings"),
        (None, "empty"),
        (b'{"v":1,"t":["a_person"],"d":{}}', "unknown type of record"),
        (encode(LedgerEntry(name="n", counts={}, at=AT)), "no delivery"),
        (encode(delivery(1, "closed")), "its department is not configured"),
    ],
)
def test_what_cannot_be_handled_is_sealed_with_its_reason_and_stops_nothing(
    wire: Any, value: bytes | None, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wire.run(agent(wire).process([wire.event(value, partition=1), wire.event(delivery(7))]))
    (record,) = wire.records("quarantine")
    assert isinstance(record, Quarantined)
    assert (record.source, record.reason) == ("mentions.raw/1", reason)
    assert SEAL.open(record) == (value or b"")
    assert len(wire.records("mentions")) == 1
    told = capsys.readouterr()
    assert "a_person" not in told.out + told.err


def test_a_successor_goes_on_from_the_changelog_and_counts_no_redelivery(wire: Any) -> None:
    first = [wire.event(delivery(number)) for number in (1, 2, 3)]
    wire.run(agent(wire).process(first))
    successor = wire.recovered(agent(wire), "intake")
    wire.run(successor.process([*first, wire.event(delivery(4)), wire.event(delivery(2, position=5))]))
    assert [each.post.id for each in wire.records("mentions")] == ["x::1", "x::2", "x::3", "x::4"]
    assert counts(wire)["department/ministry"] == {Fate.MENTION: 4, Fate.DUPLICATE: 1}


def test_what_was_never_stored_is_done_again_and_nothing_is_lost(wire: Any) -> None:
    """Killed after sending, before storing: readers see the mentions twice, under the same ids; they count once."""
    events = [wire.event(delivery(number)) for number in (1, 2)]
    wire.run(agent(wire).process(events))
    wire.sent = [each for each in wire.sent if each[0] == "mentions"]
    wire.run(wire.recovered(agent(wire), "intake").process(events))
    assert [each.post.id for each in wire.records("mentions")] == ["x::1", "x::2"] * 2
    assert counts(wire)["department/ministry"] == {Fate.MENTION: 2}


def test_partitions_that_went_to_another_worker_are_forgotten(wire: Any) -> None:
    """When they come back, the state is what the other worker left."""
    holder = agent(wire)
    wire.run(holder.process([wire.event(delivery(1))]))
    holder.forget({0, 1})
    assert len(holder._state) == 0
    wire.run(wire.recovered(holder, "intake").process([wire.event(delivery(1, position=2))]))
    assert counts(wire)["department/ministry"] == {Fate.MENTION: 1, Fate.DUPLICATE: 1}


def test_what_a_rebalance_interrupts_is_neither_stored_nor_counted(wire: Any) -> None:
    """The events come again, here or elsewhere."""
    holder = agent(wire)
    wire.on_sending = lambda: holder.forget({0})
    assert wire.run(holder.process([wire.event(delivery(1))])) is False
    assert {name for name, *_ in wire.sent} == {"mentions"}
    wire.on_sending = lambda: None
    assert wire.run(holder.process([wire.event(delivery(1))])) is True
    assert counts(wire)["department/ministry"] == {Fate.MENTION: 1}
