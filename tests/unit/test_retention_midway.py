"""A hold that is placed while a run of retention goes on keeps what is still there."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.holds import HeldItem, Hold, HoldAction, HoldStep
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.index.memory import MemoryIndex
from soundings.services.retention import job
from soundings.services.retention.job import Retention
from soundings.services.retention.memory import MemoryHolds, MemoryShelves
from soundings.services.retention.plan import Limits

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
THIS_SPRING, LAST_YEAR = NOW - timedelta(days=91), NOW - timedelta(days=400)
TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
STEP = HoldStep(at=NOW + timedelta(minutes=1), who="A. Officer", action=HoldAction.PLACED, why="FOI 2026/17")


def a_post(number: int, at: datetime, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "id": f"x::{number}",
        "created_at": at + timedelta(minutes=number),
        "voice": "0123456789abcdef",
        "text": "When does the ferry run again?",
        "kind": PostKind.ORIGINAL,
        "source": "x",
    }
    return Post(**fields | changes)


class Run:
    """A run in which the first removal of some sort is followed by a person's decision to hold the last post."""

    def __init__(self, *given: Mention | Statement) -> None:
        self.index, self.holds = MemoryIndex(), MemoryHolds()
        self.shelves = MemoryShelves(self.index)
        self.ids = [each.post.id for each in given]
        asyncio.run(self.index.put(given))

    def go(self, monkeypatch: pytest.MonkeyPatch, after: str) -> Any:
        first: Callable[[Any], Awaitable[Any]] = getattr(self.shelves, after)

        async def then_held(what: Any) -> Any:
            done = await first(what)
            if await self.holds.get(self.ids[-1]) is None:
                await self.holds.put(Hold(item=self.ids[-1], kind=HeldItem.POST, history=(STEP,)))
            return done

        monkeypatch.setattr(self.shelves, after, then_held)
        limits = Limits(text_days=90, counts_days=730)
        return asyncio.run(Retention(index=self.index, shelves=self.shelves, holds=self.holds, limits=limits).run(NOW))

    def left(self) -> list[str]:
        return sorted(asyncio.run(self.index.mentions(self.ids)))


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "AT_ONCE", 1)


def test_what_is_held_after_others_were_removed_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(*(Mention(post=a_post(number, THIS_SPRING), tags=TAGS) for number in range(3)))
    monkeypatch.setattr(run.shelves, "months", nothing)  # each by itself, also where the month is over
    told = run.go(monkeypatch, after="remove")
    assert run.left() == ["x::2"]
    assert (told.removed, told.held, told.holds) == (2, 1, 1)


def test_a_month_that_holds_it_is_not_dropped_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The months before it were; of its own month and those behind it each document is looked at."""
    months = (Mention(post=a_post(number, LAST_YEAR + timedelta(days=40 * number)), tags=TAGS) for number in range(3))
    run = Run(*months)
    told = run.go(monkeypatch, after="drop")
    assert run.left() == ["x::2"]
    assert (told.months, told.removed, told.held) == (1, 2, 1)


def test_a_statement_that_is_held_meanwhile_keeps_whom_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [Statement(post=a_post(number, THIS_SPRING, reply_to_voice="fedcba9876543210")) for number in range(2)]
    run = Run(*answers)
    assert run.go(monkeypatch, after="rewrite").pseudonyms == 1
    kept = asyncio.run(run.index.statements(run.ids))
    assert [each.post.reply_to_voice for each in kept.values()] == [None, "fedcba9876543210"]


async def nothing(_: Any) -> tuple[()]:
    return ()
