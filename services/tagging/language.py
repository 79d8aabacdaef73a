"""Which language a text is in: py3langid, with the source's claim as a hint, and `und` where nobody could tell."""

import re
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from soundings.services.tagging.text import words_only

UNDETERMINED = "und"
ENGLISH = "en"

_READ = 300
"""Characters that are read to identify: accuracy no longer grows after about 200, time does."""
_FEWEST_LETTERS = 3
"""A text with fewer letters ("ok", an emoji, only links and handles) has no language that can be told."""
_SURE_ALONE = 0.60
"""Confidence from which the identifier is believed against the hint, or without one."""
_SHORT = 20
"""Below this many letters the identifier is wrong more often than a source's claim is."""

# Function words of English that are not words of its neighbours on social media ("in", "die", "was", "is", "of" are).
_ENGLISH = frozenset(
    "the and you that this with for are have it's they what your not but from just will about their there would been "
    "has were who why how when don't can't i'm we're should could which our his her than because still".split()
)
_ENOUGH_ENGLISH = 2

# What sources write for a language, where it is not ISO 639-1.
_SPELLED = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "nb": "no", "nn": "no", "fil": "tl", "cmn": "zh"}
_CODE = re.compile(r"[a-z]{2}")


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if _CODE.fullmatch(label)])
    return identifier


@cache
def _known() -> frozenset[str]:
    return frozenset(_identifier().labels)


def load() -> None:
    """Reads the identifier's model (about half a second), so that the first text does not wait for it."""
    _known()


def claim(lang: str | None) -> str | None:
    """A source's claim (`en-GB`, `pt_BR`, `in`, `und`, `qme`) as ISO 639-1, or None if it says nothing."""
    if not lang:
        return None
    code = re.split("[-_]", lang.strip().lower(), maxsplit=1)[0]
    code = _SPELLED.get(code, code)
    return code if code in _known() else None


def identify(cleaned: str, tokens: Sequence[str], hint: str | None) -> str:
    """ISO 639-1 code, or `und`.

    Args:
        cleaned: as `clean` returns it.
        tokens: of the same text, lower case: two different, plainly English words settle it without the identifier.
        hint: what the source says; believed where the text is too short or the identifier unsure.
    """
    claimed = claim(hint)
    if claimed in (None, ENGLISH) and len(_ENGLISH.intersection(tokens)) >= _ENOUGH_ENGLISH:
        return ENGLISH
    text = words_only(cleaned)[:_READ]
    letters = sum(map(str.isalpha, text))
    if letters < _FEWEST_LETTERS:
        return UNDETERMINED
    label, confidence = _identifier().classify(text)
    if label == claimed:
        return str(label)
    if claimed is not None and (letters < _SHORT or confidence < _SURE_ALONE):
        return claimed
    if confidence < _SURE_ALONE:
        return UNDETERMINED
    return str(label)
