"""Fits the models of `services/tagging/` on the labelled texts in the folder named by SOUNDINGS_DATA.

    SOUNDINGS_DATA=… OMP_NUM_THREADS=1 python benchmarks/train_tagging.py --out services/tagging/weights.npz

Deterministic: the same texts and the same library versions give the same file. The file holds numbers by hash of an
n-gram, no text.
"""

import argparse
import gzip
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from soundings.services.tagging.features import BITS, Block, Floats, count, word_hashes
from soundings.services.tagging.model import HEADS, SENTIMENTS, Model, save
from soundings.services.tagging.signals import SIGNALS, signals, valences
from soundings.services.tagging.text import clean, normalise

Labels = npt.NDArray[np.str_]
Rows = npt.NDArray[np.intp]

SEED = 0
FOLDS = 5
SIGNAL_WEIGHT = 0.2
"""Standardised signals against n-gram blocks of unit length: of .1, .2, .4 the middle was best or level on all four."""
POST_SENTENCES = 50
"""Consecutive sentences of the forum data are of the same posts: whole runs of them go to one fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One labelled file and the heads that are fitted on it."""

    name: str
    classes: tuple[str, ...]
    """Label that each head stands for."""
    heads: tuple[str, ...]
    strength: float
    """Inverse regularisation (C) of the logistic regression."""


