"""Which words name something, from how they are used."""

import pytest

from soundings.services.themes.nouns import Nouns
from soundings.services.themes.phrases import pieces

USES = [
    "they cancelled the late ferry",
    "you cancelled our ferry and the timetable is useless",
    "why are you cancelling the ferry, we are cancelled again",
    "it was cancelled, the timetable was useless",
    "cancelled the ferry again, so useless",
]
CALLS = [
    "Splendid! The pier is open",
    "Splendid. See you in Westport",
    "@harbour_office splendid, that is a splendid view in Westport",
    "Thanks Morwenna, the pier is lovely",
    "Morwenna, when does the pier at Westport open?",
    "Hello Morwenna",
    "ask Morwenna about the ADHP",
    "the ADHP by Westport pier, asked by Morwenna",
]


def nouns(texts: list[str]) -> Nouns:
    return Nouns(pieces(text) for text in texts)


@pytest.mark.parametrize("phrase", ["ferry", "late ferry", "timetable"])
def test_what_stands_after_the_names_something(phrase: str) -> None:
    assert nouns(USES).names(phrase.split())


@pytest.mark.parametrize("phrase", ["cancelled", "ferry cancelled", "cancelling", "useless"])
def test_what_is_done_and_how_it_is_names_nothing(phrase: str) -> None:
    assert not nouns(USES).names(phrase.split())


def test_praise_at_the_start_of_a_post_names_nothing() -> None:
    assert not nouns(CALLS).names(["splendid"])
    assert nouns(CALLS).names(["splendid", "pier"])


def test_before_another_noun_a_word_may_tell_the_kind_only() -> None:
    read = nouns(["the dreadful ferry was late", "a dreadful ferry", "it is dreadful", "this is so dreadful"])
    assert not read.names(["dreadful"])
    assert read.names(["dreadful", "ferry"])


@pytest.mark.parametrize(("words", "expected"), [("morwenna", True), ("westport", False), ("adhp", False)])
def test_who_is_called_and_never_placed_is_a_person(words: str, expected: bool) -> None:
    assert nouns(CALLS).person(words.split()) is expected


def test_a_word_that_is_also_written_small_is_no_name() -> None:
    read = nouns(["Pier", "the pier", "Westport", "in Westport"])
    assert read.proper("westport")
    assert not read.proper("pier")


def test_one_goes_to_a_place_and_does_not_do_it() -> None:
    assert nouns(["go to Westport", "drive to Westport", "to Westport"]).names(["westport"])
