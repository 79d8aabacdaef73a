"""Measures the tags: five folds on the labelled texts, VADER beside them, and the speed on one core.

    SOUNDINGS_DATA=… OMP_NUM_THREADS=1 python -m benchmarks.tagging            quality (minutes)
    SOUNDINGS_DATA=… OMP_NUM_THREADS=1 python -m benchmarks.tagging --speed    speed (seconds)

Quality is that of the whole of `tag()`, rules and language included: for each fold the head under test is fitted on the
other four; the other heads are those fitted on their own texts alone, so that no test text reaches any of them.
"""

import argparse
import gzip
import json
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score, recall_score
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.train_tagging import TASKS, Corpus, Labels, Rows, Task, assemble, corpora, fit, fit_alone, helpers
from soundings.services.domain.posts import SpeechAct, Tags
from soundings.services.tagging.tagger import HashedTagger, load_tagger

RUNS = 7
"""Of the speed. Other work on the machine slows a run down, hence the median, and processor time beside it."""


def answer(task: Task, tags: Tags) -> str:
    """The label of the task that the tags amount to."""
    if task.name == "sentiment":
        return tags.sentiment.value
    if task.name == "offensive":
        return "offensive" if tags.offensive else "not"
    act = SpeechAct(task.classes[0])
    return task.classes[0] if act in tags.acts else "not"


def vader_answer(task: Task, compound: float) -> str:
    """VADER's own cuts (0.05) for sentiment; elsewhere "negative", all it can say of a complaint or insult."""
    if task.name == "sentiment":
        return "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"
    return task.classes[0] if compound <= -0.05 else "not"


def score(task: Task, truth: Labels, answers: Labels) -> float:
    if task.name == "sentiment":
        return float(recall_score(truth, answers, average="macro"))
    if task.name == "offensive":
        return float(f1_score(truth, answers, average="macro"))
    return float(f1_score(truth, answers, pos_label=task.classes[0]))


MEASURE = {"sentiment": "macro recall", "offensive": "macro F1", "complaints": "F1", "suggestions": "F1"}


def quality(folder: Path) -> dict[str, dict[str, object]]:
    data = corpora(folder)
    alone = fit_alone(data)
    analyser = SentimentIntensityAnalyzer()
    table: dict[str, dict[str, object]] = {}
    for task in TASKS:
        corpus = data[task.name]
        compounds = [analyser.polarity_scores(text)["compound"] for text in corpus.texts]
        vader = np.array([vader_answer(task, compound) for compound in compounds])
        ours, theirs = [], []
        for inside, outside in corpus.folds(task.name):
            model = assemble({**alone, task.name: fit(task, data, inside, helpers(task, alone))})
            answers = answers_of(task, corpus, HashedTagger(model), outside)
            ours.append(score(task, corpus.labels[outside], answers))
            theirs.append(score(task, corpus.labels[outside], vader[outside]))
        table[task.name] = {
            "measure": MEASURE[task.name],
            "soundings": round(statistics.mean(ours), 3),
            "folds": [round(one, 3) for one in ours],
            "vader": round(statistics.mean(theirs), 3),
        }
    return table


def answers_of(task: Task, corpus: Corpus, tagger: HashedTagger, rows: Rows) -> Labels:
    texts = [corpus.texts[row] for row in rows]
    return np.array([answer(task, tags) for tags in tagger.tag(texts, [None] * len(texts))])


def speed(folder: Path) -> dict[str, object]:
    """Texts a second of `tag()` on 10,000 real mentions, without and with the source's claim of the language."""
    with gzip.open(folder / "stream" / "ea-dev.jsonl.gz", "rt", encoding="utf-8") as file:
        posts = [json.loads(next(file)) for _ in range(10_000)]
    texts = [str(post["text"]) for post in posts]
    claims = [post["lang"] for post in posts]
    started = time.perf_counter()
    tagger = load_tagger()
    loaded = time.perf_counter() - started

    def rate(batch: int, size: int, langs: Sequence[str | None]) -> tuple[float, float]:
        begun, used = time.perf_counter(), time.process_time()
        for start in range(0, size, batch):
            tagger.tag(texts[start : start + batch], langs[start : start + batch])
        return size / (time.perf_counter() - begun), size / (time.process_time() - used)

    unknown: list[str | None] = [None] * len(texts)
    cases = {"batch of 500": (500, 10_000, unknown), "batch of 500, language claimed": (500, 10_000, claims)}
    cases["one by one"] = (1, 1_000, unknown)
    rates = {name: [rate(*case) for _ in range(RUNS)] for name, case in cases.items()}
    return {
        "load_seconds": round(loaded, 2),
        "texts_per_second": {name: _spread([wall for wall, _ in measured]) for name, measured in rates.items()},
        "texts_per_second_of_processor_time": {name: _spread([cpu for _, cpu in m]) for name, m in rates.items()},
    }


def _spread(rates: Sequence[float]) -> dict[str, int]:
    return {"median": round(statistics.median(rates)), "slowest": round(min(rates)), "fastest": round(max(rates))}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--speed", action="store_true", help="the speed instead of the quality")
    folder = Path(os.environ["SOUNDINGS_DATA"])
    print(json.dumps(speed(folder) if parser.parse_args().speed else quality(folder), indent=2))


if __name__ == "__main__":
    main()
