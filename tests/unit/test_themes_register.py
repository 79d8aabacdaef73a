"""The register: what a person may decide about a theme, and that nothing of it is lost."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.register import Change, ChangeKind, Entry, Progress, Standing
from soundings.services.themes.register import (
    Part,
    RegisterError,
    adopt,
    advance,
    discard,
    goes_on_as,
    hand_over,
    merge,
    rename,
    said_and_done,
    split,
    take_in,
    teachings,
)
from soundings.services.themes.register_store import MemoryRegister, Outdated

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def by(day: int = 0, note: str = "agreed in the Monday meeting") -> dict[str, Any]:
    return {"who": "r.rowe", "at": MONDAY + timedelta(days=day), "note": note}


def adopted(theme: str = "d:1", day: int = 0) -> Entry:
    return adopt(theme, department="d", title="Late ferries", area="Ferries", owner="a@example.org", **by(day))


def changed(entry: Entry) -> Entry:
    entry = advance(entry, Progress.LOOKED_AT, **by(1))
    entry = advance(entry, Progress.ANSWERED, **by(2))
    done = Change(kind=ChangeKind.DELIVERY, what="a later last ferry", link="https://example.org/ferry")
    return advance(entry, Progress.CHANGED, change=done, **by(3))


def test_an_adopted_theme_has_been_heard() -> None:
    assert adopted().progress is Progress.HEARD


def test_a_theme_moves_to_changed_and_every_step_is_kept() -> None:
    entry = changed(adopted())
    assert [step.progress for step in entry.history] == [
        Progress.HEARD,
        Progress.LOOKED_AT,
        Progress.ANSWERED,
        Progress.CHANGED,
    ]
    assert said_and_done([adopted("d:2"), entry]) == (entry,)


@pytest.mark.parametrize("progress", [Progress.ANSWERED, Progress.CHANGED, Progress.WILL_NOT_CHANGE, Progress.HEARD])
def test_no_stage_is_passed_over(progress: Progress) -> None:
    with pytest.raises(RegisterError, match="being looked at"):
        advance(adopted(), progress, **by(1))


def test_changed_says_what_changed() -> None:
    entry = advance(advance(adopted(), Progress.LOOKED_AT, **by(1)), Progress.ANSWERED, **by(2))
    with pytest.raises(RegisterError, match="what changed"):
        advance(entry, Progress.CHANGED, **by(3))
    with pytest.raises(RegisterError, match="link"):
        nowhere = Change(kind=ChangeKind.POLICY, what="a rule", link=" ")
        advance(entry, Progress.CHANGED, change=nowhere, **by(3))


def test_a_closed_theme_can_be_looked_at_again() -> None:
    assert advance(changed(adopted()), Progress.LOOKED_AT, **by(9)).progress is Progress.LOOKED_AT


@pytest.mark.parametrize(
    "missing", [{"who": ""}, {"note": "  "}, {"at": datetime(2026, 3, 2)}], ids=["who", "note", "zone"]
)
def test_a_step_says_when_who_and_why(missing: dict[str, Any]) -> None:
    with pytest.raises(RegisterError):
        rename(adopted(), "Ferries that come late", **{**by(1), **missing})


def test_a_step_cannot_be_dated_before_the_last() -> None:
    with pytest.raises(RegisterError, match="later step"):
        rename(adopted(day=2), "Ferries that come late", **by(1))


def test_a_merged_theme_names_the_one_that_goes_on_and_both_keep_their_history() -> None:
    gone, on = merge(adopted("d:1"), adopted("d:2"), **by(1))
    assert (gone.standing, gone.into, gone.version) == (Standing.MERGED, ("d:2",), 2)
    assert (on.standing, on.history[-1].themes) == (Standing.ADOPTED, ("d:1",))


def test_what_was_merged_twice_belongs_to_the_last() -> None:
    one, two = merge(adopted("d:1"), adopted("d:2"), **by(1))
    two, three = merge(two, adopted("d:3"), **by(2))
    assert goes_on_as("d:1", [one, two, three]) == "d:3"
    assert {t.theme: t.belongs_to for t in teachings([one, two, three])} == dict.fromkeys(["d:1", "d:2", "d:3"], "d:3")


def test_parts_of_a_split_theme_keep_its_owner_and_know_where_they_come_from() -> None:
    late, dear = Part(theme="d:8", title="Late ferries", words=("late",)), Part(theme="d:9", title="Dear ferries")
    whole, parts = split(adopted(), [late, dear], **by(1))
    assert (whole.standing, whole.into) == (Standing.SPLIT, ("d:8", "d:9"))
    assert [(p.owner, p.progress, p.history[0].themes) for p in parts] == [
        ("a@example.org", Progress.HEARD, ("d:1",))
    ] * 2
    with pytest.raises(RegisterError, match="two parts"):
        split(adopted(), [late], **by(1))
    with pytest.raises(RegisterError, match="only one part can have the rest"):
        split(adopted(), [dear, Part(theme="d:8", title="Late ferries")], **by(1))
    with pytest.raises(RegisterError, match="needs a title"):
        split(adopted(), [late, Part(theme="d:9", title=" ")], **by(1))


def test_what_a_split_teaches_comes_after_what_was_merged_before_and_the_rest_comes_last() -> None:
    gone, whole = merge(adopted("d:2"), adopted("d:1"), **by(1))
    rest, late = Part(theme="d:8", title="Dear ferries"), Part(theme="d:9", title="Late ferries", words=("late",))
    whole, parts = split(whole, [rest, late], **by(2))
    assert [(each.theme, each.belongs_to, each.words) for each in teachings([whole, *parts, gone])] == [
        ("d:2", "d:1", ()),
        ("d:1", "d:9", ("late",)),
        ("d:1", "d:8", ()),
        ("d:8", "d:8", ()),
        ("d:9", "d:9", ()),
    ]


def test_a_candidate_can_be_taken_in_without_being_adopted_first() -> None:
    gone, on = take_in("d:5", "Ferry never comes", adopted(), **by(1))
    assert (gone.standing, gone.into, gone.title) == (Standing.MERGED, ("d:1",), "Ferry never comes")
    assert on.history[-1].themes == ("d:5",)
    with pytest.raises(RegisterError, match="itself"):
        take_in("d:1", "Late ferries", adopted(), **by(1))


def test_what_was_discarded_can_be_adopted_after_all_and_what_is_adopted_cannot_be_adopted_again() -> None:
    gone = discard("d:1", department="d", title="x", **by())
    again: dict[str, Any] = {"department": "d", "title": "Ferries", "area": "Ferries", "owner": "o"}
    entry = adopt("d:1", **again, **by(1), entry=gone)
    assert (entry.standing, entry.title, entry.progress, entry.version) == (
        Standing.ADOPTED,
        "Ferries",
        Progress.HEARD,
        2,
    )
    with pytest.raises(RegisterError, match="adopted already"):
        adopt("d:1", **again, **by(2), entry=entry)


def test_a_decision_is_not_taken_about_what_is_no_longer_adopted() -> None:
    gone = discard("d:1", department="d", title="x", entry=adopted(), **by(1))
    for decide in (
        lambda: rename(gone, "Other", **by(2)),
        lambda: advance(gone, Progress.LOOKED_AT, **by(2)),
        lambda: merge(adopted("d:2"), gone, **by(2)),
        lambda: hand_over(gone, area="Roads", owner="b@example.org", **by(2)),
    ):
        with pytest.raises(RegisterError, match="discarded"):
            decide()


def test_themes_of_two_departments_are_not_merged() -> None:
    other = adopt("e:1", department="e", title="T", area="A", owner="o", **by())
    with pytest.raises(RegisterError, match="two departments"):
        merge(adopted(), other, **by(1))


def test_two_writers_cannot_overwrite_each_other() -> None:
    async def run() -> None:
        store = MemoryRegister()
        await store.put(adopted())
        first, second = await store.get("d:1"), await store.get("d:1")
        assert first and second
        await store.put(rename(first, "Ferries", **by(1)))
        with pytest.raises(Outdated):
            await store.put(rename(second, "Boats", **by(1)))
        kept = await store.get("d:1")
        assert kept and kept.title == "Ferries"

    asyncio.run(run())


def test_of_a_merge_both_sides_are_written_or_none() -> None:
    async def run() -> None:
        store = MemoryRegister()
        one, two = adopted("d:1"), adopted("d:2")
        await store.put(one, two)
        await store.put(rename(two, "Ferries", **by(1)))
        with pytest.raises(Outdated):
            await store.put(*merge(one, two, **by(2)))
        assert await store.get("d:1") == one

    asyncio.run(run())
