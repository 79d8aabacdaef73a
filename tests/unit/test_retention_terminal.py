"""The daily process keeps the terminal's log within its time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from soundings.deploy import retention
from soundings.services.settings import Settings


class Stopped(Exception):
    """Ends the thread under test."""


def test_a_log_that_could_not_be_moved_on_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk on one day must not keep quotations for good; the file's name may hold a person's, so it is not
    told."""
    tries: list[datetime] = []
    slept: list[float] = []

    def expire(state: Path, text_days: int, now: datetime) -> bool:
        tries.append(now)
        raise OSError(28, "No space left on device", "/home/somebody/terminal.log")

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            raise Stopped

    monkeypatch.setattr(retention, "expire", expire)
    with pytest.raises(Stopped):
        retention._terminal(Settings(), sleep)
    assert len(tries) == 2
    assert all(each.tzinfo is UTC for each in tries)
    assert slept == [retention.AGAIN_S, retention.AGAIN_S]
    said = capsys.readouterr()
    assert "terminal log" in said.out + said.err
    assert "somebody" not in said.out + said.err
