"""Numbers and times in words; texts made harmless; phrases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from soundings.services.alerts.links import dashboard, safe
from soundings.services.alerts.phrases import grams, phrases
from soundings.services.alerts.words import ago, clean, local_time, people, shorten, span, times, usual, without_handles

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 7, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "under a minute"),
        (1, "1 minute"),
        (38.4, "38 minutes"),
        (121, "2 hours"),
        (200, "3 h 20 min"),
        (4320, "3 days"),
    ],
)
def test_a_length_of_time_is_as_exact_as_its_size_deserves(minutes: float, words: str) -> None:
    assert span(minutes) == words


def test_times_are_local_and_carry_their_day_only_if_it_is_another() -> None:
    assert local_time(NOON, NOON, LONDON) == "13:00"
    assert local_time(NOON - timedelta(days=1), NOON, LONDON) == "13:00 on Thursday 2 July 2026"
    assert ago(NOON, NOON + timedelta(seconds=20)) == "just now"


@pytest.mark.parametrize(
    ("value", "expected", "words"),
    [(140, 6.2, "about 23 times as many"), (20, 8, "about 2.5 times as many"), (7, 6, ""), (5, 0.1, "")],
)
def test_a_comparison_is_made_only_where_it_says_something(value: float, expected: float, words: str) -> None:
    assert times(value, expected) == words


def test_a_fraction_of_a_person_is_hardly_anybody() -> None:
    assert usual(0.3) == "hardly anybody"
    assert usual(6.2) == "6"


def test_line_ends_of_every_kind_become_one_kind() -> None:
    assert clean("a\r\nb\rc\u2028d\x0be") == "a\nb\nc\nd\ne"
    assert clean("a\r\n  b", one_line=True) == "a b"


def test_a_letter_cannot_carry_a_tower_of_marks() -> None:
    assert len(clean("a" + "\u0301" * 200)) < 10
    assert clean("a\u0301") == "a\u0301"


def test_joined_emoji_stay_whole() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert clean(family) == family


def test_texts_are_cut_between_words() -> None:
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("short", 12) == "short"
    assert len(shorten("x" * 50, 12)) == 12


def test_handles_of_others_go_and_addresses_of_mail_stay_as_they_are() -> None:
    assert without_handles("@user_1a2b hello @ExampleGov.", frozenset({"examplegov"})) == "@… hello @ExampleGov."
    assert without_handles("@someone@social.example said") == "@… said"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "https://u:p@x.example/", "https://x.example/\u202e", ""]
)
def test_only_plain_web_addresses_are_linked(url: str) -> None:
    assert safe(url) == ""


def test_a_public_address_is_kept() -> None:
    assert safe("https://social.example/@name/1") == "https://social.example/@name/1"


def test_the_dashboard_link_holds_department_and_time() -> None:
    url = dashboard("https://d.example/", "home-office", NOON, NOON + timedelta(hours=1))
    assert url.startswith("https://d.example/d/soundings-press-office?var-department=home-office&from=")
    assert dashboard("", "home-office", NOON, NOON) == ""


COMPLAINTS = [
    "Your hold music is driving me mad",
    "An hour of hold music again!",
    "hold music, then cut off",
    "The permit office was closed",
    "I could not reach the permit office",
]


def test_phrases_are_what_several_people_say_the_most_shared_first() -> None:
    assert [phrase.words for phrase in phrases(COMPLAINTS)] == ["hold music", "permit office"]


def test_what_is_new_comes_before_what_is_always_said() -> None:
    background = dict.fromkeys(grams("hold music"), 600)
    found = phrases(COMPLAINTS, background=background, background_texts=1000)
    assert [phrase.words for phrase in found] == ["permit office", "hold music"]


def test_the_departments_own_name_is_no_phrase_but_its_words_may_be_in_one() -> None:
    texts = ["Home Office: no home visits", "the Home Office stopped home visits", "home visits, Home Office?"]
    found = [phrase.words.casefold() for phrase in phrases(texts, leave_out=frozenset({"home", "office"}))]
    assert "home office" not in found
    assert "home visits" in found


def test_handles_addresses_and_one_persons_words_are_no_phrases() -> None:
    assert phrases(["@somebody https://x.example/a unique words here", "nothing shared"]) == ()


def test_a_count_of_people_that_rests_on_a_sample_says_so() -> None:
    assert people(0) == "nobody"
    assert people(1) == "1 person"
    assert people(256) == "256 people"
    assert people(1_551) == "about 1,550 people"
