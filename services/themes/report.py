"""The report of a stream: its themes with labels, evidence and weeks, for one week or for all that is remembered."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from soundings.services.domain.themes import Evidence, Theme, ThemeReport
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.labels import Label, label_all
from soundings.services.themes.micro import Floats
from soundings.services.themes.recurrence import recurrence
from soundings.services.themes.rules import LEAST_SUPPORT, kept
from soundings.services.themes.tallies import Tally, Weeks, distinct, merged, total, week_of
from soundings.services.themes.words import clean

Texts = Callable[[Sequence[str]], Mapping[str, str]]
"""Fetches the texts of posts by id; a deleted or expired one is missing from the answer."""

REPRESENTATIVES = 5
LISTED = 5
"""Questions and suggestions named in a theme."""
SAMPLE = 40
"""Texts of a theme and week that its title and representatives are chosen from."""
SAME = 0.9
"""Cosine above which two posts say it in nearly the same words."""
COPIED = 0.25
"""Distinct texts as a share of posts (not reposts) below which a theme is mostly copied text."""
POSTS_A_VOICE = 8.0
"""Posts and reposts a person above which a theme is few people's work: in a week nobody says a thing that often."""


def report(engine: ThemeEngine, texts: Texts, *, week: str | None = None) -> ThemeReport:
    """Themes as they are now; call `engine.regroup()` before if the last posts should count.

    Args:
        week: ISO week (`2021-W10`) whose evidence is told; None tells all that is remembered.
    """
    slots = defaultdict(list)
    for slot, theme in enumerate(engine.micro.theme[: engine.micro.live].tolist()):
        slots[theme].append(slot)
    weeks = {
        theme: merged((engine.weeks[int(engine.micro.names[slot])] for slot in members), keep=SAMPLE)
        for theme, members in slots.items()
    }
    told = {theme: _told(found, week) for theme, found in weeks.items()}
    large = sorted(t for t, tally in told.items() if tally.posts + tally.reposts >= LEAST_SUPPORT)
    centre = {t: engine.micro.dense[slots[t]].sum(axis=0) / engine.micro.mass[slots[t]].sum() for t in large}
    # Titles draw on all remembered weeks, so that a theme does not change its name from week to week.
    ids = {theme: _sampled(weeks[theme], told[theme]) for theme in large}
    found = texts(sorted({post for held in ids.values() for post in held}))
    bodies = {theme: [found[post] for post in held if post in found] for theme, held in ids.items()}
    labels = label_all({t: list(dict.fromkeys(held)) for t, held in bodies.items()}, centre, engine.encoder)
    last = week or (week_of(engine.newest) if engine.newest else "")
    themes = [_theme(engine, t, told[t], weeks[t], labels[t], centre[t], found, last, week) for t in large]
    shown, left = kept(themes)
    counts = {**engine.counts, "themes too small to name": len(slots) - len(large)}
    return ThemeReport(week=week, themes=shown, left_out=left, counts=counts)


def _told(weeks: Weeks, week: str | None) -> Tally:
    return total(weeks, keep=SAMPLE) if week is None else weeks.get(week, Tally())


def _sampled(weeks: Weeks, told: Tally) -> list[str]:
    ids = [post for tally in (*weeks.values(), told) for _, post in (*tally.sample, *tally.asked, *tally.suggested)]
    return list(dict.fromkeys(ids))


def _theme(
    engine: ThemeEngine,
    theme: int,
    tally: Tally,
    weeks: Weeks,
    label: Label,
    centre: Floats,
    texts: Mapping[str, str],
    last: str,
    week: str | None,
) -> Theme:
    counts = {name: held.posts + held.reposts for name, held in weeks.items()}
    evidence = tally.evidence()
    origin = engine.split_from.get(theme)
    return Theme(
        id=engine.name(theme),
        title=label.title,
        keywords=label.keywords,
        evidence=evidence,
        weeks=counts,
        recurrence=recurrence(counts, last),
        representatives=_representatives(engine, tally, centre, texts),
        questions=tuple(post for _, post in tally.asked[:LISTED]),
        suggestions=tuple(post for _, post in tally.suggested[:LISTED]),
        campaign=is_campaign(evidence, _weekly_voices(weeks, week)),
        formed_from=tuple(engine.name(part) for part in engine.took_in.get(theme, ())),
        split_from=None if origin is None else engine.name(origin),
    )


def is_campaign(evidence: Evidence, weekly_voices: int) -> bool:
    """Copied text, or few voices behind many posts.

    Args:
        weekly_voices: the sum of each week's distinct voices; 0 (unknown) says nothing.
    """
    copied = evidence.posts >= LEAST_SUPPORT and evidence.texts < COPIED * evidence.posts
    return copied or (weekly_voices > 0 and evidence.support / weekly_voices > POSTS_A_VOICE)


def _weekly_voices(weeks: Weeks, week: str | None) -> int:
    return sum(distinct(tally.voices) for name, tally in weeks.items() if week in (None, name))


def _representatives(engine: ThemeEngine, tally: Tally, centre: Floats, texts: Mapping[str, str]) -> tuple[str, ...]:
    """The most central of the sampled posts, none nearly the same as one before."""
    posts = [post for _, post in tally.sample if post in texts]
    vectors = engine.encoder.encode([clean(texts[post]) for post in posts])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    chosen: list[int] = []
    for index in np.argsort(-np.round(vectors @ centre, 6), kind="stable").tolist():
        if all(float(vectors[index] @ vectors[other]) < SAME for other in chosen):
            chosen.append(index)
        if len(chosen) == REPRESENTATIVES:
            break
    return tuple(posts[index] for index in chosen)
