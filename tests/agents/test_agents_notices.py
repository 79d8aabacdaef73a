"""What a department's channels were told: it survives a restart, and says what a later notice builds on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from soundings.services.alerts.example import example_alert
from soundings.services.domain.alerts import Alert, AlertStep, Notification, Outcome
from soundings.streams.agents.notices import STORMS_KEPT, Notices

AT = datetime(2026, 7, 3, 20, 31, tzinfo=UTC)
STEPS = tuple(AlertStep)
told = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(STEPS), st.sampled_from(["a", "b"]), st.sampled_from(Outcome)),
    max_size=15,
)


def alert(storm: int = 0, step: AlertStep = AlertStep.OPENED) -> Alert:
    return example_alert(AT + timedelta(hours=storm), step=step)


def note(of: Alert, channel: str, outcome: Outcome) -> Notification:
    return Notification(alert=of.id, channel=channel, outcome=outcome, at=AT)


def recorded(entries: list[tuple[int, AlertStep, str, Outcome]]) -> Notices:
    notices = Notices()
    for storm, step, channel, outcome in entries:
        notices.record(alert(storm, step), note(alert(storm, step), channel, outcome))
    return notices


@given(told)
def test_notices_come_back_as_they_were_stored(entries: list[tuple[int, AlertStep, str, Outcome]]) -> None:
    notices = recorded(entries)
    restored = Notices.from_bytes(notices.to_bytes())
    assert restored.late() == notices.late()
    for storm in range(3):
        for step in STEPS:
            assert restored.of(alert(storm, step).id) == notices.of(alert(storm, step).id)
            assert restored.before(alert(storm, step)) == notices.before(alert(storm, step))


@given(told)
def test_the_last_outcome_of_an_alert_on_a_channel_stands(entries: list[tuple[int, AlertStep, str, Outcome]]) -> None:
    last = {(alert(storm, step).id, channel): outcome for storm, step, channel, outcome in entries}
    notices = recorded(entries)
    for (identifier, channel), outcome in last.items():
        assert notices.of(identifier)[channel] is outcome


@given(told)
def test_owed_is_exactly_what_was_late_and_not_made_good(entries: list[tuple[int, AlertStep, str, Outcome]]) -> None:
    last = {(alert(storm, step).id, channel): outcome for storm, step, channel, outcome in entries}
    owed = {(each.id, channel) for channel, alerts in recorded(entries).late().items() for each in alerts}
    assert owed == {key for key, outcome in last.items() if outcome is Outcome.LATE}


@given(told)
def test_before_an_alert_nothing_of_itself_or_of_another_storm_counts(
    entries: list[tuple[int, AlertStep, str, Outcome]],
) -> None:
    notices = recorded(entries)
    now = alert(0, AlertStep.OVER)
    earlier = [each for each in entries if each[0] == 0 and each[1] is not AlertStep.OVER]
    assert notices.before(now) == recorded(earlier).before(now)
    last = {(step, channel): outcome for _, step, channel, outcome in earlier}
    for channel, outcome in notices.before(now).items():
        outcomes = [each for (_, on), each in last.items() if on == channel]
        assert outcome in outcomes
        assert outcome.told or not any(each.told for each in outcomes)


def test_told_counts_for_more_than_late_and_late_for_more_than_never() -> None:
    notices = Notices()
    notices.record(alert(), note(alert(), "a", Outcome.SENT))
    escalated = alert(step=AlertStep.ESCALATED)
    notices.record(escalated, note(escalated, "a", Outcome.FAILED))
    notices.record(alert(), note(alert(), "b", Outcome.NOT_SENT_SEVERITY))
    notices.record(escalated, note(escalated, "b", Outcome.LATE))
    assert notices.before(alert(step=AlertStep.OVER)) == {"a": Outcome.SENT, "b": Outcome.LATE}


def test_what_is_remembered_is_bounded_and_the_storms_heard_of_last_are_kept() -> None:
    notices = Notices()
    for storm in [*range(STORMS_KEPT), 0, STORMS_KEPT]:
        notices.record(alert(storm), note(alert(storm), "a", Outcome.SENT))
    assert notices.of(alert(0).id) == {"a": Outcome.SENT}
    assert notices.of(alert(1).id) == {}


def test_a_late_alert_of_a_forgotten_storm_is_owed_to_nobody() -> None:
    """Nothing says any more on which channel it was late, so it is not kept either."""
    notices = Notices()
    notices.record(alert(), note(alert(), "a", Outcome.LATE))
    for storm in range(1, STORMS_KEPT + 1):
        notices.record(alert(storm), note(alert(storm), "a", Outcome.SENT))
    assert notices.late() == {}
    assert notices.to_bytes().endswith(b'"late":[]}')


def test_an_alert_with_a_slash_in_its_department_is_found_again() -> None:
    """The id of a storm is all before the last slash of the alert's id."""
    odd = alert()
    odd = replace(odd, id="a/b:2026/opened", firestorm=replace(odd.firestorm, id="a/b:2026"))
    notices = Notices()
    notices.record(odd, note(odd, "a", Outcome.SENT))
    assert notices.of(odd.id) == {"a": Outcome.SENT}
