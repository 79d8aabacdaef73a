"""Storms in a digest: who was told, what was repeated, and that they hide nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from soundings.services.digests.page import page
from soundings.services.digests.text import text
from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm, Severity


def test_a_storm_is_told_with_who_was_told_and_does_not_hide_the_rest_of_the_week(eg: Any) -> None:
    digest = eg.composed(eg.stormy())
    (storm,) = digest.storms
    assert storm.told == (("duty phone", datetime(2026, 7, 8, 20, 26, tzinfo=UTC)),)
    assert storm.minutes == 178
    assert storm.statement is not None
    assert storm.statement.text == "A firm post about a new rule."
    assert "shame" in " ".join(saying.words for saying in storm.sayings)
    assert "hold music" not in " ".join(saying.words for saying in storm.sayings)
    shown = text(digest)
    assert "It lasted 2 h 58 min" in shown or "It lasted 3 h" in shown
    assert "Told: duty phone on Wednesday 8 July, 21:26" in " ".join(shown.split())


def test_a_storm_that_nobody_was_told_of_says_why(eg: Any) -> None:
    records = [record for record in eg.stormy() if getattr(record, "channel", "") != "duty phone"]
    assert "Nobody was told (not sent: below the channel's severity)" in " ".join(text(eg.composed(records)).split())
    unrecorded = [record for record in records if not isinstance(record, Notification)]
    assert "no notice is recorded" in text(eg.composed(unrecorded))


def test_a_storm_of_a_replay_is_told_as_an_exercise(eg: Any) -> None:
    """The clock of the replay is not that of the story: no time of telling is named."""
    records = [replace(r, live=False) if isinstance(r, Alert) else r for r in eg.stormy()]
    shown = " ".join(text(eg.composed(records)).split())
    assert "From a replay, shown as an exercise on duty phone." in shown
    assert "Told: " not in shown


def test_a_storm_about_something_else_does_not_stand_in_an_areas_digest_as_its_own(eg: Any) -> None:
    (elsewhere,) = eg.composed(eg.stormy(), area=eg.PERMITS).storms
    assert not elsewhere.here
    assert "Elsewhere in the department" in page(eg.composed(eg.stormy(), area=eg.PERMITS))


def test_what_is_only_watched_is_no_storm_of_the_digest(eg: Any) -> None:
    records = [replace(r, severity=Severity.WATCH) if isinstance(r, Firestorm) else r for r in eg.stormy()]
    assert eg.composed(records).storms == ()
