"""Themes of an agency's real stream: speed, size of the state, and how well they meet keyword rules.

    SOUNDINGS_DATA=... OMP_NUM_THREADS=1 python benchmarks/theme_rules.py

Prints one JSON object a line: for each rule with at least 100 posts of its period the share that has a theme, and of
at most three themes the share of these posts that lies in them and the share of them that is the rule's. `one_text` is
the text outside of these themes that most posts repeat: how many do, under how many rules it falls (but one of their
themes can hold it), and the share that lies in the themes without it.
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
from soundings.services.themes.words import print_of

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


def closest(inside: Mapping[str, int], size: Mapping[str, int]) -> tuple[float, float, tuple[str, ...]]:
    """Coverage and purity of the up to three themes that come closest to both marks, and these themes."""
    total, tried = sum(inside.values()), [theme for theme, _ in Counter(inside).most_common(LOOKED_AT)]
    found = []
    for number in (1, 2, 3):
        for chosen in combinations(tried, number):
            held = sum(inside[theme] for theme in chosen)
            found.append((held / total, held / sum(size[theme] for theme in chosen), chosen))
    return max(found, key=lambda marks: min(marks[0] / INSIDE, 1) + min(marks[1] / PURE, 1), default=(0.0, 0.0, ()))


def one_text(
    held: Sequence[tuple[str, str]], chosen: Sequence[str], every: Sequence[re.Pattern[str]]
) -> dict[str, float] | None:
    """The text outside of the chosen themes that most posts repeat; None if all lie inside.

    Args:
        held: text and theme of each post of a rule that has one.
    """
    outside = [text for text, theme in held if theme not in chosen]
    if not outside:
        return None
    copies = Counter(map(print_of, outside))
    most, number = copies.most_common(1)[0]
    text = next(text for text in outside if print_of(text) == most)
    without = (len(held) - len(outside)) / max(len(held) - number, 1)
    return {
        "posts": number,
        "rules": sum(1 for sought in every if sought.search(text)),
        "in_three_without": round(without, 3),
    }


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
    every = [re.compile(rule["regex"], re.IGNORECASE) for rule in truth["themes"]]
    for rule, sought in zip(truth["themes"], every, strict=True):
        posts_of_it = [(text, theme) for text, theme in told if sought.search(text)]
        if len(posts_of_it) < LEAST_POSTS:
            continue
        held = [(text, theme) for text, theme in posts_of_it if theme is not None]
        have = len(held) / len(posts_of_it)
        covered, pure, chosen = closest(Counter(theme for _, theme in held), size)
        met = have >= HAVE and covered >= INSIDE and pure >= PURE
        marks = {"have_a_theme": round(have, 3), "in_three": round(covered, 3), "pure": round(pure, 3)}
        most = one_text(held, chosen, every)
        yield {"rule": rule["id"], "posts": len(posts_of_it), **marks, "met": met, "one_text": most}


if __name__ == "__main__":
    folder = os.environ.get("SOUNDINGS_DATA")
    if not folder:
        sys.exit("SOUNDINGS_DATA names the folder of the measuring data")
    for row in rules(Path(folder)):
        print(json.dumps(row), flush=True)
