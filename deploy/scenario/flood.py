"""A night of flooding (people report and ask, they are not angry), and the thanks two days later."""

import math
from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft, Shelf, addressed, repost
from soundings.deploy.scenario.grammar import Pen
from soundings.deploy.scenario.people import PLATFORMS, RIVERS, Crowd
from soundings.deploy.scenario.times import arrivals, at
from soundings.deploy.scenario.words_common import COMMON
from soundings.deploy.scenario.words_rivers import FLOOD_WORDS, RIVERS_WORDS

WORDS = {**COMMON, **RIVERS_WORDS, **FLOOD_WORDS}
# Friday afternoon of the third week to Saturday afternoon.
FLOOD_FROM, FLOOD_TO = at(18, 15), at(19, 15)
# Posts a minute at the height, about nine in the evening: some thirty times the usual of that hour.
FLOOD_PEAK = 3.0
# Sunday afternoon and evening.
THANKS_FROM, THANKS_TO = at(20, 14), at(20, 23)
THANKS_PEAK = 1.3
SAYS = ("report", "ask_flood")
# Reports outnumber questions. People in danger are rare, and stand in `calls`.
SAYS_SHARE = (0.59, 0.41)


def warnings(rng: Random) -> list[Draft]:
    """What the agency itself posts: a warning every hour and a half, on every platform."""
    pen = Pen(rng, WORDS)
    drafts: list[Draft] = []
    for step in range(14):
        text, moment = pen.write("warning"), FLOOD_FROM + timedelta(minutes=45 + 90 * step)
        for second, platform in enumerate(PLATFORMS):
            author = RIVERS.accounts[platform]
            drafts.append(
                Draft(
                    at=moment + timedelta(seconds=20 * second),
                    author=author,
                    kind="original",
                    text=text,
                    media=("photo",),
                )
            )
    return drafts


def flood(ours: Iterable[Draft], crowd: Crowd, rng: Random) -> Iterator[Draft]:
    """Up within three hours, a long height, down through the night, a little more at daybreak."""

    def rate(minutes: float) -> float:
        if minutes < 180:
            return FLOOD_PEAK * max(0.03, minutes / 180) ** 2
        if minutes < 420:
            return FLOOD_PEAK
        night = FLOOD_PEAK * math.pow(0.5, (minutes - 420) / 90)
        return max(night, 0.9 if 900 <= minutes < 1200 else 0.1)

    pen, said, public = Pen(rng, WORDS), Shelf(size=9), Shelf()
    coming = list(ours)
    for moment in arrivals(rng, FLOOD_FROM, FLOOD_TO, rate, FLOOD_PEAK):
        while coming and coming[0].at < moment:
            said.put(coming.pop(0))
        author, drawn = crowd.one(), rng.random()
        shelf = said if rng.random() < 0.6 else public
        ref = shelf.pick(rng, moment, timedelta(hours=4), author.platform)
        if ref is not None and drawn < 0.42:
            yield repost(author, ref, moment)
            continue
        says = rng.choices(SAYS, SAYS_SHARE)[0]
        answered = ref if drawn < 0.68 else None
        text = pen.write(says, author.haste)
        draft = Draft(
            at=moment,
            author=author,
            kind="reply" if answered else "original",
            text=addressed(author, RIVERS, text, answered),
            desk=RIVERS,
            ref=answered,
            media=("photo",) if says == "report" and rng.random() < 0.3 else (),
            lang="cy" if "llifogydd" in text.lower() or "dŵr" in text else "en",
            asks=says != "report",
        )
        public.put(draft)
        yield draft


def thanks(crowd: Crowd, rng: Random) -> Iterator[Draft]:
    """A warm Sunday for the crews."""
    pen, shelf = Pen(rng, WORDS), Shelf()
    length = (THANKS_TO - THANKS_FROM).total_seconds() / 60

    def rate(minutes: float) -> float:
        return THANKS_PEAK * max(0.05, 1 - abs(minutes / length - 0.4) / 0.6)

    for moment in arrivals(rng, THANKS_FROM, THANKS_TO, rate, THANKS_PEAK):
        author = crowd.one()
        ref = shelf.pick(rng, moment, timedelta(hours=5), author.platform)
        if ref is not None and rng.random() < 0.4:
            yield repost(author, ref, moment)
            continue
        text = pen.write("thanks", author.haste)
        draft = Draft(
            at=moment,
            author=author,
            kind="original",
            text=addressed(author, RIVERS, text),
            desk=RIVERS,
            media=("photo",) if rng.random() < 0.15 else (),
            lang="cy" if text.lower().startswith("diolch") else "en",
            liked=9.0,
        )
        shelf.put(draft)
        yield draft
