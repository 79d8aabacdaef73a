"""The linear models: weights of the n-grams and signals for each question that is asked of a text."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy import sparse

from soundings.services.tagging.features import BITS, Batch, Floats
from soundings.services.tagging.signals import SIGNALS

HEADS = ("negative", "neutral", "positive", "offensive", "complaint", "suggestion")
"""The first three compete (softmax); each of the others answers for itself (logistic)."""
SENTIMENTS = 3

WEIGHTS = Path(__file__).with_name("weights.npz")


class WeightsError(Exception):
    """The weights file is missing or belongs to other features: the installation is broken, reinstall or train anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    words: Floats
    """2**BITS by HEADS."""
    characters: Floats
    """2**BITS by HEADS."""
    signals: Floats
    """SIGNALS by HEADS."""
    bias: Floats

    def logits(self, batch: Batch, signals: Floats) -> Floats:
        """Texts by HEADS. A row depends on its own text only, whatever stands beside it.

        The signals go through a sparse product too: a dense one may add up in another order for another batch size.
        """
        raw = batch.words.times(self.words) + batch.characters.times(self.characters)
        logits: Floats = raw + sparse.csr_matrix(signals) @ self.signals + self.bias
        return logits


def probabilities(logits: Floats) -> Floats:
    """Sentiments add up to 1, the other heads stand for themselves.

    They are probabilities as if all classes were equally frequent: the models are fitted with balanced classes, because
    how many posts complain differs from one hour and one agency to the next. One half is the cut.
    """
    sentiments = np.exp(logits[:, :SENTIMENTS] - logits[:, :SENTIMENTS].max(axis=1, keepdims=True))
    sentiments /= sentiments.sum(axis=1, keepdims=True)
    others = 1 / (1 + np.exp(-np.clip(logits[:, SENTIMENTS:], -30, 30)))
    return np.hstack([sentiments, others])


def save(model: Model, path: Path) -> None:
    """Weights of n-grams as int8 with one scale a head: a third of the size, and no figure changes by .002."""
    arrays: dict[str, Any] = {}
    for name in ("words", "characters"):
        weights = getattr(model, name)
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
        arrays[name] = np.round(weights / scale).astype(np.int8)
        arrays[f"{name}_scale"] = scale.astype(np.float32)
    for name in ("signals", "bias"):
        arrays[name] = getattr(model, name).astype(np.float32)
    np.savez_compressed(path, **arrays)


def load(path: Path = WEIGHTS) -> Model:
    """Reads the weights.

    Raises:
        WeightsError: no such file, or made for other features.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            stored = {name: file[name] for name in file.files}
    except (OSError, ValueError, BadZipFile) as error:
        raise WeightsError(f"cannot read the tagging weights: {error}") from error
    shapes = {name: array.shape for name, array in stored.items()}
    if shapes.get("words") != (1 << BITS, len(HEADS)) or shapes.get("signals") != (len(SIGNALS), len(HEADS)):
        raise WeightsError("the tagging weights belong to another version: run benchmarks.train_tagging")
    return Model(
        words=_restored(stored, "words"),
        characters=_restored(stored, "characters"),
        signals=stored["signals"],
        bias=stored["bias"],
    )


def _restored(stored: dict[str, Floats], name: str) -> Floats:
    # Row by row in memory: the sparse product would otherwise copy the whole table at each call (5 ms).
    return np.ascontiguousarray(stored[name].astype(np.float32) * stored[f"{name}_scale"])
