"""Laws of the static encoder: a text's vector is the mean of its tokens, whatever was read before and beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wordllama
from hypothesis import given
from hypothesis import strategies as st

from soundings.services.themes import encoder
from soundings.services.themes.encoder import StaticEncoder

PIECES = st.sampled_from(
    ["late", "Late,", "the", "x9-7", "<s>", "</s>", "▁", "é", "🌊", "\n", "  ", " ", "water", "£3"]
)
TEXTS = st.lists(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=9).map("".join), max_size=6)


@pytest.fixture(scope="module")
def static() -> Iterator[StaticEncoder]:
    """Forgets its words after every few texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder, "WORDS_KEPT", 5)
        yield StaticEncoder()


@pytest.fixture(scope="module")
def model() -> Any:
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


@given(texts=TEXTS)
def test_a_vector_depends_on_nothing_but_its_text(static: StaticEncoder, texts: list[str]) -> None:
    together = static.encode(texts)
    assert together.shape == (len(texts), static.width)
    assert all(np.array_equal(static.encode([text])[0], row) for text, row in zip(texts, together, strict=True))


@given(words=st.lists(st.sampled_from(["late", "ferry", "unfathomably", "🌊", "don't", "#waste"]), min_size=1))
def test_words_one_by_one_have_the_tokens_of_the_whole_text(
    static: StaticEncoder, model: Any, words: list[str]
) -> None:
    ids = model.tokenizer.encode(" ".join(words), add_special_tokens=False).ids
    assert np.allclose(static.encode([" ".join(words)])[0], model.embedding[ids].mean(axis=0), atol=1e-6)
