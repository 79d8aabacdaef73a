"""Who tells a post or a late alert that waits for a channel, once the settings have changed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from soundings.services.alerts import plan
from soundings.services.alerts.example import DEPARTMENT, example_alert
from soundings.services.alerts.urgent_plan import stand_in
from soundings.services.domain.alerts import Outcome
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id
from soundings.services.settings import ChannelSettings

CALL = Urgent(
    id=urgent_id("rivers", "x:x.com:1"),
    department="rivers",
    post="x:x.com:1",
    kind=UrgencyKind.RISK_TO_LIFE,
    reason="somebody asks to be rescued",
    at=datetime(2026, 7, 3, 20, 31, tzinfo=UTC),
    live=True,
)
DESK, PHONE = ChannelSettings(kind="terminal", name="desk"), ChannelSettings(kind="terminal", name="phone")
WAITING = {"desk": Outcome.WAITING}


def test_a_channel_that_is_there_tells_it_itself() -> None:
    assert stand_in(CALL, "desk", [DESK, PHONE], WAITING) is None


@pytest.mark.parametrize(
    "desk",
    [
        DESK.model_copy(update={"name": "another desk"}),
        DESK.model_copy(update={"departments": ("roads",)}),
        DESK.model_copy(update={"urgent": False}),
    ],
)
def test_a_channel_that_is_gone_or_takes_it_no_longer_is_stood_in_for(desk: ChannelSettings) -> None:
    found = stand_in(CALL, "desk", [desk, PHONE], WAITING)
    assert found is not None and found.settled and "phone" in found.to and "desk" not in found.to


@pytest.mark.parametrize(
    ("there", "owed"),
    [
        (None, True),
        (Outcome.FAILED, True),
        (Outcome.NOT_SENT_DEPARTMENT, True),
        (Outcome.NOT_SENT_FULL, True),
        (Outcome.NOT_SENT_GONE, True),
        (Outcome.SENT, False),
        (Outcome.GATHERED, False),
        (Outcome.WAITING, False),
        (Outcome.NOT_SENT_COPY, False),
    ],
)
def test_another_channel_tells_it_unless_it_has_it(there: Outcome | None, owed: bool) -> None:
    """A channel that refused it once, or that served another department then, is asked now."""
    already = WAITING | ({"phone": there} if there else {})
    found = stand_in(CALL, "desk", [PHONE], already)
    assert found is not None and found.settled
    assert found.to == (("phone",) if owed else ())


def test_where_no_channel_takes_it_it_goes_on_waiting() -> None:
    others = PHONE.model_copy(update={"departments": ("roads",)})
    found = stand_in(CALL, "desk", [others], WAITING)
    assert found is not None and not found.settled and not found.to
    assert found.reason == "no channel takes it"


def test_an_exercise_is_handed_to_nobody_and_waits_no_longer() -> None:
    rehearsal = PHONE.model_copy(update={"rehearsal": True})
    for channels in ([], [PHONE], [rehearsal]):
        found = stand_in(replace(CALL, live=False), "desk", channels, WAITING)
        assert found is not None and found.settled and not found.to


@pytest.mark.parametrize(
    ("phone", "to"),
    [
        ({}, ("phone",)),
        ({"departments": (DEPARTMENT.key,)}, ("phone",)),
        ({"departments": ("roads",)}, None),
        ({"min_severity": "critical"}, None),
    ],
)
def test_a_late_alert_goes_to_a_channel_for_its_department_and_severity(
    phone: dict[str, object], to: tuple[str, ...] | None
) -> None:
    """Where there is none, it is owed until there is."""
    alert, late = example_alert(CALL.at, live=True), {"desk": Outcome.LATE}
    found = plan.stand_in(alert, "desk", [PHONE.model_copy(update=phone)], late)
    assert found is not None
    assert (found.to, found.settled) == ((to, True) if to else ((), False))
    assert plan.stand_in(alert, "desk", [DESK], late) is None
