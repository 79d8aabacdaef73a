"""What the engine keeps of a post when it has been read: nothing that could be read again."""

import gc
import weakref
from datetime import UTC, datetime

from soundings.services.domain.themes import ThemePost
from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.words import PRINTS_KEPT, Prints, print_of

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Text(str):
    """A string of which one can tell whether anybody still holds it."""

    __slots__ = ("__weakref__",)


def test_no_text_stays_in_memory_when_it_has_been_read() -> None:
    engine = ThemeEngine(NoEncoder())
    held = []
    for number, words in enumerate(
        ["the late ferry at Hill Quay", "the late ferry at Hill Quay", "potholes on Mill Lane"]
    ):
        text = Text(words)
        held.append(weakref.ref(text))
        engine.assign([ThemePost(id=f"x::{number}", text=text, created_at=AT, voice=f"{number:016x}")])
    del text
    gc.collect()
    assert [each() for each in held] == [None] * 3


def test_remembered_prints_are_those_of_the_texts_and_no_more_than_there_is_room_for() -> None:
    prints = Prints()
    texts = [f"the ferry of pier {number}" for number in range(PRINTS_KEPT + 10)]
    for _ in range(2):
        assert [prints.of(text) for text in texts] == [print_of(text) for text in texts]
    assert len(prints) == PRINTS_KEPT
    assert prints.of("…") is prints.of("…") is None
