"""Laws of the tagger that hold for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.domain.posts import SpeechAct
from soundings.services.tagging.tagger import load_tagger
from soundings.services.tagging.text import HANDLE, LINK, READ_CHARACTERS, clean, normalise
from soundings.services.tagging.urgent import urgency

ANY = st.text(st.characters(), max_size=300)
"""Every code point, lone surrogates and controls included."""
SPOKEN = st.sampled_from(
    ["thank you", "still no answer", "shame on you", "why", "?", "the", "flood", "👏👏", "😡", "@user", "#tag", "\n"]
    + ["https://a.example/b", "شكرا", "תודה", "AAAAAAA", "0", "\u202e", "\ud800", "RT @a: ", "&amp;", "\x00", "ﷺ"]
)
TEXTS = st.one_of(ANY, st.lists(SPOKEN, max_size=30).map(" ".join))
CLAIMS = st.one_of(st.none(), st.sampled_from(["en", "cy", "und", "qme", "", "pt-BR", "nonsense"]), ANY)
ORDER = list(SpeechAct)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """The weights are read before the first example, which would otherwise be timed with them."""
    load_tagger()


@given(TEXTS, CLAIMS)
@settings(max_examples=150, deadline=None)
def test_no_text_raises_and_every_tag_is_in_its_bounds(text: str, claim: str | None) -> None:
    """Whatever comes, the tags are well formed and the acts stand in their order, at least one, OTHER alone."""
    (tags,) = load_tagger().tag([text], [claim])
    assert 0 <= tags.hostility <= 1
    assert tags.lang == "und" or (len(tags.lang) == 2 and tags.lang.islower())
    assert tags.acts
    assert list(tags.acts) == sorted(set(tags.acts), key=ORDER.index)
    assert tags.acts == (SpeechAct.OTHER,) or SpeechAct.OTHER not in tags.acts


@given(st.lists(st.tuples(TEXTS, CLAIMS), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_batch_equals_one_by_one(posts: list[tuple[str, str | None]]) -> None:
    """The tags of a text do not depend on the texts beside it, nor on when it is asked."""
    tagger = load_tagger()
    together = tagger.tag([text for text, _ in posts], [claim for _, claim in posts])
    assert together == [tagger.tag([text], [claim])[0] for text, claim in posts]


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_urgency_never_raises(text: str) -> None:
    """The detector of danger answers on any text, and the same each time."""
    assert urgency(text) == urgency(text)


@given(st.lists(ANY, min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_normalising_keeps_the_number_of_texts(texts: list[str]) -> None:
    """One string for each text: no text can break out of its place in a batch."""
    assert len(normalise([clean(text) for text in texts])) == len(texts)


@given(st.text(max_size=50))
@settings(max_examples=50, deadline=None)
def test_what_lies_beyond_the_cap_changes_nothing(tail: str) -> None:
    """A text of a megabyte is read as far as any other."""
    head = "a dull sentence about nothing. " * (READ_CHARACTERS // 31 + 1)
    first, second = load_tagger().tag([head, head + tail + "shame on you! " * 50_000], [None, None])
    assert first == second


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_no_text_can_write_the_marks_of_links_and_handles(text: str) -> None:
    """The marks stand for what was replaced, never for what somebody typed."""
    assert LINK not in clean(text)
    assert HANDLE not in clean(text)
