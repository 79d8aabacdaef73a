"""Laws of the register: whatever is decided, nothing of it is lost, and what is kept comes back as it was."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from soundings.services.domain.register import Change, ChangeKind, Entry, Progress, Standing
from soundings.services.index.register_forms import decided, decision_body, entry_body, entry_of
from soundings.services.themes.register import (
    Part,
    RegisterError,
    adopt,
    advance,
    discard,
    goes_on_as,
    merge,
    rename,
    split,
    teachings,
)
from soundings.services.themes.register_store import MemoryRegister

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() != ""
)
DECISIONS = st.tuples(
    st.sampled_from(["adopt", "rename", "merge", "split", "discard", "advance"]),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(Progress),
    WORDS,
)


def taken(kept: dict[str, Entry], decision: tuple[str, int, int, Progress, str], number: int) -> tuple[Entry, ...]:
    """The entries that a decision changes; none if it cannot be taken."""
    what, one, other, progress, words = decision
    theme = f"d:{one}"
    by: dict[str, Any] = {"who": words, "at": MONDAY + timedelta(days=number), "note": words}
    entry, into = kept.get(theme), kept.get(f"d:{other}")
    try:
        match what:
            case "adopt":
                made = adopt(theme, department="d", title=words, area=words, owner=words, entry=entry, **by)
                return (made,)
            case "discard":
                return (discard(theme, department="d", title=words, entry=entry, **by),)
            case "rename" if entry:
                return (rename(entry, words, **by),)
            case "merge" if entry and into:
                return merge(entry, into, **by)
            case "split" if entry:
                parts = [Part(theme=f"d:{100 * number + n}", title=words, words=(words,) * n) for n in range(2)]
                whole, off = split(entry, parts, **by)
                return (whole, *off)
            case "advance" if entry:
                change = Change(kind=ChangeKind.POLICY, what=words, link="https://example.org")
                needed = change if progress is Progress.CHANGED else None
                return (advance(entry, progress, change=needed, **by),)
    except RegisterError:
        return ()
    return ()


@given(decisions=st.lists(DECISIONS, max_size=25))
def test_whatever_is_decided_nothing_is_lost_and_every_theme_goes_on_somewhere(
    decisions: list[tuple[str, int, int, Progress, str]],
) -> None:
    async def run() -> None:
        store = MemoryRegister()
        for number, decision in enumerate(decisions):
            before = dict(store.entries)
            changed = taken(before, decision, number)
            if not changed:
                continue
            await store.put(*changed)
            for theme, entry in before.items():
                assert store.entries[theme].history[: entry.version] == entry.history
            assert decided(orjson.loads(decision_body("d", changed))) == changed
        entries = await store.of_department("d")
        for entry in entries:
            assert entry_of(orjson.loads(entry_body(entry))) == entry
            assert (entry.progress is not None) == (entry.standing is Standing.ADOPTED)
            assert all(part in store.entries for part in entry.into)
            assert store.entries[goes_on_as(entry.theme, entries)].standing is not Standing.MERGED
        for each in teachings(entries):
            assert {each.theme, each.belongs_to} <= store.entries.keys()

    asyncio.run(run())
