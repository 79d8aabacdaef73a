"""The terminal's log quotes posts: no line of it is kept for longer than text is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from soundings.deploy.local.terminal_log import NAME, expire


def test_no_line_outlives_its_days(tmp_path: Path) -> None:
    """A line a day for half a year, the job once a day: at any time all that is there is younger than 90 days."""
    folder = tmp_path / "logs"
    folder.mkdir()
    log = folder / NAME
    start = datetime.now(UTC)
    oldest_seen = 0
    for day in range(180):
        with log.open("a") as handle:
            handle.write(f"{day}\n")
        now = start + timedelta(days=day)
        if expire(tmp_path, 90, now):
            log.with_name(f"{NAME}.1").touch()
            _set_time(log.with_name(f"{NAME}.1"), now)
        kept = [int(line) for file in folder.iterdir() for line in file.read_text().split()]
        oldest_seen = max(oldest_seen, day - min(kept, default=day))
    assert 40 < oldest_seen <= 90


def test_where_there_is_no_such_log_nothing_is_made(tmp_path: Path) -> None:
    assert not expire(tmp_path, 90, datetime.now(UTC))
    assert list(tmp_path.iterdir()) == []


def _set_time(file: Path, at: datetime) -> None:
    import os

    os.utime(file, (at.timestamp(), at.timestamp()))
