"""What the bench makes of its raw times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.deploy.bench import delay
from soundings.services.alerts.example import example_alert
from soundings.services.domain.alerts import Notification, Outcome

EVENT = datetime(2026, 10, 14, 20, 20, tzinfo=UTC)
WALL = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALERT = replace(example_alert(EVENT), id="storm/opened", at=EVENT)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TOLD = [(EVENT + n * MINUTE, WALL + n * SECOND) for n in (-2, -1, 0, 1)]


def sent(at: datetime, outcome: Outcome = Outcome.SENT) -> Notification:
    return Notification(alert=ALERT.id, channel="bench", outcome=outcome, at=at)


def test_a_delay_runs_from_the_tick_that_ends_the_deciding_minute() -> None:
    """Not from the one before, which decided nothing, nor from the one after."""
    assert delay.delays(TOLD, [ALERT], [sent(WALL + 0.4 * SECOND)]) == [0.4]


def test_an_alert_that_went_by_at_full_speed_or_was_not_sent_gives_no_figure() -> None:
    later = replace(ALERT, at=EVENT + timedelta(hours=1))
    assert delay.delays(TOLD, [later], [sent(WALL)]) == []
    assert delay.delays(TOLD, [ALERT], [sent(WALL, Outcome.FAILED)]) == []
    assert delay.delays([], [ALERT], [sent(WALL)]) == []


@pytest.mark.parametrize(("part", "found"), [(0.5, 5.0), (0.99, 10.0), (0.1, 1.0)])
def test_a_share_is_a_value_that_was_measured(part: float, found: float) -> None:
    """Nothing is interpolated between a few figures."""
    assert delay.share([float(n) for n in range(1, 11)], part) == found


def test_no_alert_gives_no_share_rather_than_a_delay_of_nothing() -> None:
    assert delay.share([], 0.5) is None
