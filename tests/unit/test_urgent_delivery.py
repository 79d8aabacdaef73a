"""Posts that cannot wait: who is told, how often, in which words; floods, copies, replays and outages."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.alerts.memory import MemoryNotifier
from soundings.services.alerts.message import Urgency
from soundings.services.alerts.notifier import Refused, TryAgain
from soundings.services.alerts.urgent import UrgentDelivery
from soundings.services.alerts.urgent_message import NO_TEXT
from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id
from soundings.services.index.port import IndexUnavailable
from soundings.services.settings import AlertSettings, ChannelSettings

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
RIVERS = Department(key="rivers", name="Rivers Agency", timezone="Europe/London", accounts=())
TAGS = Tags(lang="en", sentiment=Sentiment.NEGATIVE, hostility=0.1, offensive=False, acts=(SpeechAct.REPORT,))
DESK = ChannelSettings(kind="terminal", name="desk", min_severity="critical")


def urgent(number: int = 1, **changes: object) -> Urgent:
    post = f"x:x.com:{number}"
    one = Urgent(
        id=urgent_id("rivers", post),
        department="rivers",
        post=post,
        kind=UrgencyKind.RISK_TO_LIFE,
        reason="somebody asks to be rescued",
        at=AT,
        live=True,
        appeal=f"appeal-{number}",
        url=f"https://social.example/{number}",
    )
    return replace(one, **changes)  # type: ignore[arg-type]


class Texts:
    """An index that has every post, none, or is down."""

    def __init__(self, text: str | None = "Please send a boat, says @neighbour to @RiversAgency", down: bool = False):
        self.text, self.down = text, down

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        if self.down:
            raise IndexUnavailable("down")
        if self.text is None:
            return {}
        posts = (
            Post(id=key, created_at=AT, voice="v", text=self.text, kind=PostKind.ORIGINAL, source="x") for key in ids
        )
        return {post.id: Mention(post=post, tags=TAGS) for post in posts}

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]:
        return {}


class Office:
    """Channels, and what became of everything that they were owed."""

    def __init__(self, *channels: ChannelSettings, texts: Texts | None = None, a_minute: int = 3) -> None:
        channels = channels or (DESK,)
        self.now = AT + timedelta(seconds=10)
        self.told = {channel.name: MemoryNotifier(channel.name) for channel in channels}
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.slept = 0.0
        self.delivery = UrgentDelivery(
            settings=AlertSettings(channels=channels, urgent_a_minute=a_minute, desk_url="https://desk.example"),
            book=AccountBook(departments=(RIVERS,)),
            notifiers=self.told,
            index=texts or Texts(),
            now=lambda: self.now,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += timedelta(seconds=seconds)

    async def recorded(self, one: Urgent, notification: Notification) -> None:
        self.outcomes[one.post, notification.channel] = notification.outcome

    def tell(self, *several: Urgent, copies: Collection[str] = ()) -> None:
        async def each() -> None:
            for one in several:
                await self.delivery.deliver(one, {}, copies, self.recorded)

        asyncio.run(each())

    def gather(self, several: Sequence[Urgent], channel: str = "desk") -> None:
        asyncio.run(self.delivery.deliver_gathered({channel: several}, self.recorded))

    def of(self, number: int = 1, channel: str = "desk") -> Outcome:
        return self.outcomes[f"x:x.com:{number}", channel]


def test_one_post_is_told_at_once_with_its_text_and_its_address() -> None:
    """Whatever severity the channel asks of storms; handles of the public are not shown."""
    office = Office()
    office.tell(urgent())
    (message,) = office.told["desk"].sent
    assert message.id == "rivers:urgent/x:x.com:1"
    assert message.subject == "URGENT Rivers Agency: perhaps somebody asks to be rescued"
    assert message.text.startswith("Perhaps somebody asks to be rescued (risk to life). Posted at 21:31, just now.")
    assert "> Please send a boat, says @… to @…" in message.text
    assert "The post: https://social.example/1" in message.text
    assert "call 999" in message.text and "no emergency service" in message.text
    assert message.urgency is Urgency.HIGH
    assert office.of() is Outcome.SENT
    assert office.slept == 0


def test_the_data_for_machines_holds_no_text_of_the_post() -> None:
    office = Office()
    office.tell(urgent())
    assert "boat" not in str(office.told["desk"].sent[0].data)


def test_a_post_that_is_not_indexed_yet_is_waited_for_some_seconds_and_then_told_by_its_address() -> None:
    office = Office(texts=Texts(text=None))
    office.tell(urgent())
    (message,) = office.told["desk"].sent
    assert 0 < office.slept <= 5
    assert NO_TEXT in message.text and "https://social.example/1" in message.text


def test_an_index_that_is_down_is_not_waited_for() -> None:
    office = Office(texts=Texts(down=True))
    office.tell(urgent())
    assert office.slept == 0
    assert NO_TEXT in office.told["desk"].sent[0].text


def test_a_threat_to_staff_asks_for_other_steps() -> None:
    office = Office()
    office.tell(urgent(kind=UrgencyKind.THREAT_TO_STAFF, reason="somebody says that they will hurt staff"))
    text = office.told["desk"].sent[0].text
    assert "security team" in text and "Samaritans" not in text


def test_a_replay_reaches_only_a_channel_that_takes_exercises() -> None:
    office = Office(DESK, ChannelSettings(kind="terminal", name="screen", rehearsal=True))
    office.tell(urgent(live=False))
    assert office.of() is Outcome.NOT_SENT_REPLAY
    (message,) = office.told["screen"].sent
    assert message.subject.startswith("EXERCISE URGENT") and message.text.startswith("EXERCISE")
    assert message.urgency is Urgency.NORMAL
    assert "call nobody" in message.text and "call 999" not in message.text


def test_a_channel_may_decline_urgent_posts_or_be_another_departments() -> None:
    declines = ChannelSettings(kind="terminal", name="declines", urgent=False)
    others = ChannelSettings(kind="terminal", name="others", departments=("roads",))
    office = Office(declines, others)
    office.tell(urgent())
    assert office.of(1, "declines") is Outcome.NOT_SENT_URGENT
    assert office.of(1, "others") is Outcome.NOT_SENT_DEPARTMENT
    assert not office.told["declines"].sent and not office.told["others"].sent


def test_a_copy_of_an_appeal_is_not_told_again_where_it_was_told() -> None:
    office = Office(DESK, ChannelSettings(kind="terminal", name="late desk"))
    office.tell(urgent(), copies=["desk"])
    assert office.of() is Outcome.NOT_SENT_COPY
    assert office.of(1, "late desk") is Outcome.SENT


def test_a_flood_of_calls_does_not_bury_itself() -> None:
    """Three by themselves, the other seventeen in one message, the newest of them first, and none is missing."""
    office = Office()
    calls = [urgent(number, at=AT - timedelta(seconds=number)) for number in range(1, 21)]
    office.tell(*calls)
    assert len(office.told["desk"].sent) == 3
    waiting = [call for call in calls if office.outcomes[call.post, "desk"] is Outcome.WAITING]
    assert len(waiting) == 17
    office.gather(waiting)
    message = office.told["desk"].sent[-1]
    assert message.subject == "URGENT Rivers Agency: 17 posts to read now, risk to life"
    found = [message.text.index(f"https://social.example/{call.post.rpartition(':')[2]}\n") for call in waiting]
    assert found == sorted(found)
    assert {office.outcomes[call.post, "desk"] for call in waiting} == {Outcome.GATHERED}
    assert Outcome.GATHERED.told and Outcome.GATHERED.final and not Outcome.WAITING.final


def test_several_together_come_at_most_once_a_minute() -> None:
    office = Office()
    office.gather([urgent(1)])
    office.gather([urgent(2)])
    assert len(office.told["desk"].sent) == 1
    office.now += timedelta(minutes=1)
    office.gather([urgent(2)])
    assert len(office.told["desk"].sent) == 2


def test_after_a_minute_posts_are_told_one_by_one_again() -> None:
    office = Office(a_minute=1)
    office.tell(urgent(1), urgent(2))
    office.now += timedelta(minutes=1)
    office.tell(urgent(3))
    assert [office.of(number) for number in (1, 2, 3)] == [Outcome.SENT, Outcome.WAITING, Outcome.SENT]


def test_very_many_are_counted_and_the_newest_shown() -> None:
    office = Office()
    office.gather([urgent(number, at=AT - timedelta(seconds=number)) for number in range(1, 101)])
    (message,) = office.told["desk"].sent
    assert "70 older posts more" in message.text
    assert "https://social.example/30\n" in message.text and "https://social.example/31\n" not in message.text


def test_a_post_that_comes_late_is_told_with_others_and_marked_late() -> None:
    """After an outage a call is still worth reading; it is not passed off as fresh."""
    office = Office()
    office.now = AT + timedelta(hours=1)
    office.tell(urgent())
    assert office.of() is Outcome.WAITING and not office.told["desk"].sent
    office.gather([urgent()])
    (message,) = office.told["desk"].sent
    assert message.subject.startswith("LATE URGENT") and message.text.startswith("LATE")
    assert "60 minutes ago" in message.text
    assert message.urgency is Urgency.HIGH


def test_live_posts_and_a_replays_are_never_in_one_message() -> None:
    office = Office(ChannelSettings(kind="terminal", name="desk", rehearsal=True))
    office.gather([urgent(1), urgent(2, live=False)])
    subjects = sorted(message.subject for message in office.told["desk"].sent)
    assert [subject.split()[0] for subject in subjects] == ["EXERCISE", "URGENT"]


def test_a_channel_that_is_away_is_tried_again_and_then_owed() -> None:
    office = Office()
    office.told["desk"].failures = [TryAgain("busy")]
    office.tell(urgent(1))
    assert office.of(1) is Outcome.SENT
    office.told["desk"].failures = [TryAgain("busy")] * 100
    office.tell(urgent(2, at=office.now))
    assert office.of(2) is Outcome.WAITING
    office.gather([urgent(2)])
    assert office.of(2) is Outcome.WAITING


def test_a_channel_that_refuses_holds_no_other_up() -> None:
    office = Office(DESK, ChannelSettings(kind="terminal", name="phone"))
    office.told["desk"].failures = [Refused("no such address")]
    office.tell(urgent())
    assert office.of() is Outcome.FAILED
    assert office.of(1, "phone") is Outcome.SENT


@pytest.mark.parametrize("text", ["", "\u202egnp.exe", "a" * 20_000, "line\nbreak\x00"])
def test_no_text_breaks_the_message(text: str) -> None:
    office = Office(texts=Texts(text=text))
    office.tell(urgent(reason="somebody\nasks"))
    (message,) = office.told["desk"].sent
    assert len(message.subject) < 120 and message.subject.isprintable()
    assert "\u202e" not in message.text and "\x00" not in message.text
