"""Fits the models of `services/tagging/` on the labelled texts in the folder named by SOUNDINGS_DATA.

    SOUNDINGS_DATA=… OMP_NUM_THREADS=1 python -m benchmarks.train_tagging --out services/tagging/weights.npz

Deterministic: the same texts and the same library versions give the same file. The file holds numbers by hash of an
n-gram, no text.
"""

import argparse
import gzip
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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


STATEMENTS = "statements"
"""A public body's own posts: it does not complain to itself. They teach that "flood" and "sewage" are its business, not
a complaint; without them half of all mentions of such a body were called complaints. (Tried for the offensive model
too: it then took a handle at the start, which the labelled insults have and statements have not, for an insult.)"""
CALM = "calm"
"""Posts labelled positive or neutral by mood: they complain of nothing, whatever else 1,100 posts to firms suggest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One labelled file and the heads that are fitted on it."""

    name: str
    classes: tuple[str, ...]
    """Label that each head stands for."""
    heads: tuple[str, ...]
    strength: float
    """Inverse regularisation (C) of the logistic regression, from .5, 1, 3, 8."""
    counterexamples: Mapping[str, float] = field(default_factory=dict)
    """Weight of each post of another corpus that is taken to be none of this, beside 1 for a labelled post."""


TASKS = (
    Task(name="sentiment", classes=HEADS[:SENTIMENTS], heads=HEADS[:SENTIMENTS], strength=1.0),
    Task(name="offensive", classes=("offensive",), heads=("offensive",), strength=3.0),
    Task(
        name="complaints",
        classes=("complaint",),
        heads=("complaint",),
        strength=3.0,
        counterexamples={STATEMENTS: 0.3, CALM: 0.1},
    ),
    Task(name="suggestions", classes=("suggestion",), heads=("suggestion",), strength=3.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    texts: list[str]
    labels: Labels
    words: Any
    characters: Any
    signals: Floats

    def part(self, rows: Rows) -> "Corpus":
        return Corpus(
            texts=[self.texts[row] for row in rows],
            labels=self.labels[rows],
            words=self.words[rows],
            characters=self.characters[rows],
            signals=self.signals[rows],
        )

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
    return measured([row["text"] for row in rows], [row["label"] for row in rows])


def statements(folder: Path) -> Corpus:
    """Each post of the agency's own once, reposts left out."""
    distinct: dict[str, str] = {}
    with gzip.open(folder / "stream" / "ea-dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for post in map(json.loads, file):
            if post["own_account"] and post["kind"] != "retweet":
                distinct.setdefault(re.sub(r"\W+", "", post["text"])[:60], post["text"])
    return measured(list(distinct.values()), ["not"] * len(distinct))


def measured(texts: list[str], labels: list[str]) -> Corpus:
    cleaned = [clean(text) for text in texts]
    normalised = normalise(cleaned)
    batch = count(normalised, word_hashes())
    lexicon = valences()
    dense = [signals(*row, lexicon) for row in zip(cleaned, normalised, batch.tokens, strict=True)]
    return Corpus(
        texts=texts,
        labels=np.array(labels),
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

    def with_helpers(self, helpers: Sequence["Fitted"], shares: Floats) -> "Fitted":
        """This model plus the helpers' scores times `shares` (their heads by own heads), as one model."""
        total, start = self, 0
        for helper in helpers:
            share = shares[start : start + len(helper.bias)]
            start += len(helper.bias)
            total = Fitted(
                words=total.words + helper.words @ share,
                characters=total.characters + helper.characters @ share,
                signals=total.signals + helper.signals @ share,
                bias=total.bias + helper.bias @ share,
            )
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a model is fitted on: rows of corpora, each with its weight."""

    parts: Sequence[tuple[Corpus, Rows, float]]

    def block(self, name: str) -> Any:
        return sparse.vstack([getattr(corpus, name)[rows] for corpus, rows, _ in self.parts]).tocsr()

    def dense(self, helpers: Sequence[Fitted]) -> Floats:
        return np.vstack(
            [
                np.hstack([corpus.signals[rows], *(helper.scores(corpus, rows) for helper in helpers)])
                for corpus, rows, _ in self.parts
            ]
        )

    def targets(self, task: Task) -> tuple[npt.NDArray[Any], Floats]:
        """What each row is, and its weight: classes weigh alike in sum."""
        labels = [corpus.labels[rows] if place == 0 else "not" for place, (corpus, rows, _) in enumerate(self.parts)]
        known = np.concatenate(
            [np.broadcast_to(one, len(part[1])) for one, part in zip(labels, self.parts, strict=True)]
        )
        weights = np.concatenate([np.full(len(rows), weight) for _, rows, weight in self.parts])
        targets = known if len(task.heads) > 1 else known == task.classes[0]
        for value in np.unique(targets):
            weights[targets == value] *= len(targets) / weights[targets == value].sum() / len(np.unique(targets))
        return targets, weights


def fit(task: Task, data: Mapping[str, Corpus], rows: Rows, helpers: Sequence[Fitted] = ()) -> Fitted:
    """Logistic regression (softmax for several heads), classes weighted alike.

    The scores of `helpers`, models of other tasks fitted on other texts, join the signals: a complaint is easier to see
    for who has seen 8,000 moods. A linear model of linear scores is one linear model, so they fold into the weights.
    """
    others = [(data[name], every(data[name]), weight) for name, weight in task.counterexamples.items()]
    sample = Sample(parts=[(data[task.name], rows, 1.0), *others])
    words, characters, dense = sample.block("words"), sample.block("characters"), sample.dense(helpers)
    factors = [_inverse_frequency(words), _inverse_frequency(characters)]
    middle, spread = dense.mean(axis=0), dense.std(axis=0) + 1e-6
    standard = sparse.csr_matrix((dense - middle) / spread * SIGNAL_WEIGHT)
    blocks = [words @ sparse.diags(factors[0]), characters @ sparse.diags(factors[1]), standard]
    targets, weights = sample.targets(task)
    machine = LogisticRegression(C=task.strength, max_iter=300, tol=1e-3)
    machine.fit(sparse.hstack(blocks).tocsr(), targets, sample_weight=weights)
    order = [list(machine.classes_).index(one) for one in task.classes] if len(task.heads) > 1 else [0]
    return _fitted(machine, order, factors, middle, spread).with_helpers(
        helpers, _signal_weights(machine, order, spread)[len(SIGNALS) :].astype(np.float32)
    )


def _signal_weights(machine: Any, order: Sequence[int], spread: Floats) -> Floats:
    weights: Floats = machine.coef_[order].T[2 << BITS :] * (SIGNAL_WEIGHT / spread)[:, None]
    return weights


def _fitted(machine: Any, order: Sequence[int], factors: Sequence[Floats], middle: Floats, spread: Floats) -> Fitted:
    weights = machine.coef_[order].T
    size = 1 << BITS
    signal_weights = _signal_weights(machine, order, spread)
    return Fitted(
        words=(weights[:size] * factors[0][:, None]).astype(np.float32),
        characters=(weights[size : 2 * size] * factors[1][:, None]).astype(np.float32),
        signals=signal_weights[: len(SIGNALS)].astype(np.float32),
        bias=(machine.intercept_[order] - middle @ signal_weights).astype(np.float32),
    )


def _inverse_frequency(block: Any) -> Floats:
    """Smoothed inverse document frequency, and the factor that gives the block's rows a mean square of 1."""
    found = np.bincount(block.indices, minlength=block.shape[1])
    inverse = np.log((1 + block.shape[0]) / (1 + found)) + 1
    weighted = block @ sparse.diags(inverse)
    length = np.sqrt(weighted.multiply(weighted).sum() / block.shape[0])
    factor: Floats = (inverse / length).astype(np.float32)
    return factor


def corpora(folder: Path) -> dict[str, Corpus]:
    """The labelled files by task, and what counterexamples are drawn from."""
    data = {task.name: read(folder, task.name) for task in TASKS}
    moods = data["sentiment"]
    return {**data, STATEMENTS: statements(folder), CALM: moods.part(np.flatnonzero(moods.labels != "negative"))}


def fit_alone(data: Mapping[str, Corpus]) -> dict[str, Fitted]:
    """Each task from its own texts alone, without counterexamples: what helps the others.

    A helper that had learned "calm" posts by heart would tell the mood model their labels.
    """
    return {task.name: fit(replace(task, counterexamples={}), data, every(data[task.name])) for task in TASKS}


def every(corpus: Corpus) -> Rows:
    return np.arange(len(corpus.texts))


def assemble(parts: Mapping[str, Fitted]) -> Model:
    ordered = [parts[task.name] for task in TASKS]
    return Model(
        words=np.ascontiguousarray(np.hstack([part.words for part in ordered])),
        characters=np.ascontiguousarray(np.hstack([part.characters for part in ordered])),
        signals=np.hstack([part.signals for part in ordered]),
        bias=np.hstack([part.bias for part in ordered]),
    )


def train(data: Mapping[str, Corpus]) -> Model:
    alone = fit_alone(data)
    return assemble({task.name: fit(task, data, every(data[task.name]), helpers(task, alone)) for task in TASKS})


def helpers(task: Task, alone: Mapping[str, Fitted]) -> list[Fitted]:
    return [alone[other.name] for other in TASKS if other.name != task.name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True, help="the weights file to write")
    out: Path = parser.parse_args().out
    model = train(corpora(Path(os.environ["SOUNDINGS_DATA"])))
    assert model.signals.shape[0] == len(SIGNALS)
    save(model, out)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
