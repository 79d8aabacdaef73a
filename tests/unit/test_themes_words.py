"""From text to words, phrases and titles."""

import numpy as np
import pytest

from soundings.services.themes.encoder import NoEncoder, StaticEncoder
from soundings.services.themes.labels import TITLE_WORDS, label_all
from soundings.services.themes.nouns import Nouns
from soundings.services.themes.phrases import key, phrases
from soundings.services.themes.vocabulary import Vocabulary
from soundings.services.themes.words import clean, number_of, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RT @quay_watch: Late again! https://example.org/x", "Late again!"),
        ("@harbour_office why is the #LateFerry late?", "why is the Late Ferry late?"),
        ("tea &amp; cake", "tea cake"),
        ("", ""),
    ],
)
def test_who_is_addressed_and_what_is_linked_is_not_what_is_said(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_a_repost_has_the_words_of_its_original() -> None:
    assert words(clean("RT @a: The pier's shut https://t.example/1")) == words(clean("the pier is shut"))[:1] + [
        "pier",
        "shut",
    ]


def test_numbers_of_strings_are_the_same_in_every_process() -> None:
    assert number_of("x:1") == 2703483128689975525


def test_lone_surrogates_do_not_stop_the_stream() -> None:
    assert number_of("\ud83d") >= 0


def test_rare_words_weigh_more_than_common_ones() -> None:
    vocabulary = Vocabulary(10)
    for rare in ("crane", "buoy", "winch"):
        vocabulary.learn(["the", rare])
    rows, weights = vocabulary.weigh(["the", "crane"])
    weight = dict(zip(rows.tolist(), weights.tolist(), strict=True))
    assert weight[vocabulary.rows["crane"]] > weight[vocabulary.rows["the"]]


def test_forgotten_words_give_their_rows_back() -> None:
    vocabulary = Vocabulary(4)
    for held in (["a", "b"], ["a", "c"], ["a", "d"]):
        vocabulary.learn(held)
    assert vocabulary.lacks_room(["e"])
    gone = vocabulary.forget(2)
    assert sorted(vocabulary.rows) == ["a", "b"]
    vocabulary.learn(["e", "f"])
    assert {vocabulary.rows["e"], vocabulary.rows["f"]} == set(gone.tolist())


def test_a_phrase_neither_begins_nor_ends_with_a_function_word_nor_crosses_a_comma() -> None:
    found = {" ".join(phrase) for phrase in phrases("The last ferry to Hill Quay, late again #FerryFail")}
    assert "last ferry" not in found  # "last" says nothing
    assert {"ferry to Hill Quay", "Hill Quay", "late", "#FerryFail"} <= found
    assert not any("Quay late" in phrase for phrase in found)


def test_a_phrase_crosses_no_line_and_no_link_and_is_no_piece_of_a_sentence() -> None:
    found = {
        " ".join(phrase) for phrase in phrases("Ferry chaos\nHarbour office https://t.example/1 quay that is shut")
    }
    assert {"Ferry chaos", "Harbour office"} <= found
    assert not any("chaos Harbour" in phrase or "example" in phrase or "that" in phrase for phrase in found)


@pytest.mark.parametrize("phrase", ["ferry", "late ferry", "timetable"])
def test_what_stands_after_the_names_something(phrase: str) -> None:
    assert Nouns(USES).names(phrase)


@pytest.mark.parametrize("phrase", ["cancelled", "ferry cancelled", "cancelling", "useless"])
def test_what_is_done_and_how_it_is_names_nothing(phrase: str) -> None:
    assert not Nouns(USES).names(phrase)


def test_a_title_is_made_of_names_even_if_a_verb_is_more_frequent() -> None:
    texts = {1: [f"{use} at Hill Quay" for use in USES * 2], 2: ["Potholes on Mill Lane", "the Mill Lane potholes"]}
    centre = {theme: np.zeros(0, dtype=np.float32) for theme in texts}
    assert "cancelled" not in label_all(texts, centre, NoEncoder())[1].title.casefold()


def test_a_hashtag_and_its_word_are_one_phrase() -> None:
    assert key(("#FerryFail",)) == key(("ferryfail",))


USES = [
    "they cancelled the late ferry",
    "you cancelled our ferry and the timetable is useless",
    "why are you cancelling the ferry, we are cancelled again",
    "it was cancelled, the timetable was useless",
    "cancelled the ferry again, so useless",
]

TEXTS = {
    1: [
        "The Hill Quay ferry is late",
        "Hill Quay ferry late again",
        "hill quay ferry was never on time",
        "why is the Hill Quay ferry late #FerryFail",
        "another late Hill Quay ferry #FerryFail",
    ],
    2: ["Potholes on Mill Lane", "mill lane potholes broke my wheel", "Mill Lane: potholes!", "fix Mill Lane potholes"],
}


@pytest.mark.parametrize("encoder", [NoEncoder(), StaticEncoder()], ids=["words", "static"])
def test_titles_are_short_and_keep_case_and_hashtags(encoder: NoEncoder | StaticEncoder) -> None:
    centre = {theme: np.zeros(encoder.width, dtype=np.float32) for theme in TEXTS}
    labels = label_all(TEXTS, centre, encoder)
    assert "Hill Quay" in labels[1].title
    assert "Mill Lane" in labels[2].title
    assert "#FerryFail" in labels[1].keywords
    assert all(len(label.title.split()) <= TITLE_WORDS for label in labels.values())


def test_titles_do_not_depend_on_the_order_of_texts() -> None:
    turned = {theme: list(reversed(texts)) for theme, texts in reversed(TEXTS.items())}
    centre = {theme: np.zeros(0, dtype=np.float32) for theme in TEXTS}
    assert label_all(TEXTS, centre, NoEncoder()) == label_all(turned, centre, NoEncoder())


def test_the_vector_of_a_text_depends_on_nothing_but_the_text() -> None:
    encoder = StaticEncoder()
    texts = ["late ferry", "a much longer text about potholes on Mill Lane and nothing else", ""]
    together = encoder.encode(texts)
    assert all((encoder.encode([text])[0] == row).all() for text, row in zip(texts, together, strict=True))
    assert not together[2].any()
