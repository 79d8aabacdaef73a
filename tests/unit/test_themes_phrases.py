"""Phrases of a text."""

import pytest

from soundings.services.themes.phrases import key, phrases


def found(text: str) -> set[str]:
    return {" ".join(phrase) for phrase in phrases(text)}


def test_a_phrase_neither_begins_nor_ends_with_a_function_word_nor_crosses_a_comma() -> None:
    held = found("The last ferry to Hill Quay, late again #FerryFail")
    assert "last ferry" not in held  # "last" says nothing
    assert {"ferry to Hill Quay", "Hill Quay", "late", "#FerryFail"} <= held
    assert not any("Quay late" in phrase for phrase in held)


@pytest.mark.parametrize("word", ["you'd", "They’ll", "who've", "mustn't", "she's"])
def test_a_pronoun_or_auxiliary_with_what_it_contracts_begins_and_ends_no_phrase(word: str) -> None:
    assert found(f"Thought {word} late ferry") == {"Thought", "late", "ferry", "late ferry"}


def test_a_phrase_crosses_no_line_and_no_link_and_is_no_piece_of_a_sentence() -> None:
    held = found("Ferry chaos\nHarbour office https://t.example/1 quay that is shut")
    assert {"Ferry chaos", "Harbour office"} <= held
    assert not any("chaos Harbour" in phrase or "example" in phrase or "that" in phrase for phrase in held)


def test_a_phrase_crosses_no_placeholder() -> None:
    assert found("Write to [harbour-email] now") & {"harbour-email", "Write"} == {"Write"}


@pytest.mark.parametrize("phrase", ["Ferries for Life", "Hill under Lyme", "Tides and Piers"])
def test_a_preposition_stands_between_two_names(phrase: str) -> None:
    assert phrase in found(f"we went to {phrase} again")


@pytest.mark.parametrize("phrase", ["ferries in larger", "eye on the tides", "tides and piers", "bell for Quay"])
def test_between_other_words_a_preposition_makes_it_a_piece_of_a_sentence(phrase: str) -> None:
    assert phrase not in found(f"we saw {phrase} again")


def test_a_thing_of_a_thing_is_one() -> None:
    assert {"loss of the pier", "loss of power"} <= found("the loss of the pier, the loss of power")


@pytest.mark.parametrize(
    ("one", "other"), [("#FerryFail", "ferryfail"), ("Ferries", "ferries"), ("piers", "pier"), ("quay’s", "Quay")]
)
def test_case_hash_and_number_do_not_tell_phrases_apart(one: str, other: str) -> None:
    assert key((one,)) == key((other,))


@pytest.mark.parametrize(("one", "other"), [("glass", "glas"), ("bus", "bu"), ("gas", "ga"), ("tennis", "tenni")])
def test_not_every_s_is_a_plural(one: str, other: str) -> None:
    assert key((one,)) != key((other,))
