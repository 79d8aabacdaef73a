"""Laws of posts that cannot wait: whatever people write, and however many they are."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from soundings.services.alerts.message import Heading, Message
from soundings.services.alerts.subject import LONGEST
from soundings.services.alerts.urgent_message import render_gathered, render_urgent
from soundings.services.alerts.urgent_plan import MINUTE, Pace, plan_urgent
from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.domain.alerts import Outcome
from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.urgent import UrgencyKind, Urgent
from soundings.services.intake.urgent import appeal
from soundings.services.settings import ChannelSettings
from soundings.services.tagging.urgent_rules import RULES

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
BOOK = AccountBook(departments=(Department(key="rivers", name="Rivers", timezone="Europe/London", accounts=()),))
TEXTS = st.text(max_size=300) | st.text(alphabet="<>&\"'\r\n\u202e\u2066\x1b[@#: ab", max_size=100)
URGENT = st.builds(
    Urgent,
    id=st.integers(0, 10**6).map("rivers:urgent/x:x.com:{}".format),
    department=st.sampled_from(["rivers", "gone"]),
    post=st.integers(0, 10**6).map("x:x.com:{}".format),
    kind=st.sampled_from(UrgencyKind),
    reason=st.sampled_from(sorted({rule.reason for rule in RULES})) | TEXTS,
    at=st.datetimes(datetime(2026, 7, 1), datetime(2026, 7, 4), timezones=st.just(UTC)),
    live=st.booleans(),
    appeal=st.sampled_from("abc"),
    url=st.none() | st.just("https://social.example/1") | TEXTS,
)
CHANNELS = st.lists(
    st.builds(
        ChannelSettings,
        kind=st.just("terminal"),
        name=st.sampled_from(["desk", "phone", "screen"]),
        urgent=st.booleans(),
        rehearsal=st.booleans(),
        departments=st.sampled_from([(), ("rivers",), ("roads",)]),
    ),
    unique_by=lambda channel: channel.name,
    max_size=3,
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}


KNOWN = {"html", "head", "meta", "title", "body", "div", "p", "h1", "h2", "a", "blockquote"}
ATTRIBUTES = {"lang", "charset", "name", "content", "style", "href", "rel", "dir"}


def harmless(message: Message) -> None:
    assert 0 < len(message.subject) <= LONGEST
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in message.subject)
    assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in message.text)
    tags = Tags()
    tags.feed(message.html)
    assert tags.seen <= KNOWN | ATTRIBUTES


def post(text: str) -> Post:
    return Post(id="x:x.com:1", created_at=AT, voice="v", text=text, kind=PostKind.ORIGINAL, source="x")


@settings(max_examples=50)  # each renders a page
@given(URGENT, TEXTS | st.none(), st.sampled_from([Heading.NONE, Heading.EXERCISE]))
def test_no_text_harms_a_message(urgent: Urgent, text: str | None, heading: Heading) -> None:
    """A subject on one line, no control characters, no markup but ours; and its id does not depend on the text."""
    said = post(text) if text is not None else None
    message = render_urgent(urgent, said, BOOK, frozenset(), AT, ("desk",), heading=heading)
    harmless(message)
    assert message.id.startswith(urgent.id)
    # What is short, or stands in the rule's own words too, is found there by chance.
    assert text is None or len(text) < 20 or text in urgent.reason or text not in str(message.data)


@settings(max_examples=30)  # each renders two
@given(st.lists(URGENT, min_size=1, max_size=8, unique_by=lambda urgent: urgent.id), TEXTS, st.randoms())
def test_several_together_are_one_message_in_whatever_order_they_came(
    several: list[Urgent], text: str, random: Random
) -> None:
    posts = {urgent.post: post(text) for urgent in several[::2]}
    message = render_gathered(several, posts, BOOK, frozenset(), AT)
    harmless(message)
    shuffled = list(several)
    random.shuffle(shuffled)
    assert render_gathered(shuffled, posts, BOOK, frozenset(), AT).id == message.id


@given(URGENT, CHANNELS, st.sets(st.sampled_from(["desk", "phone", "screen"])), st.datetimes(
    datetime(2026, 7, 1), datetime(2026, 7, 5), timezones=st.just(UTC)))  # fmt: skip
def test_every_channel_has_one_outcome_and_a_replay_wakes_nobody(
    urgent: Urgent, channels: list[ChannelSettings], copies: set[str], now: datetime
) -> None:
    planned = plan_urgent(urgent, channels, {}, copies, now)
    assert [item.channel for item in planned] == [channel.name for channel in channels]
    for item, channel in zip(planned, channels, strict=True):
        told = item.send or item.outcome is Outcome.WAITING
        assert not told or (channel.urgent and (urgent.live or channel.rehearsal) and channel.name not in copies)
        assert not item.send or (item.heading is Heading.NONE) == urgent.live
        assert told or not item.outcome.told
    assert plan_urgent(urgent, channels, {item.channel: item.outcome for item in planned}, copies, now) == ()


@given(st.lists(st.floats(0, 90), max_size=60), st.integers(1, 5))
def test_no_minute_holds_more_than_the_pace_allows(pauses: Sequence[float], most: int) -> None:
    """However they come; and whoever has had none for a minute is never held up."""
    pace, now, taken = Pace(most), AT, list[datetime]()
    for pause in pauses:
        now += timedelta(seconds=pause)
        recent = [at for at in taken if now - at < MINUTE]
        allowed = pace.take("desk", now)
        assert allowed == (len(recent) < most)
        if allowed:
            taken.append(now)


WORDS = st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=12)


@given(WORDS, st.lists(st.sampled_from(["@one", "@two.three", "https://t.example/x", "!", "…"]), max_size=4))
def test_handles_addresses_marks_and_capitals_make_no_other_appeal(words: list[str], around: list[str]) -> None:
    plain = " ".join(words)
    assert appeal(" ".join([*around, plain.upper(), *around])) == appeal(plain)
    assert appeal(plain + " more") != appeal(plain)
