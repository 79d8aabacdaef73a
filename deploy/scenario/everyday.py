"""Ordinary traffic: the hum of questions, complaints, remarks and reposts that every baseline is learned from."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft, Shelf, addressed, repost
from soundings.deploy.scenario.grammar import Grammar, Pen
from soundings.deploy.scenario.people import Crowd, Desk, Person
from soundings.deploy.scenario.times import ENDS_AT, STARTS_AT, arrivals, rhythm

KINDS = ("retweet", "reply", "original", "quote")
# More than a third of what addresses an agency are reposts, and replies outnumber fresh posts two to one.
KIND_SHARE = (0.38, 0.34, 0.18, 0.10)
SAYS = ("question", "complaint", "praise", "suggestion", "remark", "welsh")
# People write to government to ask and to complain; praise and suggestions are one in ten each.
SAYS_SHARE = (0.34, 0.24, 0.09, 0.09, 0.21, 0.03)
# No hour's share in the rhythm exceeds this.
PEAK = 1.1
DAY = timedelta(days=1)


def everyday(
    desk: Desk, words: Grammar, ours: Iterable[Draft], crowd: Crowd, busiest: float, rng: Random
) -> Iterator[Draft]:
    """The hum around a department's own posts.

    Args:
        ours: the department's statements, rising in time.
        busiest: posts in the busiest hour of an average working day.
    """
    pen = Pen(rng, words)
    said, public = Shelf(size=30), Shelf()
    coming = sorted(ours, key=lambda draft: draft.at)
    moments = arrivals(
        rng, STARTS_AT, ENDS_AT, lambda m: busiest / 60 * rhythm(STARTS_AT + timedelta(minutes=m)), busiest / 60 * PEAK
    )
    for moment in moments:
        while coming and coming[0].at < moment:
            said.put(coming.pop(0))
        draft = one(desk, pen, crowd.one(), moment, said, public, rng)
        if draft.kind != "retweet":
            public.put(draft)
        yield draft


def one(desk: Desk, pen: Pen, author: Person, moment: datetime, said: Shelf, public: Shelf, rng: Random) -> Draft:
    """One ordinary post: of a kind that has something to refer to, else an original."""
    kind = rng.choices(KINDS, KIND_SHARE)[0]
    # Two of three gather around what we said, the rest around what others say to us.
    shelf = said if rng.random() < 0.66 else public
    ref = shelf.pick(rng, moment, DAY, author.platform) if kind != "original" else None
    if ref is not None and kind == "retweet":
        return repost(author, ref, moment)
    says = rng.choices(SAYS, SAYS_SHARE)[0]
    text = pen.write(says, author.haste)
    answered = ref if kind == "reply" else None
    return Draft(
        at=moment,
        author=author,
        kind=kind if ref else "original",
        text=text if kind == "quote" and ref else addressed(author, desk, text, answered),
        desk=desk,
        ref=ref,
        media=("photo",) if rng.random() < 0.06 else (),
        lang="cy" if says == "welsh" else "en",
        asks=says in {"question", "complaint"},
    )
