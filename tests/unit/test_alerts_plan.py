"""Who is told of an alert: one table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.alerts.example import example_alert
from soundings.services.alerts.message import Heading
from soundings.services.alerts.plan import LATE_AFTER, Planned, plan
from soundings.services.domain.alerts import Alert, AlertStep, Outcome
from soundings.services.domain.firestorms import Severity
from soundings.services.settings import ChannelSettings

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
SOON = AT + timedelta(seconds=10)
LIVE = example_alert(AT, live=True)
REPLAYED = example_alert(AT)


def channel(name: str = "duty", **settings: object) -> ChannelSettings:
    return ChannelSettings.model_validate({"kind": "terminal", "name": name, **settings})


def severe(alert: Alert, severity: Severity) -> Alert:
    return replace(alert, firestorm=replace(alert.firestorm, severity=severity))


def only(
    alert: Alert,
    to: ChannelSettings,
    already: dict[str, Outcome] | None = None,
    now: datetime = SOON,
    before: dict[str, Outcome] | None = None,
) -> Planned:
    (planned,) = plan(alert, [to], already or {}, now, before)
    return planned


@pytest.mark.parametrize(
    ("alert", "to", "now", "outcome"),
    [
        (LIVE, channel(), SOON, Outcome.SENT),
        (LIVE, channel(min_severity="critical"), SOON, Outcome.NOT_SENT_SEVERITY),
        (severe(LIVE, Severity.CRITICAL), channel(min_severity="critical"), SOON, Outcome.SENT),
        (
            severe(LIVE, Severity.WATCH),
            channel(min_severity="notable", rehearsal=True),
            SOON,
            Outcome.NOT_SENT_SEVERITY,
        ),
        (LIVE, channel(departments=("department-of-examples",)), SOON, Outcome.SENT),
        (LIVE, channel(departments=("elsewhere",)), SOON, Outcome.NOT_SENT_DEPARTMENT),
        (REPLAYED, channel(), SOON, Outcome.NOT_SENT_REPLAY),
        (REPLAYED, channel(), AT + timedelta(days=400), Outcome.NOT_SENT_REPLAY),
        (REPLAYED, channel(rehearsal=True), SOON, Outcome.SENT),
        (REPLAYED, channel(rehearsal=True, departments=("elsewhere",)), SOON, Outcome.NOT_SENT_DEPARTMENT),
        (REPLAYED, channel(rehearsal=True, min_severity="critical"), SOON, Outcome.NOT_SENT_SEVERITY),
        (LIVE, channel(), AT + LATE_AFTER, Outcome.SENT),
        (LIVE, channel(), AT + LATE_AFTER + timedelta(seconds=1), Outcome.LATE),
        (LIVE, channel(rehearsal=True), AT + timedelta(hours=2), Outcome.SENT),
    ],
)
def test_each_channel_gets_what_its_settings_and_the_clock_allow(
    alert: Alert, to: ChannelSettings, now: datetime, outcome: Outcome
) -> None:
    planned = only(alert, to, now=now)
    assert planned.outcome is outcome
    assert planned.send is (outcome is Outcome.SENT)
    assert planned.reason


def test_a_replay_is_headed_exercise_and_what_is_live_is_not() -> None:
    assert only(REPLAYED, channel(rehearsal=True)).heading is Heading.EXERCISE
    assert only(LIVE, channel(rehearsal=True)).heading is Heading.NONE
    assert only(LIVE, channel(rehearsal=True), now=AT + timedelta(hours=2)).heading is Heading.LATE


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome.final])
def test_what_is_recorded_is_not_decided_again(outcome: Outcome) -> None:
    assert plan(LIVE, [channel()], {"duty": outcome}, SOON) == ()


def test_what_was_late_is_decided_again() -> None:
    assert only(LIVE, channel(), {"duty": Outcome.LATE}, now=AT + timedelta(hours=1)).outcome is Outcome.LATE


def test_channels_are_decided_one_by_one() -> None:
    planned = plan(LIVE, [channel("a"), channel("b"), channel("c", min_severity="critical")], {"a": Outcome.SENT}, SOON)
    assert [(item.channel, item.send) for item in planned] == [("b", True), ("c", False)]


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        ({"duty": Outcome.SENT}, Outcome.SENT),
        ({"duty": Outcome.SUMMARISED}, Outcome.SENT),
        ({"duty": Outcome.NOT_SENT_REPLAY}, Outcome.NOT_SENT_UNTOLD),
        ({"duty": Outcome.FAILED}, Outcome.NOT_SENT_UNTOLD),
        ({"duty": Outcome.LATE}, Outcome.LATE),
        ({"other": Outcome.SENT}, Outcome.NOT_SENT_UNTOLD),
        ({}, Outcome.NOT_SENT_UNTOLD),
        (None, Outcome.SENT),
    ],
)
def test_the_end_is_told_to_those_who_were_told_of_the_beginning(
    before: dict[str, Outcome] | None, outcome: Outcome
) -> None:
    over = example_alert(AT, step=AlertStep.OVER, live=True)
    assert only(over, channel(), before=before).outcome is outcome


def test_an_end_below_the_channels_severity_is_not_told_when_nothing_is_known_of_the_opening() -> None:
    over = example_alert(AT, step=AlertStep.OVER, live=True)
    assert only(over, channel(min_severity="critical")).outcome is Outcome.NOT_SENT_SEVERITY


def test_an_escalation_reaches_the_channel_that_only_wants_the_worst() -> None:
    worse = example_alert(AT, step=AlertStep.ESCALATED, live=True)
    assert only(worse, channel(min_severity="critical"), before={}).send


@pytest.mark.parametrize("step", list(AlertStep))
def test_no_step_of_a_replay_reaches_a_channel_that_takes_no_exercises(step: AlertStep) -> None:
    for behind in (timedelta(), timedelta(minutes=16), timedelta(days=3000)):
        planned = only(example_alert(AT, step=step), channel(), now=AT + behind, before={"duty": Outcome.SENT})
        assert not planned.send
