"""What every register of themes keeps to, in memory and in Elasticsearch."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from soundings.services.domain.register import Change, ChangeKind, Entry, Progress, Standing
from soundings.services.index import schema
from soundings.services.index.connection import connect
from soundings.services.index.port import IndexUnavailable
from soundings.services.index.register import ElasticsearchRegister
from soundings.services.settings import ElasticsearchSettings
from soundings.services.themes.register import Part, adopt, advance, discard, merge, rename, split
from soundings.services.themes.register_store import MemoryRegister, Outdated, RegisterStore

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NUMBERS = count()


@dataclass(frozen=True)
class Kept:
    """A register, the loop that it lives in, and a department that no other test knows."""

    store: RegisterStore
    runner: asyncio.Runner
    department: str

    def run(self, call: Any) -> Any:
        return self.runner.run(call)

    def put(self, *entries: Entry) -> None:
        self.run(self.store.put(*entries))

    def get(self, number: int) -> Entry | None:
        found: Entry | None = self.run(self.store.get(f"{self.department}:{number}"))
        return found

    def all(self) -> tuple[Entry, ...]:
        found: tuple[Entry, ...] = self.run(self.store.of_department(self.department))
        return found

    def adopted(self, number: int = 1) -> Entry:
        theme = f"{self.department}:{number}"
        return adopt(theme, department=self.department, title="Late ferries", area="Ferries", owner="a@x.org", **by())


def by(day: int = 0, note: str = "agreed in the Monday meeting") -> dict[str, Any]:
    return {"who": "r.rowe", "at": MONDAY + timedelta(days=day), "note": note}


@pytest.fixture(scope="module", params=["memory", pytest.param("elasticsearch", marks=pytest.mark.stack)])
def opened(request: pytest.FixtureRequest) -> Iterator[tuple[RegisterStore, asyncio.Runner]]:
    with asyncio.Runner() as runner:
        if request.param == "memory":
            yield MemoryRegister(), runner
            return
        url = request.getfixturevalue("stack").elasticsearch_url
        there = ElasticsearchSettings(url=url, prefix=f"register-{datetime.now(UTC):%H%M%S%f}")
        store = ElasticsearchRegister.at(there)
        yield store, runner
        runner.run(store.close())
        runner.run(forget(there))


async def forget(there: ElasticsearchSettings) -> None:
    async with connect(there) as client:
        await schema.forget(client, there.prefix)


@pytest.fixture
def kept(opened: tuple[RegisterStore, asyncio.Runner]) -> Kept:
    return Kept(*opened, department=f"department-{next(NUMBERS)}")


def test_what_nobody_decided_about_has_no_entry(kept: Kept) -> None:
    """Asking is no error, also before the first decision of all."""
    assert kept.get(1) is None
    assert kept.all() == ()


def test_an_entry_comes_back_as_it_was_put_with_every_step(kept: Kept) -> None:
    """Nothing of the history is lost, down to the microsecond, the change and the words of a part."""
    entry = kept.adopted()
    kept.put(entry)
    for day, progress in enumerate((Progress.LOOKED_AT, Progress.ANSWERED), start=1):
        entry = advance(entry, progress, **by(day))
        kept.put(entry)
    done = Change(kind=ChangeKind.DELIVERY, what="a later last ferry", link="https://example.org/ferry")
    moment = datetime(2026, 4, 1, 10, 0, 0, 123456, tzinfo=UTC)
    entry = advance(entry, Progress.CHANGED, who="Ö. O’Neill", at=moment, note="said “so”\nand so", change=done)
    kept.put(entry)
    part = replace(kept.adopted(2), words=("late", "timetable"))
    kept.put(part)
    assert kept.get(1) == entry
    assert kept.all() == (entry, part)


def test_two_officials_cannot_overwrite_each_other(kept: Kept) -> None:
    """The second of two decisions made from the same version is refused, and leaves no trace."""
    first = kept.adopted()
    kept.put(first)
    kept.put(rename(first, "Ferries", **by(1)))
    with pytest.raises(Outdated, match="version 2 does not follow version 2"):
        kept.put(rename(first, "Boats", **by(1)))
    with pytest.raises(Outdated):
        kept.put(kept.adopted())
    held = kept.get(1)
    assert held is not None
    assert (held.title, held.version) == ("Ferries", 2)


def test_of_decisions_at_the_same_moment_one_counts(kept: Kept) -> None:
    """Ten people adopt the same theme at once: one entry, nine are told to read again."""

    async def race() -> list[BaseException | None]:
        entries = [replace(kept.adopted(), title=f"Title {n}") for n in range(10)]
        return await asyncio.gather(*(kept.store.put(entry) for entry in entries), return_exceptions=True)

    outcomes = kept.run(race())
    assert [type(each) for each in outcomes if each is not None] == [Outdated] * 9
    held = kept.get(1)
    assert held is not None
    assert held.title == f"Title {outcomes.index(None)}"


def test_decisions_about_different_themes_at_the_same_moment_all_count(kept: Kept) -> None:
    """Officials of one department do not have to wait for each other."""

    async def race() -> None:
        await asyncio.gather(*(kept.store.put(kept.adopted(number)) for number in range(6)))

    kept.run(race())
    assert len(kept.all()) == 6


def test_of_a_merge_both_sides_are_kept_or_none(kept: Kept) -> None:
    """A merge made from an outdated side changes neither; a good one changes both."""
    one, two = kept.adopted(1), kept.adopted(2)
    kept.put(one)
    kept.put(two)
    newer = rename(two, "Ferries", **by(1))
    kept.put(newer)
    with pytest.raises(Outdated):
        kept.put(*merge(one, two, **by(2)))
    assert kept.all() == (one, newer)
    gone, on = merge(one, newer, **by(2))
    kept.put(gone, on)
    assert kept.all() == (gone, on)


def test_a_split_brings_its_parts_with_it(kept: Kept) -> None:
    """The theme that was split and its parts are there together."""
    whole = kept.adopted(1)
    kept.put(whole)
    parts = [
        Part(theme=f"{kept.department}:{number}", title=title, words=known)
        for number, title, known in ((8, "Late", ("late",)), (9, "Dear", ()))
    ]
    entry, off = split(whole, parts, **by(1))
    kept.put(entry, *off)
    assert [each.standing for each in kept.all()] == [Standing.SPLIT, Standing.ADOPTED, Standing.ADOPTED]


def test_departments_are_apart(kept: Kept) -> None:
    """Nobody sees or touches the entries of another department."""
    mine = kept.adopted()
    theirs = discard(f"{kept.department}-too:1", department=f"{kept.department}-too", title="Noise", entry=None, **by())
    kept.put(mine)
    kept.put(theirs)
    assert kept.all() == (mine,)
    with pytest.raises(ValueError, match="one department"):
        kept.put(rename(mine, "X", **by(1)), theirs)
    with pytest.raises(ValueError, match="begins with its department"):
        kept.put(replace(mine, theme="elsewhere:1"))


class Dying(ElasticsearchRegister):
    """A process that dies between taking a decision and carrying it out."""

    async def _carry_out(self, entries: Iterable[Entry]) -> None:
        if any(entry.version > 1 for entry in entries):
            raise IndexUnavailable("the process is gone")
        await super()._carry_out(entries)


@pytest.mark.stack
def test_a_merge_that_was_interrupted_is_whole_and_the_next_decision_completes_it(stack: Any) -> None:
    """Whoever reads sees both sides of it at once; what it left undone is done before anything else is decided."""
    there = ElasticsearchSettings(url=stack.elasticsearch_url, prefix=f"dying-{datetime.now(UTC):%H%M%S%f}")

    async def run() -> None:
        dying, well = Dying.at(there), ElasticsearchRegister.at(there)
        kept = Kept(well, asyncio.Runner(), "d")
        await well.put(kept.adopted(1))
        await well.put(kept.adopted(2))
        gone, on = merge(kept.adopted(1), kept.adopted(2), **by(1))
        with pytest.raises(IndexUnavailable, match="gone"):
            await dying.put(gone, on)
        assert await well.of_department("d") == (gone, on)
        assert [await well.get("d:1"), await well.get("d:2")] == [gone, on]
        with pytest.raises(Outdated):
            await well.put(rename(kept.adopted(2), "Boats", **by(2)))
        third = kept.adopted(3)
        await well.put(third)
        async with connect(there) as client:
            raw = await client.search(index=f"{there.prefix}-register", sort="theme")
        assert [hit["_source"]["standing"] for hit in raw["hits"]["hits"]] == ["merged", "adopted", "adopted"]
        assert await well.of_department("d") == (gone, on, third)
        await dying.close()
        await well.close()
        await forget(there)

    asyncio.run(run())


@pytest.mark.stack
def test_what_cannot_be_kept_is_refused_before_it_is_decided(stack: Any) -> None:
    """A decision that could not be carried out would stand in the way of all later ones."""
    there = ElasticsearchSettings(url=stack.elasticsearch_url, prefix=f"unfit-{datetime.now(UTC):%H%M%S%f}")

    async def run() -> None:
        store = ElasticsearchRegister.at(there)
        good = Kept(store, asyncio.Runner(), "d").adopted(1)
        for bad in (
            replace(good, title="x" * 33_000),
            replace(good, title="broken \ud800"),
            replace(good, theme="d:" + "9" * 600),
        ):
            with pytest.raises(ValueError, match="too long|more than|JSON"):
                await store.put(bad)
        await store.put(good)
        assert await store.of_department("d") == (good,)
        await store.close()
        await forget(there)

    asyncio.run(run())


def test_a_register_that_is_down_says_so() -> None:
    """Reading and deciding raise IndexUnavailable, so that who calls can say that nothing was decided."""

    async def run() -> None:
        away = ElasticsearchRegister.at(ElasticsearchSettings(url="http://127.0.0.1:9"))
        for call in (away.get("d:1"), away.of_department("d"), away.put(Kept(away, asyncio.Runner(), "d").adopted())):
            with pytest.raises(IndexUnavailable):
                await call
        await away.close()

    asyncio.run(run())
