"""Tags for texts: language, sentiment, hostility, offence and speech acts. Runs on one core, without network access."""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np

from soundings.services.domain.posts import Tags
from soundings.services.tagging import judgement, language
from soundings.services.tagging.cues import FAMILIES
from soundings.services.tagging.features import Batch, Floats, count, word_hashes
from soundings.services.tagging.judgement import Evidence
from soundings.services.tagging.model import HEADS, Model, load, probabilities
from soundings.services.tagging.signals import SIGNALS, emoji_balance, signals, valences
from soundings.services.tagging.text import clean, normalise

_ADDRESSED = SIGNALS.index("second_person")
_QUESTIONS = SIGNALS.index("questions")
_CUES = tuple(SIGNALS.index(f"cue_{family.value}") for family in FAMILIES)
_AT_ONCE = 500
"""Texts that go through the arrays together: more gain no speed, and hold more memory."""


class Tagger(Protocol):
    def tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        """Tags of each text, in order; `langs` is what the source says of each. Never raises on any text.

        Deterministic; the tags of a text do not depend on the texts beside it.
        """


class HashedTagger:
    """The models of `weights.npz` and the rules of `judgement`."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._lexicon = valences()
        self._hashes = word_hashes()

    def tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        if len(texts) != len(langs):
            raise ValueError(f"{len(texts)} texts but {len(langs)} claims of a language")
        tagged: list[Tags] = []
        for start in range(0, len(texts), _AT_ONCE):
            tagged += self._tag(texts[start : start + _AT_ONCE], langs[start : start + _AT_ONCE])
        return tagged

    def _tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        cleaned = [clean(text) for text in texts]
        normalised = normalise(cleaned)
        batch = count(normalised, self._hashes)
        dense = self._signals(cleaned, normalised, batch)
        chances = probabilities(self._model.logits(batch, dense)).tolist()
        rows = zip(cleaned, batch.tokens, dense.tolist(), chances, langs, strict=True)
        return [judge(*row) for row in rows]

    def _signals(self, cleaned: Sequence[str], normalised: Sequence[str], batch: Batch) -> Floats:
        rows = zip(cleaned, normalised, batch.tokens, strict=True)
        return np.array([signals(*row, self._lexicon) for row in rows], np.float32)


def judge(
    cleaned: str, tokens: Sequence[str], dense: Sequence[float], chances: Sequence[float], hint: str | None
) -> Tags:
    """Tags of one text from what was measured on it."""
    lang = language.identify(cleaned, tokens, hint)
    english = lang in (language.ENGLISH, language.UNDETERMINED)
    evidence = Evidence(
        probability=dict(zip(HEADS, chances, strict=True)),
        cue={family: dense[column] for family, column in zip(FAMILIES, _CUES, strict=True)},
        question_marks=int(dense[_QUESTIONS]) + cleaned.count("\u061f"),
        tokens=tokens,
        english=english,
        addressed=dense[_ADDRESSED] > 0,
        emoji=0.0 if english else emoji_balance(tokens),
    )
    felt = judgement.sentiment(evidence)
    return Tags(
        lang=lang,
        sentiment=felt,
        hostility=judgement.hostility(evidence),
        offensive=judgement.offensive(evidence),
        acts=judgement.acts(evidence, felt),
    )


@cache
def load_tagger() -> Tagger:
    """The tagger of this process: reads the weights and the language model once (under a second).

    Raises:
        WeightsError: the installation lacks its weights.
    """
    language.load()
    return HashedTagger(load())
