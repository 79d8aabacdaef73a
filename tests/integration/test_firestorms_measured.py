"""The floor of the detector's quality on the measuring data: an agency's real mentions, marked by two readers."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from soundings.services.firestorms.archive import Archive
from soundings.services.firestorms.report import run_all
from soundings.services.firestorms.scoring import events, score
from soundings.services.firestorms.told import told
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.tagging.tagger import load_tagger

DATA = os.environ.get("SOUNDINGS_DATA", "")


@pytest.mark.data
@pytest.mark.timeout(900)
@pytest.mark.skipif(not DATA, reason="SOUNDINGS_DATA names no measuring data")
def test_better_than_every_documented_rule() -> None:
    """At least 95 % of what both readers would tell is found, 40 minutes on at the median, with few needless alerts."""
    folder = Path(DATA) / "stream"
    book = load_accounts(folder / "accounts.toml")
    archive = Archive(
        folder / "ea-dev.jsonl.gz", book, Pseudonyms("a fixed key for measuring", book.named), load_tagger()
    )
    test = run_all(archive.read(datetime.now(UTC)), book, ())[0]
    lines = (folder / "events-dev.jsonl").read_text(encoding="utf-8").splitlines()
    result = score(
        told(test.outcome.steps, book),
        events(json.loads(line) for line in lines),
        datetime(2020, 9, 29, tzinfo=UTC),
        datetime(2021, 4, 1, tzinfo=UTC),
    )
    assert result.recall is not None
    assert result.recall >= 0.95
    assert result.needless_a_week <= 0.40
    assert result.delay_median is not None
    assert result.delay_median <= 40
    assert result.delay_p90 is not None
    assert result.delay_p90 <= 120
    right, asked = result.kinds
    assert right >= 0.8 * asked
    right, asked = result.triggers
    assert right >= 0.7 * asked
    assert result.repeated <= 0.25 * result.found
