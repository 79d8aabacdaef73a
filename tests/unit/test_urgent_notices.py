"""What is remembered of posts that could not wait, within its bound."""

from datetime import UTC, datetime, timedelta

from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.urgent import UrgencyKind, Urgent, urgent_id
from soundings.streams.agents.urgent_notices import KEPT, UrgentNotices

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def call(number: int) -> Urgent:
    """One of many copies of an appeal, a second after the one before."""
    post = f"x::{number}"
    return Urgent(
        id=urgent_id("rivers", post),
        department="rivers",
        post=post,
        kind=UrgencyKind.RISK_TO_LIFE,
        reason="somebody may be in danger",
        at=AT + timedelta(seconds=number),
        live=True,
        appeal="f" * 16,
    )


def test_an_appeal_that_is_copied_a_thousand_times_is_remembered_as_told() -> None:
    notices = UrgentNotices()
    for number in range(5 * KEPT):
        urgent = call(number)
        outcome = Outcome.NOT_SENT_COPY if "mail" in notices.copies(urgent) else Outcome.SENT
        notices.record(urgent, Notification(alert=urgent.id, channel="mail", outcome=outcome, at=urgent.at))
        assert (outcome is Outcome.SENT) == (number == 0)
    again = UrgentNotices.from_bytes(notices.to_bytes())
    remembered = [number for number in range(5 * KEPT) if again.of(call(number).id)]
    assert remembered == [0, *range(4 * KEPT + 1, 5 * KEPT)]
