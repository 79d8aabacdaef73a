"""Alerts delivered: once, to all channels at once, with every outcome recorded."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.alerts.delivery import Delivery
from soundings.services.alerts.evidence import DOWN, Evidence, gather
from soundings.services.alerts.example import DEPARTMENT, example_alert, example_evidence
from soundings.services.alerts.memory import MemoryNotifier
from soundings.services.alerts.notifier import Refused, TryAgain
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.services.domain.posts import Mention, Statement
from soundings.services.index.port import IndexUnavailable
from soundings.services.settings import AlertSettings, ChannelSettings

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
BOOK = AccountBook(departments=(DEPARTMENT,), public_accounts={"x:dailysample": "The Daily Sample"})


class Shelf:
    """Texts that turn up after some looks, or an index that is down."""

    def __init__(self, evidence: Evidence, *, after: int = 0, down: bool = False) -> None:
        self.evidence, self.after, self.down, self.looks = evidence, after, down, 0

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        self.looks += 1
        if self.down:
            raise IndexUnavailable
        if self.looks <= self.after:
            return {}
        return {mention.post.id: mention for mention in self.evidence.sample if mention.post.id in ids}

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]:
        post = self.evidence.statement
        return {post.id: Statement(post=post)} if post and post.id in ids and self.looks > self.after else {}


class World:
    """Channels, a clock that sleeping moves on, and what was recorded."""

    def __init__(self, *names: str, at: datetime = AT, rehearsal: bool = False, shelf: Shelf | None = None) -> None:
        self.time = at
        self.slept: list[float] = []
        self.channels = {name: MemoryNotifier(name) for name in names}
        self.recorded: list[Notification] = []
        settings = AlertSettings(
            channels=tuple(ChannelSettings(kind="terminal", name=name, rehearsal=rehearsal) for name in names)
        )
        self.shelf = shelf or Shelf(example_evidence(example_alert(AT)))
        self.delivery = Delivery(
            settings=settings,
            book=BOOK,
            notifiers=self.channels,
            index=self.shelf,
            now=lambda: self.time,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def record(self, notification: Notification) -> None:
        self.recorded.append(notification)

    def outcomes(self) -> dict[str, Outcome]:
        return {notification.channel: notification.outcome for notification in self.recorded}

    def deliver(self, alert: Alert, already: Mapping[str, Outcome] | None = None) -> tuple[Notification, ...]:
        return asyncio.run(self.delivery.deliver(alert, already or {}, self.record))


LIVE = example_alert(AT, live=True)


def test_every_channel_is_sent_the_alert_and_each_outcome_is_recorded() -> None:
    world = World("a", "b")
    done = world.deliver(LIVE)
    assert world.outcomes() == {"a": Outcome.SENT, "b": Outcome.SENT}
    assert sorted(world.recorded, key=lambda n: n.channel) == list(done)
    (message,) = world.channels["a"].sent
    assert message.id == LIVE.id
    assert "a, b" in message.text
    assert "A firm post about a new rule" in message.text


def test_delivering_again_sends_nothing_twice_and_finishes_what_was_left() -> None:
    world = World("a", "b")
    world.deliver(LIVE, {"a": Outcome.SENT})
    world.deliver(LIVE, {"a": Outcome.SENT, "b": Outcome.SENT})
    assert world.channels["a"].sent == []
    assert len(world.channels["b"].sent) == 1


def test_a_channel_that_fails_for_a_while_gets_it_later_and_holds_no_other_up() -> None:
    world = World("slow", "fast")
    world.channels["slow"].failures = [TryAgain("busy"), TryAgain("busy", after=30.0), TryAgain("busy")]
    world.deliver(LIVE)
    assert [notification.channel for notification in world.recorded] == ["fast", "slow"]
    assert world.outcomes()["slow"] is Outcome.SENT
    assert [pause for pause in world.slept if pause >= 2] == [2.0, 30.0, 8.0]


def test_a_refusal_is_recorded_and_not_repeated() -> None:
    world = World("a")
    world.channels["a"].failures = [Refused("no such address")]
    world.deliver(LIVE)
    assert world.outcomes() == {"a": Outcome.FAILED}
    assert world.slept == []


def test_a_channel_that_stays_away_leaves_the_alert_to_the_summary_after_a_quarter_of_an_hour() -> None:
    world = World("a")
    world.channels["a"].failures = [TryAgain("away") for _ in range(1000)]
    world.deliver(LIVE)
    assert world.outcomes() == {"a": Outcome.LATE}
    assert timedelta(minutes=13) < world.time - AT <= timedelta(minutes=15)


def test_an_exercise_that_nobody_takes_is_owed_to_nobody() -> None:
    world = World("a", rehearsal=True, at=AT + timedelta(days=100))
    world.channels["a"].failures = [TryAgain("away") for _ in range(1000)]
    world.deliver(example_alert(AT))
    assert world.outcomes() == {"a": Outcome.FAILED}


def test_a_replay_is_recorded_as_not_sent_and_fetches_nothing() -> None:
    world = World("a")
    world.deliver(example_alert(AT))
    assert world.outcomes() == {"a": Outcome.NOT_SENT_REPLAY}
    assert world.channels["a"].sent == []
    assert world.shelf.looks == 0


def test_what_recording_raises_ends_the_delivery() -> None:
    world = World("a")

    async def broken(notification: Notification) -> None:
        raise RuntimeError("the table is gone")

    with pytest.raises(ExceptionGroup):
        asyncio.run(world.delivery.deliver(LIVE, {}, broken))


def test_after_an_outage_each_channel_gets_one_summary_of_what_it_missed() -> None:
    world = World("a", "b", at=AT + timedelta(hours=3))
    second = example_alert(AT + timedelta(minutes=50), live=True)
    end = example_alert(AT + timedelta(minutes=50), step=AlertStep.OVER, live=True)
    late = {"a": [LIVE, second, end], "b": [LIVE], "gone": [LIVE]}
    asyncio.run(world.delivery.deliver_summary(late, world.record))
    assert {n.outcome for n in world.recorded} == {Outcome.SUMMARISED}
    assert sorted((n.channel, n.alert) for n in world.recorded) == sorted(
        [("a", LIVE.id), ("a", second.id), ("a", end.id), ("b", LIVE.id)]
    )
    (message,) = world.channels["a"].sent
    assert message.subject == ("LATE SERIOUS: 2 storms while alerts could not be sent, 1 of them not known to be over")
    assert "140 people" in message.text
    assert len(world.channels["b"].sent) == 1


def test_the_summarys_id_follows_from_the_alerts_it_holds_in_any_order() -> None:
    second = example_alert(AT + timedelta(minutes=50), live=True)

    def identifier(*alerts: Alert) -> str:
        world = World("a", at=AT + timedelta(hours=3))
        asyncio.run(world.delivery.deliver_summary({"a": alerts}, world.record))
        return world.channels["a"].sent[0].id

    assert identifier(LIVE, second) == identifier(second, LIVE)
    assert identifier(LIVE) != identifier(second)


def test_the_alert_waits_a_little_for_texts_that_are_still_on_their_way() -> None:
    world = World("a", shelf=Shelf(example_evidence(LIVE), after=2))
    world.deliver(LIVE)
    assert "disgrace" in world.channels["a"].sent[0].text
    assert sum(world.slept) == 1.0


def test_the_alert_goes_without_texts_when_the_index_is_down_and_says_so() -> None:
    world = World("a", shelf=Shelf(example_evidence(LIVE), down=True))
    world.deliver(LIVE)
    assert DOWN in world.channels["a"].sent[0].text
    assert world.slept == []


def test_an_index_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundings.services.alerts.evidence._ANSWER", 0.05)

    class Stuck(Shelf):
        async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
            await asyncio.sleep(3600)
            return {}

    evidence = asyncio.run(asyncio.wait_for(gather(Stuck(Evidence()), LIVE, BOOK), timeout=1))
    assert evidence.missing == (DOWN,)


def test_posts_that_never_turn_up_are_waited_for_three_seconds_and_named_as_missing() -> None:
    world = World("a", shelf=Shelf(Evidence()))
    evidence = asyncio.run(gather(world.shelf, LIVE, BOOK, sleep=world.sleep))
    assert sum(world.slept) == 3.0
    assert any("4 of 4 sample posts" in gap for gap in evidence.missing)


def test_a_public_account_is_named_and_a_member_of_the_public_is_not() -> None:
    known = example_evidence(LIVE)
    assert known.statement is not None
    news = replace(known.statement, own_account=None, public_author="x:dailysample")
    shelf = Shelf(replace(known, statement=news))
    assert asyncio.run(gather(shelf, LIVE, BOOK)).trigger_name == "The Daily Sample"
    someone = replace(news, public_author=None)
    assert asyncio.run(gather(Shelf(replace(known, statement=someone)), LIVE, BOOK)).trigger_name == ""
