"""Themes on public collections: the quality that is promised, with one setting."""

import csv
import json
import os
import random
from pathlib import Path

import pytest
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

from soundings.services.domain.themes import ThemePost
from soundings.services.themes.encoder import StaticEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.lineage import MemoryLineage

DATA = os.environ.get("SOUNDINGS_DATA")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="SOUNDINGS_DATA does not name the measuring data"),
]


def collection(file: str, text: str, label: str, *, shuffle: bool) -> tuple[list[str], list[str]]:
    path = Path(DATA or "") / "themes" / file
    with path.open(newline="") as handle:
        rows = list(csv.DictReader(handle)) if path.suffix == ".csv" else [json.loads(line) for line in handle]
    if shuffle:
        random.Random(7).shuffle(rows)
    return [row[text] for row in rows], [str(row[label]) for row in rows]


@pytest.mark.parametrize(
    ("file", "text", "label", "shuffle", "nmi", "ami"),
    [
        ("mstream_News-T.jsonl", "textCleaned", "clusterNo", False, 0.915, 0.89),
        ("mstream_News.jsonl", "textCleaned", "clusterNo", False, 0.91, 0.89),
        ("banking77_train.csv", "text", "category", True, 0.70, 0.68),
        ("clinc150_train.jsonl", "text", "label", True, 0.79, 0.745),
    ],
)
def test_one_setting_serves_all_collections(
    file: str, text: str, label: str, shuffle: bool, nmi: float, ami: float
) -> None:
    texts, truth = collection(file, text, label, shuffle=shuffle)
    lineage = MemoryLineage()
    engine = ThemeEngine(StaticEncoder(), lineage=lineage)
    made = engine.assign([ThemePost(id=str(n), text=body) for n, body in enumerate(texts)])
    engine.regroup()
    found = [f"alone-{a.post}" if a.micro is None else str(lineage.theme(a.micro)) for a in made]
    assert normalized_mutual_info_score(truth, found) >= nmi
    assert adjusted_mutual_info_score(truth, found) >= ami
    assert len(set(found)) <= 3 * len(set(truth))
