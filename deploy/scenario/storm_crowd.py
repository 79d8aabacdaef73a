"""What the public does in the storm: answers, quotes, reposts and says it again in its own words."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft, addressed, repost
from soundings.deploy.scenario.grammar import Pen
from soundings.deploy.scenario.people import AFFAIRS, Crowd, Person
from soundings.deploy.scenario.storm import PEAK, STORM_LIKES, WORDS, rate
from soundings.deploy.scenario.times import ENDS_AT, STORM_AT, arrivals

SAYS = ("hostile", "photo", "waits", "calm", "joke", "defend", "wordless")
SAYS_SHARE = (0.50, 0.14, 0.11, 0.14, 0.06, 0.04, 0.01)
KINDS = ("reply", "quote", "retweet", "original")
SILENCE_NOTICED = 40.0
"""Minutes without an answer after which people speak of it."""
# People by the hour who react to the apology of the next morning; by then the subject is nearly spent.
LATE_PER_HOUR = 9.0


def kind_share(minutes: float) -> tuple[float, float, float, float]:
    """Replies come first; quotes and reposts carry it further; late at night people mostly repost."""
    if minutes < 15:
        return (0.70, 0.17, 0.07, 0.06)
    return (0.38, 0.20, 0.34, 0.08) if minutes < 60 else (0.26, 0.15, 0.49, 0.10)


class Night:
    """What is there to answer, quote and repost as the night goes on."""

    def __init__(self, posts: list[Draft], carriers: list[Draft], rng: Random) -> None:
        self._posts = posts
        self._carriers = carriers
        self._public: list[Draft] = []
        self._rng = rng
        self._pen = Pen(rng, WORDS)

    def one(self, author: Person, moment: datetime) -> Draft:
        minutes = (moment - STORM_AT).total_seconds() / 60
        kind = self._rng.choices(KINDS, kind_share(minutes))[0]
        repeated = self._worth_repeating(author, moment) if kind == "retweet" else None
        if repeated is not None:
            return repost(author, repeated, moment)
        says = self._rng.choices(SAYS, SAYS_SHARE)[0]
        # Once the silence has lasted, it is a subject of its own.
        if says == "calm" and minutes > SILENCE_NOTICED and self._rng.random() < 0.3:
            says = "silence"
        text = self._pen.write(says, author.haste)
        ref = self._target(kind, author, moment)
        draft = Draft(
            at=moment,
            author=author,
            kind=kind if ref else "original",
            text=text
            if kind == "quote" and ref
            else addressed(author, AFFAIRS, text, ref if kind == "reply" else None),
            desk=AFFAIRS,
            ref=ref,
            lang=_lang(says, text),
            asks=says in {"calm", "waits", "silence"},
            liked=STORM_LIKES if says == "defend" else 2.5,
        )
        self._public.append(draft)
        return draft

    def _target(self, kind: str, author: Person, moment: datetime) -> Draft | None:
        """Our post for five of six; the rest argue with each other. Mastodon has no copy of it to answer."""
        ours = next((post for post in self._posts if self._seen(post, author, moment)), None)
        others = [draft for draft in self._public[-40:] if self._seen(draft, author, moment)]
        if kind in {"original", "retweet"}:
            return None
        if kind == "reply" and others and (ours is None or self._rng.random() < 1 / 6):
            return self._rng.choice(others)
        return ours

    def _worth_repeating(self, author: Person, moment: datetime) -> Draft | None:
        """Large accounts and the newsroom carry more than half of the reposts, then what the public says best."""
        loud = [draft for draft in self._carriers if self._seen(draft, author, moment)]
        others = [draft for draft in self._public[-60:] if self._seen(draft, author, moment)]
        ours = [post for post in self._posts if self._seen(post, author, moment)]
        drawn = self._rng.random()
        for share, shelf in ((0.6, loud), (0.85, others), (1.0, ours), (1.0, others), (1.0, loud)):
            if shelf and drawn < share:
                return self._rng.choice(shelf)
        return None

    @staticmethod
    def _seen(draft: Draft, author: Person, moment: datetime) -> bool:
        return draft.author.platform == author.platform and draft.at < moment


def _lang(says: str, text: str) -> str:
    if says == "wordless":
        return "und"
    return "cy" if text.lower().startswith(("cywilydd", "mae hyn")) else "en"


def storm(posts: list[Draft], carriers: list[Draft], crowd: Crowd, rng: Random) -> Iterator[Draft]:
    """The public's part, rising in time."""
    night = Night(posts, carriers, rng)
    for moment in arrivals(rng, STORM_AT + timedelta(seconds=70), ENDS_AT, rate, PEAK):
        yield night.one(crowd.one(), moment)


def late(apology: Draft, crowd: Crowd, rng: Random) -> Iterator[Draft]:
    """A few people answer the apology; it does not flare up again."""
    pen = Pen(rng, WORDS)
    for moment in arrivals(rng, apology.at, ENDS_AT, lambda _: LATE_PER_HOUR / 60, LATE_PER_HOUR / 60):
        author = crowd.one()
        ref = apology if author.platform == apology.author.platform else None
        text = addressed(author, AFFAIRS, pen.write("late", author.haste), ref)
        yield Draft(at=moment, author=author, kind="reply" if ref else "original", text=text, desk=AFFAIRS, ref=ref)
