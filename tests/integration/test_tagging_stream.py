"""The shipped weights on a real agency's stream; skipped where SOUNDINGS_DATA does not name one."""

import gzip
import json
import os
from pathlib import Path
from statistics import mean

import pytest

from soundings.services.domain.posts import SpeechAct
from soundings.services.tagging.tagger import load_tagger
from soundings.services.tagging.urgent import urgency

pytestmark = pytest.mark.data
FIRST = 20_000


@pytest.fixture(scope="module")
def posts() -> list[dict[str, object]]:
    folder = os.environ.get("SOUNDINGS_DATA")
    if not folder:
        pytest.skip("SOUNDINGS_DATA is not set: no stream to measure on")
    with gzip.open(Path(folder) / "stream" / "ea-dev.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for _, line in zip(range(FIRST), file, strict=False)]


def test_a_public_body_is_not_hostile_to_itself(posts: list[dict[str, object]]) -> None:
    """Warnings and news of the agency's own count as hostile or as complaints in fewer than one of twenty."""
    texts = [str(post["text"]) for post in posts if post["own_account"]]
    tags = load_tagger().tag(texts, ["en"] * len(texts))
    assert mean(one.hostility >= 0.5 for one in tags) < 0.05
    assert mean(SpeechAct.COMPLAINT in one.acts for one in tags) < 0.05


def test_the_public_is_more_hostile_than_the_agency(posts: list[dict[str, object]]) -> None:
    """Hostility tells the public's answers from the agency's statements by a wide margin."""
    ours = [str(post["text"]) for post in posts if post["own_account"]]
    theirs = [str(post["text"]) for post in posts if not post["own_account"] and post["kind"] == "reply"]
    of = {
        name: mean(one.hostility for one in load_tagger().tag(texts, ["en"] * len(texts)))
        for name, texts in {"ours": ours, "theirs": theirs}.items()
    }
    assert of["theirs"] > 2 * of["ours"]


def test_danger_is_rare(posts: list[dict[str, object]]) -> None:
    """What goes to a person at once is less than one post in a thousand, floods included."""
    fired = sum(urgency(str(post["text"])) is not None for post in posts)
    assert fired < len(posts) / 1000
