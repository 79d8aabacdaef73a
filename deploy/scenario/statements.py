"""What our accounts post on working days, and what they answer."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft
from soundings.deploy.scenario.grammar import Grammar, Pen
from soundings.deploy.scenario.people import PLATFORMS, Desk
from soundings.deploy.scenario.times import ENDS_AT, QUIET_UNTIL, at, days, local, office_hours

# X gets every statement, the other two what somebody remembered to copy.
CROSS_POST = {"x": 1.0, "bluesky": 0.6, "mastodon": 0.4}
# Two of ten questions and complaints get an answer: enough that answers exist, few enough that the debt shows.
ANSWERED = 0.2


def statements(desk: Desk, words: Grammar, rng: Random, until: datetime = ENDS_AT) -> Iterator[Draft]:
    """Three to five statements on a working day, one on half of the weekend's days."""
    pen = Pen(rng, words)
    for day in range(days()):
        weekend = local(at(day, 12)).weekday() >= 5
        for _ in range(rng.randint(0, 1) if weekend else rng.randint(3, 5)):
            moment = at(day, rng.randint(8, 17), rng.randint(0, 59)) + timedelta(milliseconds=rng.randint(0, 59_999))
            if moment < until:
                yield from _everywhere(desk, pen.write("statement"), moment, rng)


def _everywhere(desk: Desk, text: str, moment: datetime, rng: Random) -> Iterator[Draft]:
    media = ("photo",) if rng.random() < 0.3 else ("link",) if "https://" in text else ()
    for platform in PLATFORMS:
        if rng.random() < CROSS_POST[platform]:
            author = desk.accounts[platform]
            later = timedelta(seconds=0 if platform == "x" else rng.randint(20, 400))
            yield Draft(at=moment + later, author=author, kind="original", text=text, media=media)


def answers(asked: Iterable[Draft], words: Grammar, rng: Random, *, slot: str = "answer") -> Iterator[Draft]:
    """Answers to some posts that ask for one, in office hours (the flood's by the duty team at any hour).

    The department's silence on the evening of the storm is the point of the story: nothing of that evening is answered.
    """
    pen = Pen(rng, words)
    for draft in asked:
        if not draft.asks or draft.desk is None or rng.random() > ANSWERED:
            continue
        moment = draft.at + timedelta(minutes=min(600.0, 10 + rng.expovariate(1 / 60)))
        on_duty = slot != "answer" or office_hours(moment)
        if on_duty and not QUIET_UNTIL <= moment and moment < ENDS_AT:
            moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
            author = draft.desk.accounts[draft.author.platform]
            text = pen.write(slot)
            if author.platform != "bluesky":
                text = f"@{draft.author.name} {text}"
            yield Draft(at=moment, author=author, kind="reply", text=text, ref=draft)
