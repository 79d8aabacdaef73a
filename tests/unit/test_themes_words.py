"""From text to words and vectors."""

import pytest

from soundings.services.themes.encoder import StaticEncoder
from soundings.services.themes.vocabulary import Vocabulary
from soundings.services.themes.words import addressed, clean, number_of, words


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@HarbourOffice why? @harbouroffice", {"@harbouroffice"}),
        ("RT @ferry_fan: thanks @quay.example.social", {"@quay.example.social"}),
        ("ask @desk@harbour.example, not mail@harbour.example", {"@desk@harbour.example"}),
        ("https://example.gov.uk/@desk says so", set()),
        ("＠user_0123456789ab late", {"＠user_0123456789ab"}),
    ],
)
def test_whom_a_text_addresses_whatever_the_case_and_not_whom_it_was_reposted_from(
    text: str, expected: set[str]
) -> None:
    assert addressed(text) == expected


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


def test_the_vector_of_a_text_depends_on_nothing_but_the_text() -> None:
    encoder = StaticEncoder()
    texts = ["late ferry", "a much longer text about potholes on Mill Lane and nothing else", ""]
    together = encoder.encode(texts)
    assert all((encoder.encode([text])[0] == row).all() for text, row in zip(texts, together, strict=True))
    assert not together[2].any()
