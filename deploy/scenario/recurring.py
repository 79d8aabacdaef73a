"""Complaints that come back every week: permit replies that do not come, and a pumping station that smells."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft, Shelf, addressed, repost
from soundings.deploy.scenario.grammar import Grammar, Pen
from soundings.deploy.scenario.people import Crowd, Desk
from soundings.deploy.scenario.times import ENDS_AT, STARTS_AT, arrivals, local, rhythm

WEEK_MINUTES = 7 * 24 * 60
# The average of the rhythm over a week: what turns posts a week into posts a minute.
MEAN_RHYTHM = 0.5
TWO_DAYS = timedelta(days=2)


def recurring(
    desk: Desk, words: Grammar, slot: str, crowd: Crowd, per_week: float, growth: float, rng: Random, *, evenings: bool
) -> Iterator[Draft]:
    """The same complaint week after week, a little more often each week.

    Args:
        per_week: posts in the first week, reposts and "same here" included.
        growth: further posts a week, as a share of the first week's.
        evenings: whether it is an evening's complaint (a smell) or a working day's (a letter that does not come).
    """
    pen, shelf = Pen(rng, words), Shelf()
    top = per_week * (1 + 6 * growth) / WEEK_MINUTES / MEAN_RHYTHM * 2

    def rate(minutes: float) -> float:
        moment = STARTS_AT + timedelta(minutes=minutes)
        grown = 1 + growth * minutes / WEEK_MINUTES
        return per_week * grown / WEEK_MINUTES / MEAN_RHYTHM * (_evening(moment) if evenings else rhythm(moment))

    for moment in arrivals(rng, STARTS_AT, ENDS_AT, rate, top):
        author = crowd.one()
        ref = shelf.pick(rng, moment, TWO_DAYS, author.platform)
        drawn = rng.random()
        if ref is not None and drawn < 0.25:
            yield repost(author, ref, moment)
            continue
        answered = ref if drawn < 0.45 else None
        text = pen.write(slot, author.haste)
        draft = Draft(
            at=moment,
            author=author,
            kind="reply" if answered else "original",
            text=addressed(author, desk, text, answered),
            desk=desk,
            ref=answered,
            lang="cy" if text.startswith(("Dal i", "Mae arogl", "dal i", "mae arogl")) else "en",
            asks=True,
        )
        shelf.put(draft)
        yield draft


def _evening(moment: datetime) -> float:
    here = local(moment)
    return 1.6 if 17 <= here.hour <= 22 else 0.5 if 6 <= here.hour <= 16 else 0.05
