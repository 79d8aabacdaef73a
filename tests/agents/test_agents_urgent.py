"""Posts that cannot wait, between intake and the channels: told once, also after a restart; a flood waits its turn."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from prometheus_client import REGISTRY

from soundings.services.alerts.example import DEPARTMENT
from soundings.services.alerts.memory import MemoryNotifier
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.posts import Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id
from soundings.streams.agents import urgent_notices
from soundings.streams.agents.intake import IntakeAgent
from soundings.streams.agents.urgent_notices import UrgentNotices
from soundings.streams.quarantine import Seal
from soundings.streams.records import Delivery
from soundings.streams.redactions import Redactions

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)


class Plain:
    def tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
        return [tags for _ in texts]


def delivered(number: int, text: str, *, live: bool = True, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": f"x:x.com:{number}",
        "created_at": AT + timedelta(seconds=number),
        "voice": "v",
        "text": text,
        "kind": PostKind.ORIGINAL,
        "source": "x",
        "departments": (DEPARTMENT.key,),
    }
    return Delivery(department=DEPARTMENT.key, position=number, post=Post(**fields | changes), live=live)


def taken_in(wire: Any, *several: Delivery) -> list[Urgent]:
    """What intake passes on of them as urgent."""
    redactions = Redactions()
    redactions.read_whole()
    seal = Seal("a key of enough characters")
    book = AccountBook(departments=(DEPARTMENT,))
    agent = IntakeAgent(wire.app("intake"), wire.settings, book, Plain(), seal, redactions)
    assert wire.run(agent.process([wire.event(each, key=DEPARTMENT.key) for each in several]))
    found: list[Urgent] = wire.records("urgent")
    return found


def test_intake_passes_a_call_on_and_lets_ordinary_posts_and_our_own_be(wire: Any) -> None:
    call = delivered(2, "Somebody is drowning at the weir")
    ours = delivered(3, "Somebody is drowning at the weir", own_account="x:examplegov")
    found = taken_in(wire, delivered(1, "When does the weir open?"), call, ours, call)
    assert [each.post for each in found] == [call.post.id]
    assert found[0].live and found[0].at == call.post.created_at


def test_intake_says_when_a_call_comes_from_a_replay(wire: Any) -> None:
    (found,) = taken_in(wire, delivered(1, "Somebody is drowning at the weir", live=False))
    assert not found.live


def urgent(number: int, **changes: Any) -> Urgent:
    post = f"x:x.com:{number}"
    plain: dict[str, Any] = {
        "id": urgent_id(DEPARTMENT.key, post),
        "department": DEPARTMENT.key,
        "post": post,
        "kind": UrgencyKind.RISK_TO_LIFE,
        "reason": "somebody asks to be rescued",
        "at": AT,
        "live": True,
        "appeal": f"appeal-{number}",
    }
    return Urgent(**plain | changes)


def outcomes(office: Any) -> dict[str, Outcome]:
    """At the desk, the last of each post."""
    return {name.rpartition(":")[2]: outcome for name, channel, outcome in office.outcomes() if channel == "desk"}


def test_a_call_is_told_to_every_channel_recorded_and_then_acknowledged(office: Any) -> None:
    office.tell(urgent(1))
    assert office.sent("desk") == office.sent("phone") == [urgent(1).id]
    assert outcomes(office) == {"1": Outcome.SENT}
    assert office.acked == [urgent(1).id]


def test_a_successor_tells_nothing_twice_and_knows_copies(office: Any) -> None:
    """Killed after the sending: the redelivered record and a repost of it are known."""
    office.tell(urgent(1))
    office.succeeded()
    office.tell(urgent(1), urgent(2, appeal="appeal-1", at=AT + timedelta(hours=3)))
    assert office.sent() == [urgent(1).id]
    assert outcomes(office)["2"] is Outcome.NOT_SENT_COPY


def test_copies_that_come_together_are_told_once(office: Any) -> None:
    office.tell(*(urgent(number, appeal="one appeal") for number in range(1, 9)))
    assert len(office.sent()) == len(office.sent("phone")) == 1


def test_the_same_words_on_the_next_day_are_a_new_appeal(office: Any) -> None:
    office.tell(urgent(1))
    office.now += timedelta(days=1)
    office.tell(urgent(2, appeal="appeal-1", at=AT + timedelta(days=1)))
    assert len(office.sent()) == 2


def test_a_flood_is_gathered_and_survives_a_restart(office: Any) -> None:
    """What waits is in the state: a successor tells it, once, in one message a channel."""
    office.a_minute = 2
    office.succeeded()
    office.tell(*(urgent(number) for number in range(1, 8)))
    assert len(office.sent()) == 2
    assert list(outcomes(office).values()).count(Outcome.WAITING) == 5
    office.succeeded()
    office.wire.run(office.agent._gather())
    office.wire.run(office.agent._gather())
    assert len(office.sent()) == len(office.sent("phone")) == 3
    assert list(outcomes(office).values()).count(Outcome.GATHERED) == 5
    office.succeeded()
    office.tell(urgent(7))
    office.wire.run(office.agent._gather())
    assert len(office.sent()) == 3


def test_the_summary_of_late_alerts_does_not_stumble_over_urgent_posts(office: Any) -> None:
    office.tell(urgent(1))
    office.succeeded()
    office.wire.run(office.agent._summarise())
    assert office.sent() == [urgent(1).id]


def note(one: Urgent, outcome: Outcome) -> Notification:
    return Notification(alert=one.id, channel="desk", outcome=outcome, at=AT)


def test_what_is_remembered_is_bounded_and_what_waits_is_never_forgotten(monkeypatch: Any) -> None:
    monkeypatch.setattr(urgent_notices, "KEPT", 3)
    monkeypatch.setattr(urgent_notices, "MOST_WAITING", 2)
    notices = UrgentNotices()
    for number in range(1, 4):
        kept = notices.record(urgent(number), note(urgent(number), Outcome.WAITING))
        assert kept.outcome is (Outcome.NOT_SENT_FULL if number == 3 else Outcome.WAITING)
    for number in range(4, 20):
        notices.record(urgent(number), note(urgent(number), Outcome.SENT))
    assert [each.post for each in notices.waiting()["desk"]] == ["x:x.com:1", "x:x.com:2"]
    assert not notices.of(urgent(5).id) and notices.of(urgent(19).id)
    again = UrgentNotices.from_bytes(notices.to_bytes())
    assert again.to_bytes() == notices.to_bytes()


def flooded(office: Any) -> None:
    """One call was told to both channels, a second waits for both."""
    office.a_minute = 1
    office.succeeded()
    office.tell(urgent(1), urgent(2))


def unheard() -> float | None:
    return REGISTRY.get_sample_value("soundings_unheard", {"kind": "urgent"})


def test_what_waits_for_a_channel_that_is_gone_is_left_to_those_that_have_it(office: Any) -> None:
    flooded(office)
    del office.channels["desk"]
    office.succeeded()
    office.wire.run(office.agent._gather())
    assert outcomes(office) == {"1": Outcome.SENT, "2": Outcome.NOT_SENT_GONE}
    assert len(office.sent("phone")) == 2


def test_a_channel_that_came_in_the_place_of_others_is_handed_what_waits_once(office: Any) -> None:
    """A channel that was renamed: what was told to the old name is not told again, also after a restart."""
    flooded(office)
    office.channels = {"duty officer": MemoryNotifier("duty officer")}
    for _ in range(2):
        office.succeeded()
        office.wire.run(office.agent._gather())
    (message,) = office.channels["duty officer"].sent
    assert urgent(2).post in message.text and urgent(1).post not in message.text
    assert [each for each in office.outcomes() if each[0] == urgent(2).post][2:] == [
        (urgent(2).post, "duty officer", Outcome.WAITING),
        (urgent(2).post, "desk", Outcome.NOT_SENT_GONE),
        (urgent(2).post, "phone", Outcome.NOT_SENT_GONE),
        (urgent(2).post, "duty officer", Outcome.GATHERED),
    ]


def test_with_no_channel_left_it_goes_on_waiting_which_is_said_until_there_is_one(office: Any, capsys: Any) -> None:
    flooded(office)
    channels, office.channels = office.channels, {}
    office.succeeded()
    for _ in range(3):
        office.wire.run(office.agent._gather())
    assert unheard() == 1
    assert capsys.readouterr().out.count("no channel takes them") == 1
    office.channels = channels
    office.succeeded()
    office.wire.run(office.agent._gather())
    assert unheard() == 0
    assert len(office.sent("desk")) == len(office.sent("phone")) == 2


def test_a_partition_that_has_gone_hands_nothing_over(office: Any) -> None:
    """Its new owner does."""
    flooded(office)
    office.channels = {"duty officer": MemoryNotifier("duty officer")}
    office.succeeded()
    before = len(office.wire.sent)
    office.wire.run(office.agent._desk.gather(lambda: False))
    assert len(office.wire.sent) == before
    assert office.sent("duty officer") == []
