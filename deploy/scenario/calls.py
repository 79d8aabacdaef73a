"""Posts that cannot wait: calls for help and threats, fixed in time and words, so that a demonstration shows them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from soundings.deploy.scenario.drafts import Draft, addressed, repost
from soundings.deploy.scenario.people import AFFAIRS, RIVERS, Desk, person
from soundings.deploy.scenario.times import STORM_AT, at

# Within the flood: late afternoon, the height of the evening, and when most people have gone to bed.
NEIGHBOUR_AT, UPSTAIRS_AT, CAR_AT = at(18, 19, 42), at(18, 21, 16), at(19, 0, 35)
# A quarter of an hour before the storm, while nothing else is going on.
RIVER_AT = STORM_AT - timedelta(minutes=17)
# On the Tuesday of the week of the storm, in office hours: somebody is there to answer.
DESPAIR_AT = at(36, 10, 20)
BREATHERS = (NEIGHBOUR_AT, DESPAIR_AT)
"""Moments at which a demo at full speed lets everything catch up, so that what follows is told with its text."""
# Once the storm has a name for who is to blame.
THREAT_AT, OFFICE_AT = STORM_AT + timedelta(minutes=24), STORM_AT + timedelta(minutes=51)

NEIGHBOUR = (
    "Water is at the door of 7 Weir Close, Lorem Bridge. My neighbour is 86 and she cannot get out. Who can come? "
    "#ExampleFloods"
)
UPSTAIRS = "We are trapped upstairs in Tanner's Row, Great Mockup. Water still rising, two small children with us."
CAR = "There is a car stuck in the water by the ford at Dummyford, somebody is still in it."
RIVER = "A man has just fallen into the river by the weir at Dummyford and he is clinging to a branch!"
DESPAIR = (
    "My brother is suicidal over his permit. Five months of letters and nobody rings back. Please, is there a person "
    "we can talk to?"
)
THREAT = "Whoever wrote that: I know where your press officers live. You better watch your backs."
OFFICE = "You knock on our doors, we will burn your office down."

_WORDS_TO_NEIGHBOUR = "Please ring 999 now and say the address. Our crew at Lorem Bridge has been told as well."
_WORDS_TO_DESPAIR = (
    "We are so sorry. Please ring 999 if he is in danger now; the Samaritans answer at any hour on 116 123. We have "
    "sent you a number where a person will pick up."
)


def rivers(rng: Random) -> Iterator[Draft]:
    """Four calls for help; the first is passed on and answered."""
    call = _call(RIVERS, "neighbour", NEIGHBOUR, NEIGHBOUR_AT, rng)
    yield call
    for number, seconds in enumerate((70, 190, 400)):
        yield repost(person(f"caller neighbour passed on {number}", rng, platform="x"), call, _later(call, seconds))
    yield _answer(RIVERS, call, _WORDS_TO_NEIGHBOUR, 9 * 60)
    yield _call(RIVERS, "upstairs", UPSTAIRS, UPSTAIRS_AT, rng, platform="mastodon")
    yield _call(RIVERS, "car", CAR, CAR_AT, rng)
    yield _call(RIVERS, "river", RIVER, RIVER_AT, rng)


def affairs(rng: Random) -> Iterator[Draft]:
    """Somebody in despair, who is answered, and two threats in the storm, one of them pasted by a second person."""
    call = _call(AFFAIRS, "despair", DESPAIR, DESPAIR_AT, rng)
    yield call
    yield _answer(AFFAIRS, call, _WORDS_TO_DESPAIR, 16 * 60)
    yield _call(AFFAIRS, "threat", THREAT, THREAT_AT, rng)
    yield _call(AFFAIRS, "threat pasted", THREAT, THREAT_AT + timedelta(minutes=6), rng)
    yield _call(AFFAIRS, "office", OFFICE, OFFICE_AT, rng, platform="bluesky")


def _call(desk: Desk, label: str, text: str, moment: datetime, rng: Random, *, platform: str = "x") -> Draft:
    author = person(f"caller {label}", rng, platform=platform)
    return Draft(at=moment, author=author, kind="original", text=addressed(author, desk, text), desk=desk)


def _answer(desk: Desk, call: Draft, text: str, seconds: int) -> Draft:
    author = desk.accounts[call.author.platform]
    return Draft(at=_later(call, seconds), author=author, kind="reply", text=f"@{call.author.name} {text}", ref=call)


def _later(call: Draft, seconds: int) -> datetime:
    return call.at + timedelta(seconds=seconds)
