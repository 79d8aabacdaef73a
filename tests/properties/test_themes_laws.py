"""Laws of the theme engine: order in, the same out, however it is cut into batches, restarted or redelivered."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.domain.themes import Assignment, ThemePost
from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.linkage import groups, merges
from soundings.services.themes.state import from_bytes, to_bytes
from soundings.services.themes.tuning import Tuning

SMALL = Tuning(micro_clusters=24, vocabulary=60, regroup_posts=7, copies_remembered=20, samples=8)
START = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = st.sampled_from([f"word{n}" for n in range(40)])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=60)


def engine() -> ThemeEngine:
    return ThemeEngine(NoEncoder(), tuning=SMALL)


def as_posts(texts: list[str], *, timed: bool = False) -> list[ThemePost]:
    """Two posts a day where they have times: then what was one theme before counts too."""
    return [
        ThemePost(
            id=str(number),
            text=text,
            voice=f"v{number % 7}",
            created_at=START + timedelta(hours=12 * number) if timed else None,
        )
        for number, text in enumerate(texts)
    ]


def in_batches(made: ThemeEngine, posts: list[ThemePost], size: int) -> list[Assignment]:
    return [a for start in range(0, len(posts), size) for a in made.assign(posts[start : start + size])]


@given(TEXTS, st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_the_size_of_batches_changes_nothing(texts: list[str], size: int) -> None:
    one, two = engine(), engine()
    assert one.assign(as_posts(texts)) == in_batches(two, as_posts(texts), size)
    assert to_bytes(one) == to_bytes(two)


@given(TEXTS, st.integers(0, 60), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_restart_changes_nothing(texts: list[str], where: int, timed: bool) -> None:
    posts, whole = as_posts(texts, timed=timed), engine()
    first = engine()
    told = first.assign(posts[:where])
    second = from_bytes(to_bytes(first), NoEncoder())
    assert told + second.assign(posts[where:]) == whole.assign(posts)
    assert to_bytes(second) == to_bytes(whole)


@given(TEXTS, st.integers(0, 59), st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_redelivery_changes_no_assignment(texts: list[str], start: int, length: int) -> None:
    posts, plain, repeated = as_posts(texts), engine(), engine()
    expected = plain.assign(posts)
    again = posts[start : start + length]
    assert (
        repeated.assign(posts[: start + length]) + repeated.assign(again)[:0] + repeated.assign(posts[start + length :])
        == expected[: len(posts)]
    )
    assert repeated.micro.mass.sum() == plain.micro.mass.sum()


@given(st.integers(2, 30), st.integers(0, 10_000), st.floats(-0.2, 0.9))
@settings(max_examples=60, deadline=None)
def test_linkage_joins_by_the_mean_similarity_of_posts(n: int, seed: int, least: float) -> None:
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(n, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = vectors @ vectors.T
    lead = groups(n, merges(alike.copy(), np.ones(n), least))
    members = [np.flatnonzero(lead == first) for first in np.unique(lead)]
    for a, one in enumerate(members):
        for other in members[:a]:
            assert alike[np.ix_(one, other)].mean() < least + 1e-9
