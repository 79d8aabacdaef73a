"""What people decide is taught to the engine and stays: a split by words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from soundings.services.domain.themes import ThemePost
from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.register import Part, adopt, split, take_in, teachings
from soundings.services.themes.register_store import department_of
from soundings.services.themes.teaching import PERSONS, teach

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY: dict[str, Any] = {"who": "r.rowe", "at": MONDAY, "note": "two matters"}
PLACES = ("Hill Quay", "Mill Lane", "Ash Point", "Long Pier", "West Dock", "Old Harbour")
SAID = (
    "the ferry from {} was late again, {} minutes of waiting",
    "the fare of the ferry from {} is too dear, {} pounds",
)


def posts(first: int, number: int) -> list[ThemePost]:
    return [
        ThemePost(
            id=f"x::{n}",
            text=SAID[n % 2].format(PLACES[n % 6], n),
            created_at=MONDAY + timedelta(minutes=n),
            voice=f"v{n}",
        )
        for n in range(first, first + number)
    ]


def where(engine: ThemeEngine, said: str) -> set[str]:
    """Themes of the posts that hold a word."""
    engine.regroup()
    return {
        engine.name(int(engine.micro.theme[slot]))
        for slot in range(engine.micro.live)
        if engine.micro.words[engine.reader.vocabulary.rows[said], slot] > 0
    }


def test_posts_of_a_split_theme_go_where_its_words_say_also_those_that_come_later() -> None:
    engine = ThemeEngine(NoEncoder(), stream="d")
    engine.assign(posts(0, 60))
    found = sorted(where(engine, "ferry"))
    entry = adopt(found[0], department="d", title="Ferries", area="Ferries", owner="o", **BY)
    gone = []
    for theme in found[1:]:
        merged, entry = take_in(theme, "Ferries", entry, **BY)
        gone.append(merged)
    parts = (
        Part(theme=f"d:{PERSONS + 1}", title="Late ferries", words=("late", "waiting")),
        Part(theme=f"d:{PERSONS + 2}", title="Dear ferries"),
    )
    whole, off = split(entry, parts, **BY)
    changed = (*gone, whole, *off)
    for _ in range(2):  # taught again with every change of the register
        for each in teachings(changed):
            teach(engine, each)
    assert (where(engine, "late"), where(engine, "fare")) == ({parts[0].theme}, {parts[1].theme})
    engine.assign(posts(60, 40))
    assert (where(engine, "late"), where(engine, "fare")) == ({parts[0].theme}, {parts[1].theme})
    assert engine.next_theme < PERSONS
    assert department_of(parts[0].theme) == "d"
