"""Titles of themes: what most of the texts are about, in their words."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from soundings.services.themes.encoder import NoEncoder, StaticEncoder
from soundings.services.themes.labels import Label, label_all
from soundings.services.themes.titles import TITLE_WORDS

QUAY = [
    "The Hill Quay ferry is late",
    "Hill Quay ferry late again",
    "hill quay ferry was never on time",
    "why is the Hill Quay ferry late #FerryFail",
    "another late Hill Quay ferry #FerryFail",
]
LANE = ["Potholes on Mill Lane", "mill lane potholes broke my wheel", "Mill Lane: potholes!", "fix Mill Lane potholes"]


def labels(texts: Mapping[int, Sequence[str]]) -> dict[int, Label]:
    return label_all(texts, {theme: np.zeros(0, dtype=np.float32) for theme in texts}, NoEncoder())


def title(texts: Sequence[str]) -> str:
    """The title beside another theme, in lower case."""
    return labels({1: texts, 2: LANE})[1].title.casefold()


@pytest.mark.parametrize("encoder", [NoEncoder(), StaticEncoder()], ids=["words", "static"])
def test_titles_are_short_and_keep_case_and_hashtags(encoder: NoEncoder | StaticEncoder) -> None:
    texts = {1: QUAY, 2: LANE}
    centre = {theme: np.zeros(encoder.width, dtype=np.float32) for theme in texts}
    made = label_all(texts, centre, encoder)
    assert "Hill Quay" in made[1].title
    assert "Mill Lane" in made[2].title
    assert "#FerryFail" in made[1].keywords
    assert all(len(label.title.split()) <= TITLE_WORDS for label in made.values())


def test_a_title_is_made_of_names_even_if_a_verb_is_more_frequent() -> None:
    uses = ["they cancelled the ferry", "you cancelled our ferry", "it was cancelled", "why is it cancelled?"]
    assert "cancelled" not in title([f"{use} at Hill Quay" for use in uses * 2])


def test_what_one_text_spreads_in_copies_is_not_what_it_is_about() -> None:
    copies = [f"Reading this: the average bill of a flooded kitchen, part {n} of it" for n in ("one", "two", "three")]
    own = [
        "a flood alert woke us at night",
        "why was there no flood alert for our street?",
        "the flood alert came late, mum was asleep",
        "who sends a flood alert after the water?",
    ]
    assert title([*copies, *own]).startswith("flood alert")


def test_who_is_thanked_and_how_is_not_the_matter() -> None:
    texts = [
        "Thanks Morwenna, the new slipway is open",
        "Morwenna, splendid. Is the slipway free?",
        "Splendid! Hello Morwenna, we used the slipway",
        "Splendid, we love this slipway",
        "Cheers Morwenna. Splendid",
    ]
    assert title(texts).startswith("slipway")
    assert "splendid" not in title(texts)


def test_a_phrase_does_not_end_where_a_name_goes_on() -> None:
    texts = [
        "ask for a larger harbour",
        "the larger piers are closed",
        "larger slipways for larger boats?",
        "is there a larger crane at the harbour?",
        "no larger buoys in the harbour",
        "this harbour, a larger winch",
    ]
    assert "harbour" in title(texts).replace(",", "").split()[:2]
    assert "larger" not in title(texts).split(", ")


def test_beside_a_place_stands_what_it_is_about() -> None:
    texts = [
        "in Port Brannoch the smell is unbearable",
        "Smell in Port Brannoch again",
        "the smell at Port Brannoch, at Saint Olla too",
        "Port Brannoch and Saint Olla: do something!",
        "we live in Port Brannoch, near Saint Olla",
        "what is that smell?",
    ]
    made = title(texts)
    assert "port brannoch" in made
    assert "smell" in made


def test_a_single_word_gives_way_to_what_says_which_kind() -> None:
    texts = [
        "rubbish on the beach",
        "the rubbish is back",
        "whose rubbish is this?",
        "the rubbish collection is late",
        "no rubbish collection in our street",
        "rubbish everywhere",
    ]
    assert title(texts).startswith("rubbish collection")


def test_where_nothing_is_named_the_title_is_what_most_say() -> None:
    texts = ["And who is to pay?", "so who is to pay", "who is to pay for this", "yes, who is to pay", "I say: pay"]
    assert title(texts) == "who is to pay"


def test_a_name_in_few_texts_does_not_stand_for_what_most_say() -> None:
    starts = ("and", "so", "but", "we ask", "they ask", "yes", "oh", "I ask", "once more", "again", "now", "well")
    texts = [f"{start} who is to pay?" for start in starts]
    assert title([*texts, "ask Morwenna about it", "it was Morwenna"]) == "who is to pay"


def test_a_hashtag_does_not_say_the_same_words_again() -> None:
    texts = [f"{start} late ferries {end} #LateFerries" for start in ("the", "our") for end in ("are back", "cost us")]
    made = title(texts)
    assert made.replace("#", "").replace(" ", "").count("ferries") == 1


def test_a_phrase_is_written_as_most_of_the_stream_write_it() -> None:
    shouting = [f"{say} FERRY" for say in ("the", "our", "a", "this", "no")]
    plain = [f"{say} ferry" for say in ("the", "our", "a", "this", "no", "any")]
    assert labels({1: shouting, 2: plain})[1].title == "Ferry"


def test_a_theme_without_words_has_no_title() -> None:
    assert labels({1: ["...", "?"], 2: LANE})[1] == Label(title="", keywords=())
    assert labels({1: [], 2: LANE})[1].title == ""


def test_a_title_calls_nobody_names_however_often_people_do() -> None:
    for called in ("idiots", "bollocks", "#idiots"):
        made = title([f"the harbour board, {called}, {word} closed the slipway" for word in ("they", "who", "and")])
        assert called not in made
        assert "slipway" in made


def test_a_theme_of_insults_alone_has_no_title() -> None:
    assert title(["what idiots", "idiots!", "you idiots", "idiots idiots"]) == ""
