"""Text as the models read it: bounded, without control characters, handles and links reduced to one mark each."""

import re
import unicodedata
from collections.abc import Sequence

READ_CHARACTERS = 4000
"""What is read of a text. The longest post that a source delivers has 25,000 characters (a paid X account), but what it
does (asks, complains, insults) is said at the start; the cap keeps one 1 MB text from holding up a batch of 500."""

LINK = "\ue000"
HANDLE = "\ue001"
"""Marks from the private use area: no keyboard produces them, so a text cannot imitate them by accident."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ue000\ue001]")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"@\w+(?:@[\w.-]+\w)?")
_REPOST = re.compile(r"^RT @\w+: ?")
_DIGITS = re.compile(r"[0-9]+")
_STRETCHED = re.compile(r"([^\W\d])\1{3,}|([^\w\s])\2{3,}")
_SPACES = re.compile(r"[^\S\n]+")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2014": "-", "\u2013": "-"})
_ENTITIES = (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&quot;", '"'))


def clean(text: str) -> str:
    """The first `READ_CHARACTERS` of a text on one line, compatibility forms folded (NFKC), entities resolved.

    Lone surrogates become U+FFFD, so that whatever comes after may encode it. Never raises.
    """
    text = text[:READ_CHARACTERS]
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8").translate(_QUOTES)
        # One character may unfold to eighteen (U+FDFA): the cap holds after it too.
        text = unicodedata.normalize("NFKC", text)[:READ_CHARACTERS]
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    text = text.strip()
    return _REPOST.sub("", text) if text.startswith("RT @") else text


def normalise(cleaned: Sequence[str]) -> list[str]:
    """Lower case, one mark for each handle and link, one 0 for each number, stretched letters cut to three.

    Takes what `clean` returned: no text may hold a line feed, because the batch is one string while the patterns run
    (a third of the time of running them on each text).
    """
    if not cleaned:
        return []
    batch = _LINK.sub(f" {LINK} ", "\n".join(cleaned))
    batch = _HANDLE.sub(HANDLE, batch).lower()
    batch = _STRETCHED.sub(r"\1\1\1\2\2\2", _DIGITS.sub("0", batch))
    return [line.strip() for line in _SPACES.sub(" ", batch).split("\n")]


def words_only(cleaned: str) -> str:
    """What identifies the language: no links, no handles, no # before a tag."""
    text = _LINK.sub(" ", cleaned) if "://" in cleaned or "www." in cleaned else cleaned
    return _HANDLE.sub(" ", text).replace("#", "") if "@" in text or "#" in text else text
