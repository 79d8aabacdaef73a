"""Two surges that are no storm: a campaign pasted by few authors, and the anger of another country's citizens."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft, Shelf, addressed, repost
from soundings.deploy.scenario.grammar import Pen
from soundings.deploy.scenario.people import AFFAIRS, Crowd, person
from soundings.deploy.scenario.times import ENDS_AT, STARTS_AT, arrivals, at
from soundings.deploy.scenario.words_common import COMMON
from soundings.deploy.scenario.words_other import CAMPAIGN_TEXTS, NAMESAKE_WORDS

# Tuesday of the fifth week, over lunch.
CAMPAIGN_FROM, CAMPAIGN_TO = at(29, 12), at(29, 15)
CAMPAIGN_AUTHORS = 14
CAMPAIGN_PER_MINUTE = 1.7
# Saturday evening of the second week, which is the middle of the day over there.
NAMESAKE_FROM, NAMESAKE_TO = at(12, 18), at(12, 23)
NAMESAKE_PEAK = 1.6
# Between its bad days the namesake is tagged about twice a day.
NAMESAKE_TRICKLE = 2 / (24 * 60)


def campaign(rng: Random) -> Iterator[Draft]:
    """The same three texts, word for word, from a handful of authors; there is nothing to answer."""
    authors = [person(f"campaign {number}", rng, platform="x") for number in range(CAMPAIGN_AUTHORS)]
    for moment in arrivals(rng, CAMPAIGN_FROM, CAMPAIGN_TO, lambda _: CAMPAIGN_PER_MINUTE, CAMPAIGN_PER_MINUTE):
        author = rng.choice(authors)
        text = addressed(author, AFFAIRS, rng.choice(CAMPAIGN_TEXTS))
        yield Draft(at=moment, author=author, kind="original", text=text, desk=AFFAIRS, media=("link",))


def namesake(crowd: Crowd, rng: Random) -> Iterator[Draft]:
    """People of a made-up country who tag the wrong ministry: a trickle, and one bad evening."""
    pen, shelf = Pen(rng, {**COMMON, **NAMESAKE_WORDS}), Shelf()
    begins = (NAMESAKE_FROM - STARTS_AT).total_seconds() / 60
    ends = (NAMESAKE_TO - STARTS_AT).total_seconds() / 60

    def rate(minutes: float) -> float:
        if not begins <= minutes < ends:
            return NAMESAKE_TRICKLE
        return NAMESAKE_PEAK * min(1.0, (minutes - begins + 10) / 60)

    for moment in arrivals(rng, STARTS_AT, ENDS_AT, rate, NAMESAKE_PEAK):
        author = crowd.one()
        ref = shelf.pick(rng, moment, timedelta(hours=3), author.platform)
        if ref is not None and rng.random() < 0.5:
            yield repost(author, ref, moment)
            continue
        text = addressed(author, AFFAIRS, pen.write("namesake", author.haste))
        draft = Draft(at=moment, author=author, kind="original", text=text, desk=AFFAIRS)
        shelf.put(draft)
        yield draft
