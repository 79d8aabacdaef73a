"""The storm of the last evening: an unwise post with a picture, silence, and what follows within the hour."""

import math
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft
from soundings.deploy.scenario.grammar import Pen
from soundings.deploy.scenario.people import AFFAIRS, COURIER, person
from soundings.deploy.scenario.times import STORM_AT, at
from soundings.deploy.scenario.words_common import COMMON
from soundings.deploy.scenario.words_storm import MORNING_AFTER, NEWS, STORM_WORDS, UNWISE

WORDS = {**COMMON, **STORM_WORDS}
# Posts a minute at the start; doubling every ten minutes for an hour makes about 430 in the first hour.
FIRST_PER_MINUTE = 0.47
DOUBLING_MINUTES = 10.0
GROWS_MINUTES = 60.0
# Half an hour at the height before people go to bed, then half as many every forty minutes.
HOLDS_UNTIL = 90.0
HALF_LIFE_MINUTES = 40.0
PEAK = FIRST_PER_MINUTE * 2 ** (GROWS_MINUTES / DOUBLING_MINUTES)
# Minute and followers of the large accounts that quote the post; all but one on X.
LARGE = (
    (13, 96_000),
    (19, 310_000),
    (26, 148_000),
    (33, 1_240_000),
    (41, 87_000),
    (52, 522_000),
    (66, 204_000),
    (83, 131_000),
)
NEWS_AT = (STORM_AT + timedelta(minutes=47), STORM_AT + timedelta(minutes=101), at(38, 7, 10))
SORRY_AT = at(38, 9, 30)
# Nobody likes what they are angry about: replies and quotes outnumber likes.
STORM_LIKES = 0.4


def unwise() -> list[Draft]:
    """The post itself, and its copy on Bluesky a minute later."""
    return [
        Draft(
            at=STORM_AT + timedelta(seconds=seconds),
            author=AFFAIRS.accounts[platform],
            kind="original",
            text=UNWISE,
            media=("photo",),
            liked=STORM_LIKES,
        )
        for platform, seconds in (("x", 0), ("bluesky", 65))
    ]


def sorry() -> Draft:
    return Draft(at=SORRY_AT, author=AFFAIRS.accounts["x"], kind="original", text=MORNING_AFTER, media=("link",))


def rate(minutes: float) -> float:
    """Posts a minute of the storm, `minutes` after the unwise post."""
    if minutes < HOLDS_UNTIL:
        return FIRST_PER_MINUTE * math.pow(2, min(minutes, GROWS_MINUTES) / DOUBLING_MINUTES)
    return PEAK * math.pow(0.5, (minutes - HOLDS_UNTIL) / HALF_LIFE_MINUTES)


def loud(posts: list[Draft], rng: Random) -> Iterator[Draft]:
    """Quotes by large accounts, and the newsroom."""
    pen = Pen(rng, WORDS)
    for number, (minute, followers) in enumerate(LARGE):
        platform = "bluesky" if number == 4 else "x"
        target = next(post for post in posts if post.author.platform == platform)
        yield Draft(
            at=STORM_AT + timedelta(minutes=minute, milliseconds=rng.randint(0, 59_999)),
            author=person(f"large {number}", rng, platform=platform, followers=followers),
            kind="quote",
            text=pen.write("large"),
            desk=AFFAIRS,
            ref=target,
            liked=2.0,
        )
    for text, moment in zip(NEWS, NEWS_AT, strict=True):
        first = moment == NEWS_AT[0]
        yield Draft(
            at=moment,
            author=COURIER,
            kind="quote" if first else "original",
            text=text,
            desk=AFFAIRS,
            ref=posts[0] if first else None,
            media=("link",),
        )