TASKS = (
    Task(name="sentiment", classes=HEADS[:SENTIMENTS], heads=HEADS[:SENTIMENTS], strength=1.0),
    Task(name="offensive", classes=("offensive",), heads=("offensive",), strength=1.0),
    Task(name="complaints", classes=("complaint",), heads=("complaint",), strength=3.0),
    Task(name="suggestions", classes=("suggestion",), heads=("suggestion",), strength=3.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    texts: list[str]
    labels: Labels
    words: Any
    characters: Any
    signals: Floats

    def groups(self, name: str) -> Rows:
        """Rows that must not be parted between training and test: the same post, or the same words."""
        if name == "suggestions":
            return np.arange(len(self.texts)) // POST_SENTENCES
        seen: dict[str, int] = {}
        return np.array([seen.setdefault(re.sub(r"\W+", "", text.lower()), len(seen)) for text in self.texts])

    def folds(self, name: str) -> list[tuple[Rows, Rows]]:
        splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
        return list(splitter.split(self.texts, self.labels, self.groups(name)))


def read(folder: Path, name: str) -> Corpus:
    with gzip.open(folder / "text" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [row["text"] for row in rows]
    cleaned = [clean(text) for text in texts]
    normalised = normalise(cleaned)
    batch = count(normalised, word_hashes())
    lexicon = valences()
    dense = [signals(*row, lexicon) for row in zip(cleaned, normalised, batch.tokens, strict=True)]
    return Corpus(
        texts=texts,
        labels=np.array([row["label"] for row in rows]),
        words=_scaled(batch.words),
        characters=_scaled(batch.characters),
        signals=np.array(dense, np.float32),
    )


def _scaled(block: Block) -> Any:
    total = sum(block.counts[1:], block.counts[0]).tocsr()
    total.sum_duplicates()
    return (sparse.diags(block.scale) @ total).tocsr()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Weights of one task in the units of `Model`: what the training scaled is scaled back into them."""

    words: Floats
    characters: Floats
    signals: Floats
    bias: Floats

    def scores(self, corpus: Corpus, rows: Rows) -> Floats:
        raw: Floats = corpus.words[rows] @ self.words + corpus.characters[rows] @ self.characters
        return raw + corpus.signals[rows] @ self.signals + self.bias


def fit(task: Task, corpus: Corpus, rows: Rows) -> Fitted:
    """One-against-rest logistic regression for each head of the task, classes weighted alike."""
    factors = [_inverse_frequency(block[rows]) for block in (corpus.words, corpus.characters)]
    middle, spread = corpus.signals[rows].mean(axis=0), corpus.signals[rows].std(axis=0) + 1e-6
    standard = (corpus.signals[rows] - middle) / spread * SIGNAL_WEIGHT
    blocks = [corpus.words[rows] @ sparse.diags(factors[0]), corpus.characters[rows] @ sparse.diags(factors[1])]
    matrix = sparse.hstack([*blocks, sparse.csr_matrix(standard)]).tocsr()
    machine = LogisticRegression(C=task.strength, class_weight="balanced", max_iter=300, tol=1e-3)
    labels = corpus.labels[rows]
    machine.fit(matrix, labels if len(task.heads) > 1 else labels == task.classes[0])
    order = [list(machine.classes_).index(one) for one in task.classes] if len(task.heads) > 1 else [0]
    weights = machine.coef_[order].T
    size = 1 << BITS
    dense = weights[2 * size :] * (SIGNAL_WEIGHT / spread)[:, None]
    return Fitted(
        words=(weights[:size] * factors[0][:, None]).astype(np.float32),
        characters=(weights[size : 2 * size] * factors[1][:, None]).astype(np.float32),
        signals=dense.astype(np.float32),
        bias=(machine.intercept_[order] - middle @ dense).astype(np.float32),
    )


def _inverse_frequency(block: Any) -> Floats:
    """Smoothed inverse document frequency, and the factor that gives the block's rows a mean square of 1."""
    found = np.bincount(block.indices, minlength=block.shape[1])
    inverse = np.log((1 + block.shape[0]) / (1 + found)) + 1
    weighted = block @ sparse.diags(inverse)
    length = np.sqrt(weighted.multiply(weighted).sum() / block.shape[0])
    factor: Floats = (inverse / length).astype(np.float32)
    return factor


def calibrate(scores: Floats, hit: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's slope and shift such that the best cut for F1 of the held-out scores stands at probability one half."""
    machine = LogisticRegression(C=1e6).fit(scores[:, None], hit)
    slope = float(machine.coef_[0, 0])
    order = np.argsort(-scores)
    true = np.cumsum(hit[order])
    flagged = np.arange(1, len(scores) + 1)
    f1 = 2 * true / (flagged + hit.sum())
    # The mean over a band of cuts is steadier than the single best one.
    width = max(len(scores) // 50, 1)
    smooth = np.convolve(f1, np.ones(width) / width, mode="same")
    return slope, -slope * float(scores[order][int(smooth.argmax())])


def train(folder: Path) -> Model:
    parts: list[Fitted] = []
    slope, shift = np.ones(len(HEADS), np.float32), np.zeros(len(HEADS), np.float32)
    for task in TASKS:
        corpus = read(folder, task.name)
        parts.append(fit(task, corpus, np.arange(len(corpus.texts))))
        if len(task.heads) == 1:
            head = HEADS.index(task.heads[0])
            slope[head], shift[head] = held_out_calibration(task, corpus)
    return assemble(parts, slope, shift)


def held_out_calibration(task: Task, corpus: Corpus) -> tuple[float, float]:
    scores = np.zeros(len(corpus.texts), np.float32)
    for inside, outside in corpus.folds(task.name):
        scores[outside] = fit(task, corpus, inside).scores(corpus, outside)[:, 0]
    return calibrate(scores, corpus.labels == task.classes[0])


def assemble(parts: Sequence[Fitted], slope: Floats, shift: Floats) -> Model:
    return Model(
        words=np.hstack([part.words for part in parts]),
        characters=np.hstack([part.characters for part in parts]),
        signals=np.hstack([part.signals for part in parts]),
        bias=np.hstack([part.bias for part in parts]),
        slope=slope,
        shift=shift,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True, help="the weights file to write")
    out: Path = parser.parse_args().out
    model = train(Path(os.environ["SOUNDINGS_DATA"]))
    assert model.signals.shape[0] == len(SIGNALS)
    save(model, out)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
