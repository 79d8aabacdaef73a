"""What was taken back is neither passed on nor stored, and goes from the index, whatever comes first and what fails."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags, Tick
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.domain.urgent import UrgencyKind, Urgent
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import IndexUnavailable, Record, Rejected
from soundings.services.settings import KafkaSettings
from soundings.streams import redactions as following
from soundings.streams.agents import indexing, waiting
from soundings.streams.agents.firestorms import FirestormAgent
from soundings.streams.agents.indexing import IndexingAgent
from soundings.streams.agents.intake import IntakeAgent
from soundings.streams.health import Health
from soundings.streams.quarantine import Seal
from soundings.streams.records import Delivery
from soundings.streams.redactions import Redactions, follow
from soundings.streams.topics import partition_of

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SEAL = Seal("a key of enough characters")
TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
ACCOUNT = Account(platform=Platform.X, handle="MinistryGov")
BOOK = AccountBook(
    departments=(Department(key="ministry", name="Ministry", timezone="Europe/London", accounts=(ACCOUNT,)),)
)

URGENT = Urgent(
    id="ministry:urgent/x:x.com:1", department="ministry", post="x:x.com:1", kind=UrgencyKind.RISK_TO_LIFE,
    reason="somebody asks for help", at=AT, live=True,
)  # fmt: skip


class Plain:
    def tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        return [TAGS for _ in texts]


def post(number: int, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "id": f"x:x.com:{number}", "created_at": AT, "voice": "v", "text": f"remark {number}",
        "kind": PostKind.ORIGINAL, "source": "s", "departments": ("ministry",),
    }  # fmt: skip
    return Post(**fields | changes)


def mention(number: int, **changes: Any) -> Mention:
    return Mention(post=post(number, **changes), tags=TAGS)


def deleted(number: int) -> Redaction:
    return Redaction(post=f"x:x.com:{number}", reason=RedactionReason.DELETED, at=AT, source="s")


def known(*redactions: Redaction) -> Redactions:
    all_of_them = Redactions()
    all_of_them.hear(redactions)
    all_of_them.read_whole()
    return all_of_them


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((indexing, "FIRST_PAUSE"), (waiting, "LONGEST_PAUSE")):
        monkeypatch.setattr(module, name, 0.001)
    for name in ("FIRST_PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(following, name, 0.001)


def intake(wire: Any, redactions: Redactions) -> IntakeAgent:
    return IntakeAgent(wire.app("intake"), wire.settings, BOOK, Plain(), SEAL, redactions)


def storing(wire: Any, index: MemoryIndex, redactions: Redactions, health: Health | None = None) -> IndexingAgent:
    return IndexingAgent(wire.app("indexing"), wire.settings, index, SEAL, health or Health("indexing"), redactions)


def delivered(wire: Any, *posts: Post) -> list[Any]:
    return [
        wire.event(Delivery(department="ministry", position=number, post=each)) for number, each in enumerate(posts, 1)
    ]


def test_intake_passes_nothing_on_that_was_taken_back_and_counts_it(wire: Any) -> None:
    repost = post(2, kind=PostKind.REPOST, reference="x:x.com:1")
    wire.run(intake(wire, known(deleted(1))).process(delivered(wire, post(1), repost, post(3))))
    assert [each.post.id for each in wire.records("mentions")] == ["x:x.com:3"]
    assert wire.records("ledger")[-1].counts == {Fate.REDACTED: 2, Fate.MENTION: 1}


def test_intake_forgets_the_words_of_an_original_that_was_taken_back(wire: Any) -> None:
    """Only reposts that were made before the edit are taken back with it; a later one must not get the old words."""
    redactions = known()
    agent = intake(wire, redactions)
    wire.run(agent.process(delivered(wire, post(1))))
    edited = AT + timedelta(minutes=5)
    redactions.hear([Redaction(post="x:x.com:1", reason=RedactionReason.EDITED, at=edited, source="s")])
    cut = post(2, kind=PostKind.REPOST, reference="x:x.com:1", text="", text_complete=False, created_at=edited)
    wire.run(agent.process([wire.event(Delivery(department="ministry", position=9, post=cut))]))
    assert wire.records("mentions")[-1].post.text == ""


@pytest.mark.parametrize("part", ["intake", "indexing"])
def test_nothing_is_handled_before_all_redactions_are_known(wire: Any, part: str) -> None:
    redactions, index = Redactions(), MemoryIndex()
    agent: Any = intake(wire, redactions) if part == "intake" else storing(wire, index, redactions)
    events = delivered(wire, post(1), post(2)) if part == "intake" else [wire.event(mention(n)) for n in (1, 2)]

    async def handled() -> None:
        working = asyncio.ensure_future(agent.process(events))
        await asyncio.sleep(0.01)
        assert wire.sent == [] and (await index.totals())["mentions"] == 0
        redactions.hear([deleted(1)])
        redactions.read_whole()
        await working

    wire.run(handled())
    passed = [each.post.id for each in wire.records("mentions")]
    stored = list(wire.run(index.mentions(["x:x.com:1", "x:x.com:2"])))
    assert (passed if part == "intake" else stored) == ["x:x.com:2"]


def test_partitions_that_are_lost_while_redactions_are_read_are_not_worked_on(wire: Any) -> None:
    redactions = Redactions()
    agent = intake(wire, redactions)

    async def lost() -> bool:
        working = asyncio.ensure_future(agent.process(delivered(wire, post(1))))
        await asyncio.sleep(0.01)
        agent.forget({0})
        redactions.read_whole()
        return await working

    assert wire.run(lost()) is False
    assert wire.sent == []


def test_indexing_stores_nothing_that_was_taken_back(wire: Any) -> None:
    index = MemoryIndex()
    records: list[Any] = [mention(1), Statement(post=post(2)), mention(3), URGENT]
    agent = storing(wire, index, known(deleted(1), deleted(2)))
    wire.run(agent.process([wire.event(record) for record in records]))
    totals = wire.run(index.totals())
    assert (totals["mentions"], totals["statements"], totals["urgent"]) == (1, 0, 0)


def test_what_is_taken_back_later_goes_from_the_index(wire: Any) -> None:
    index, redactions = MemoryIndex(), known()
    agent = storing(wire, index, redactions)
    wire.run(agent.process([wire.event(mention(1)), wire.event(Statement(post=post(2))), wire.event(mention(3))]))
    redactions.hear([deleted(1), deleted(2)])
    assert wire.run(agent.removal.work())
    totals = wire.run(index.totals())
    assert (totals["mentions"], totals["statements"]) == (1, 0)


class Shaky(MemoryIndex):
    """Says that it failed, once, having stored what it was given a little later, as a server may that was too slow."""

    def __init__(self, redactions: Redactions) -> None:
        super().__init__()
        self.redactions = redactions
        self.failed = False

    async def put(self, records: Sequence[Record]) -> tuple[Rejected, ...]:
        if self.failed:
            return await super().put(records)
        self.failed = True
        self.redactions.hear([deleted(1)])
        self.slow = list(records)
        raise IndexUnavailable


def test_what_an_index_stored_after_it_seemed_to_fail_goes_too(wire: Any) -> None:
    """Its removal may have come before it."""
    redactions = known()
    index = Shaky(redactions)
    agent = storing(wire, index, redactions)

    async def removed_too_early() -> None:
        working = asyncio.ensure_future(agent.process([wire.event(each) for each in (mention(1), mention(2), URGENT)]))
        while not index.failed:
            await asyncio.sleep(0)
        await agent.removal.work()
        await index.put(index.slow)
        await working
        await agent.removal.work()

    wire.run(removed_too_early())
    assert list(wire.run(index.mentions(["x:x.com:1", "x:x.com:2"]))) == ["x:x.com:2"]
    assert wire.run(index.totals())["urgent"] == 0


def test_while_the_index_is_down_nothing_is_lost_and_it_is_said(wire: Any) -> None:
    index, redactions, health = MemoryIndex(), known(), Health("indexing")
    agent = storing(wire, index, redactions, health)
    wire.run(agent.process([wire.event(mention(1))]))
    index.available = False
    redactions.hear([deleted(1)])
    assert not wire.run(agent.removal.work())
    assert health.state()["waiting_for"] == ["elasticsearch"]
    index.available = True
    assert wire.run(agent.removal.work())
    assert wire.run(index.totals())["mentions"] == 0
    assert health.state()["waiting_for"] == []


def test_a_successor_removes_what_its_predecessor_did_not_live_to_remove(wire: Any) -> None:
    """Killed between hearing and removing: all is read and done again."""
    index, redactions = MemoryIndex(), known()
    agent = storing(wire, index, redactions)
    wire.run(agent.process([wire.event(mention(1))]))
    redactions.hear([deleted(1)])
    again = Redactions()
    successor = storing(wire, index, again)
    again.hear([deleted(1)])
    wire.run(successor.removal.work())
    assert wire.run(index.totals())["mentions"] == 0


def test_a_broker_that_is_down_is_waited_for_and_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    health, redactions = Health("indexing"), Redactions()

    async def wait() -> None:
        following_it = asyncio.ensure_future(follow(KafkaSettings(bootstrap="127.0.0.1:1"), redactions, health))
        while health.state()["waiting_for"] != ["kafka"]:
            await asyncio.sleep(0.01)
        following_it.cancel()

    asyncio.run(asyncio.wait_for(wait(), 20))
    assert "waits for redactions" in capsys.readouterr().out


def test_a_newer_version_is_counted_by_no_storm(wire: Any) -> None:
    """Its post was counted when it was first said."""
    volumes = []
    for revised in (False, True):
        wire.sent.clear()
        agent = FirestormAgent(wire.app("firestorms"), wire.settings, BOOK)
        said = replace(mention(1, accounts=(ACCOUNT.key,), edited_at=AT + timedelta(minutes=3)), revised=revised)
        ours = Statement(post=post(2, own_account=ACCOUNT.key), revised=revised)
        ticks = [Tick(source="s", time=AT + timedelta(minutes=minutes), live=False) for minutes in (0, 10)]
        partition = partition_of("ministry", wire.settings.partitions)
        records = [ticks[0], said, ours, ticks[1]]
        wire.run(agent.process([wire.event(each, key="ministry", partition=partition) for each in records]))
        volumes.append(sum(each.posts for each in wire.records("volumes")))
    assert volumes == [1, 0]
