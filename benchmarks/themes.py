"""Theme finding measured: quality on public collections, speed on one core, memory over a long stream.

    SOUNDINGS_DATA=... OMP_NUM_THREADS=1 python benchmarks/themes.py [quality] [compare] [memory]

Prints one JSON object a line. `compare` runs river's and the authors' textClust on the same texts in the same
process where they are installed (neither is a dependency), and says why not where they are not.
"""

import csv
import importlib.util
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from soundings.services.domain.themes import ThemePost
from soundings.services.themes.encoder import Encoder, NoEncoder, StaticEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.lineage import MemoryLineage
from soundings.services.themes.state import to_bytes
from soundings.services.themes.tuning import least_support

SEED = 7
"""Shuffles the two collections that are sorted by label, so that they make a stream."""
LONG_RUN = 500_000
LONG_RUN_REPORTS = 10
BATCH = 64

Labelled = tuple[list[str], list[str]]


def tell(**values: object) -> None:
    print(json.dumps(values), flush=True)


def collections(data: Path) -> Iterator[tuple[str, Labelled]]:
    for name in ("News-T", "News"):
        rows = _json_lines(data / "themes" / f"mstream_{name}.jsonl")
        yield name, ([row["textCleaned"] for row in rows], [str(row["clusterNo"]) for row in rows])
    with (data / "themes" / "banking77_train.csv").open(newline="") as handle:
        banking = list(csv.DictReader(handle))
    random.Random(SEED).shuffle(banking)
    yield "Banking77", ([row["text"] for row in banking], [row["category"] for row in banking])
    intents = _json_lines(data / "themes" / "clinc150_train.jsonl")
    random.Random(SEED).shuffle(intents)
    yield "CLINC150", ([row["text"] for row in intents], [row["label"] for row in intents])


def _json_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def scores(truth: Sequence[str], guess: Sequence[object]) -> dict[str, float]:
    from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

    named = [str(value) for value in guess]
    return {
        "nmi": round(normalized_mutual_info_score(truth, named), 4),
        "ami": round(adjusted_mutual_info_score(truth, named), 4),
        "themes": len(set(named)),
        "true": len(set(truth)),
    }


def one_pass(texts: Sequence[str], encoder: Encoder) -> tuple[list[object], list[object]]:
    """The theme of each text at the end of the pass, and the one said when it was read; alone where it has none."""
    lineage = MemoryLineage()
    engine = ThemeEngine(encoder, lineage=lineage)
    posts = [ThemePost(id=str(number), text=text) for number, text in enumerate(texts)]
    made = [a for start in range(0, len(posts), BATCH) for a in engine.assign(posts[start : start + BATCH])]
    engine.regroup()
    now = [None if a.micro is None else lineage.theme(a.micro) for a in made]
    support = Counter(theme for theme in now if theme is not None)
    least = least_support(support.total(), engine.tuning, timed=False)
    end: list[object] = [
        theme if theme is not None and support[theme] >= least else f"alone-{number}"
        for number, theme in enumerate(now)
    ]
    return end, [a.theme or f"alone-{a.post}" for a in made]


def quality(data: Path) -> None:
    for encoder in (StaticEncoder(), NoEncoder()):
        for name, (texts, truth) in collections(data):
            start = time.process_time()
            end, at_once = one_pass(texts, encoder)
            rate = round(len(texts) / (time.process_time() - start))
            tell(set=name, method=f"soundings, {encoder.name}", **scores(truth, end), texts_per_cpu_second=rate)
            tell(set=name, method=f"soundings, {encoder.name}, as said at once", **scores(truth, at_once))


def compare(data: Path) -> None:
    for name, (texts, truth) in collections(data):
        for method, run in (("river TextClust", _river), ("textClust (authors)", _authors)):
            start = time.process_time()
            found = run(texts)
            if isinstance(found, str):
                tell(set=name, method=method, skipped=found)
                continue
            rate = round(len(texts) / (time.process_time() - start))
            tell(set=name, method=method, **scores(truth, found), texts_per_cpu_second=rate)


def _river(texts: Sequence[str]) -> list[object] | str:
    if importlib.util.find_spec("river") is None:
        return "river is not installed: pip install river"
    from river import cluster, feature_extraction  # type: ignore[import-not-found,unused-ignore]

    words = feature_extraction.BagOfWords(lowercase=True, ngram_range=(1, 2))
    # Its authors' settings for short texts, real time fading off because files have no clock.
    model = cluster.TextClust(real_time_fading=False, fading_factor=0.001, tgap=100, auto_r=True, auto_merge=True)
    found: list[object] = []
    for text in texts:
        held = words.transform_one(text)
        model.learn_one(held)
        found.append(model.predict_one(held, type="micro"))
    return found


def _authors(texts: Sequence[str]) -> list[object] | str:
    if importlib.util.find_spec("textClust") is None:
        return "textClust is not installed, and this machine's package index has no release of it"
    from textClust import Preprocessor, textclust  # type: ignore[import-not-found,unused-ignore]

    model = textclust(radius=0.3, _lambda=0.001, tgap=100, auto_r=True, auto_merge=True)
    prepare = Preprocessor(max_grams=2, stemming=False, stopword_removal=False, hashtag=False, username=False)
    return [model.update(prepare.preprocess(text), n) for n, text in enumerate(texts)]


def memory(_: Path) -> None:
    """A made-up stream whose subjects and words keep changing; a third of it are reposts."""
    engine = ThemeEngine(StaticEncoder())
    # Its pages are otherwise taken up one by one, which looks like growth.
    engine.micro.words.fill(0)
    chance = random.Random(SEED)
    process, start = psutil.Process(), time.process_time()
    recent: list[str] = ["the first post of all"]
    for number in range(0, LONG_RUN, BATCH):
        batch = []
        for index in range(number, number + BATCH):
            recent.append(chance.choice(recent) if chance.random() < 1 / 3 else _made_up(chance, index))
            batch.append(ThemePost(id=str(index), text=recent[-1], voice=f"v{chance.randrange(50_000)}"))
        del recent[:-1_000]
        engine.assign(batch)
        if (number // BATCH) % (LONG_RUN // BATCH // LONG_RUN_REPORTS) == 0:
            resident = round(process.memory_info().rss / 2**20)
            state = round(len(to_bytes(engine)) / 2**20, 1)
            tell(posts=number + BATCH, resident_mib=resident, state_mib=state, opened=engine.opened)
    tell(posts=LONG_RUN, posts_per_cpu_second=round(LONG_RUN / (time.process_time() - start)))


def _made_up(chance: random.Random, index: int) -> str:
    """A post on one of 60 subjects of its time; every 20,000 posts a third of the subjects are new ones."""
    subject = index // 20_000 * 20 + chance.randrange(60)
    own = [f"thing{subject}x{chance.randrange(30)}" for _ in range(4)]
    common = chance.choices(("late", "again", "why", "road", "water", "please", "today", "never"), k=5)
    return " ".join(chance.sample(own + common, 9))


if __name__ == "__main__":
    parts: dict[str, Callable[[Path], None]] = {"quality": quality, "compare": compare, "memory": memory}
    wanted = sys.argv[1:] or list(parts)
    folder = os.environ.get("SOUNDINGS_DATA")
    if not folder and set(wanted) - {"memory"}:
        sys.exit("SOUNDINGS_DATA names the folder of the measuring data; without it only `memory` can be measured")
    for part in wanted:
        parts[part](Path(folder or "."))
