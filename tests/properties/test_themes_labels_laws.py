"""Laws of titles, whatever people write."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.labels import Label, label_all
from soundings.services.themes.phrases import edge, pieces, stem
from soundings.services.themes.titles import TITLE_WORDS
from soundings.services.themes.words import clean

WORDS = st.sampled_from(
    "the a of to in is was Hill Quay ferry ferries late later #LateFerry #quay Jo thanks , . ! 7 larger harbours pier "
    "we who pay cancelled @user https://t.example/1 \n".split(" ")
)
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), max_size=8)
STREAMS = st.dictionaries(st.integers(0, 20), TEXTS, max_size=5)


def labels(texts: dict[int, list[str]]) -> dict[int, Label]:
    return label_all(texts, {theme: np.zeros(0, dtype=np.float32) for theme in texts}, NoEncoder())


@given(STREAMS)
@settings(max_examples=60, deadline=None)
def test_a_title_is_short_says_nothing_twice_and_only_what_the_theme_says(texts: dict[int, list[str]]) -> None:
    for theme, label in labels(texts).items():
        here = {stem(piece) for text in texts[theme] for piece in pieces(text)}
        said = [{stem(word) for word in phrase.split()} for phrase in label.title.split(", ")]
        assert len(clean(label.title).split()) <= TITLE_WORDS
        assert set().union(*said) <= here
        telling = [word for phrase in said for word in phrase if edge(word)]
        assert len(telling) == len(set(telling))


@given(STREAMS)
@settings(max_examples=40, deadline=None)
def test_whoever_says_something_gets_a_title(texts: dict[int, list[str]]) -> None:
    for theme, label in labels(texts).items():
        assert bool(label.title) == any(edge(piece) for text in texts[theme] for piece in pieces(text))


@given(STREAMS)
@settings(max_examples=40, deadline=None)
def test_the_order_of_themes_and_texts_changes_no_title(texts: dict[int, list[str]]) -> None:
    turned = {theme: list(reversed(held)) for theme, held in reversed(texts.items())}
    assert labels(turned) == labels(texts)


@given(TEXTS.filter(bool))
@settings(max_examples=40, deadline=None)
def test_a_theme_alone_has_a_title_too(texts: list[str]) -> None:
    alone = labels({1: texts})[1]
    assert bool(alone.title) == any(edge(piece) for text in texts for piece in pieces(text))
