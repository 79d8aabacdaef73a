"""Themes of an agency's real stream: speed, size of the state, and how well they meet keyword rules.

    SOUNDINGS_DATA=... OMP_NUM_THREADS=1 python benchmarks/theme_rules.py

Prints one JSON object a line: for each rule with at least 100 posts of its period the share that has a theme, and of
at most three themes the share of these posts that lies in them and the share of them that is the rule's.
"""

import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryFile

from soundings.services.themes.encoder import StaticEncoder
from soundings.services.themes.files import FilePost, read_posts
from soundings.services.themes.run import one_pass, resolve
from soundings.services.themes.state import to_bytes

LEAST_POSTS = 100
HAVE, INSIDE, PURE = 0.7, 0.8, 0.7
"""The marks: share with a theme, share of these in at most three themes, share of those themes."""
LOOKED_AT = 14
"""Themes with most of a rule's posts, of which up to three are chosen to come closest to the marks."""


def themes_of(posts: Sequence[FilePost]) -> list[str | None]:
    """The theme of each post at the end of the pass, as `soundings themes FILE` says it."""
    start = time.process_time()
    with TemporaryFile() as spool, TemporaryFile() as out:
        done = one_pass(posts, StaticEncoder(), spool)
        spent = time.process_time() - start
        resolve(spool, done, out)
        out.seek(0)
        found = [json.loads(line)["theme"] for line in out]
    state = len(to_bytes(done.engine))
    print(json.dumps({"posts_per_cpu_second": round(len(posts) / spent), "state_bytes": state}), flush=True)
    return found


def closest(inside: Mapping[str, int], size: Mapping[str, int]) -> tuple[float, float]:
    """Coverage and purity of the up to three themes that come closest to both marks."""
    total, tried = sum(inside.values()), [theme for theme, _ in Counter(inside).most_common(LOOKED_AT)]
    found = []
    for number in (1, 2, 3):
        for chosen in combinations(tried, number):
            held = sum(inside[theme] for theme in chosen)
            found.append((held / total, held / sum(size[theme] for theme in chosen)))
    return max(found, key=lambda marks: min(marks[0] / INSIDE, 1) + min(marks[1] / PURE, 1), default=(0.0, 0.0))


def rules(data: Path) -> Iterator[dict[str, object]]:
    posts = [i for i in read_posts(data / "stream" / "ea-dev.jsonl.gz") if isinstance(i, FilePost) and not i.ours]
    truth = json.loads((data / "stream" / "themes_truth.json").read_text())
    first, end = truth["period"]
    themes = themes_of(posts)
    told = [
        (item.post.text, theme)
        for item, theme in zip(posts, themes, strict=True)
        if item.post.created_at and first <= item.post.created_at.date().isoformat() < end
    ]
    size = Counter(theme for _, theme in told if theme is not None)
    for rule in truth["themes"]:
        sought = re.compile(rule["regex"], re.IGNORECASE)
        held = [theme for text, theme in told if sought.search(text)]
        if len(held) < LEAST_POSTS:
            continue
        inside = Counter(theme for theme in held if theme is not None)
        have, (covered, pure) = inside.total() / len(held), closest(inside, size)
        met = have >= HAVE and covered >= INSIDE and pure >= PURE
        marks = {"have_a_theme": round(have, 3), "in_three": round(covered, 3), "pure": round(pure, 3)}
        yield {"rule": rule["id"], "posts": len(held), **marks, "met": met}


if __name__ == "__main__":
    folder = os.environ.get("SOUNDINGS_DATA")
    if not folder:
        sys.exit("SOUNDINGS_DATA names the folder of the measuring data")
    for row in rules(Path(folder)):
        print(json.dumps(row), flush=True)
