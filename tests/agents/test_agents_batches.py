"""Batches: nothing is acknowledged before its work is done, and an error acknowledges nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from soundings.streams.agents import guard
from soundings.streams.agents.batches import Batch, batches
from soundings.streams.agents.guard import ends_the_process

APP: Any = SimpleNamespace(consumer_generation_id=1)


class Stream:
    """Events that are there at once; remembers which were acknowledged."""

    def __init__(self, *generations: int) -> None:
        self._all = [
            SimpleNamespace(number=number, message=SimpleNamespace(generation_id=generation))
            for number, generation in enumerate(generations)
        ]
        self.acked: list[int] = []

    def noack(self) -> "Stream":
        return self

    async def events(self) -> AsyncIterator[Any]:
        for event in self._all:
            yield event
        await asyncio.Event().wait()  # a stream does not end

    async def ack(self, event: Any) -> None:
        self.acked.append(event.number)


async def first(stream: Stream, number: int, *, size: int = 10) -> list[Batch]:
    """The first batches, none acknowledged."""
    got = []
    running = batches(APP, stream, "test", size=size, linger=0.01)
    async for batch in running:
        got.append(batch)
        if len(got) == number:
            break
    await running.aclose()  # type: ignore[attr-defined]
    return got


def numbers(batch: Batch) -> list[int]:
    return [event.number for event in batch.events]


def test_batches_keep_the_order_and_the_last_does_not_wait_to_be_full() -> None:
    assert [numbers(batch) for batch in asyncio.run(first(Stream(1, 1, 1, 1, 1), 3, size=2))] == [[0, 1], [2, 3], [4]]


def test_nothing_is_acknowledged_unless_it_is_asked_for() -> None:
    stream = Stream(1, 1, 1, 1)
    one, two = asyncio.run(first(stream, 2, size=2))
    assert stream.acked == []
    asyncio.run(one.acknowledge())
    assert stream.acked == [0, 1]
    assert numbers(two) == [2, 3]


def test_events_from_before_a_rebalance_are_left_to_who_has_them_now() -> None:
    (batch,) = asyncio.run(first(Stream(0, 1, 0, 1), 1))
    assert numbers(batch) == [1, 3]


def test_what_a_rebalance_interrupts_is_not_acknowledged() -> None:
    stream = Stream(1, 1)
    (batch,) = asyncio.run(first(stream, 1))
    after: Any = SimpleNamespace(consumer_generation_id=2)
    asyncio.run(replace(batch, app=after).acknowledge())
    assert stream.acked == []


async def awaited(call: Callable[[], Awaitable[None]]) -> None:
    await call()


def test_an_unforeseen_error_ends_the_process_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)

    @ends_the_process
    async def fails() -> None:
        raise RuntimeError("the text of a post")

    asyncio.run(awaited(fails))
    told = capsys.readouterr()
    assert ended == [guard.FAILED]
    assert "RuntimeError" in told.out + told.err
    assert "the text of a post" not in told.out + told.err


def test_being_told_to_stop_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os._exit", lambda code: pytest.fail("the process was ended"))

    @ends_the_process
    async def waits() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(awaited(waits))
