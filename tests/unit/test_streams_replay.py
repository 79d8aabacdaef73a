"""A replay: goes on where it stopped, at the speed that was asked for, and another file is another source."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.posts import Tick
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.streams.sources.replay import Pace, Replay, fingerprint
from soundings.streams.sources.source import Delivered, SourceFailed

NINE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
BOOK = AccountBook(
    departments=(
        Department(
            key="ministry",
            name="Ministry",
            timezone="Europe/London",
            accounts=(Account(platform=Platform.X, handle="MinistryGov"),),
        ),
    )
)
PSEUDONYMS = Pseudonyms("a key of enough characters", BOOK.named)


class Time(threading.Event):
    """A clock and the waiting on it: to wait moves it on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        return self.is_set()


def write(folder: Path, *seconds: float) -> Path:
    file = folder / "posts.jsonl"
    rows = (
        {"id": str(n), "created_at": (NINE + timedelta(seconds=s)).isoformat(), "author": "a", "text": "t"}
        for n, s in enumerate(seconds, 1)
    )
    file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return file


def replay(file: Path, pace: Pace | None = None) -> tuple[Replay, Time]:
    time = Time()
    source = Replay(file, BOOK, PSEUDONYMS, pace or Pace(), clock=time)
    source._stop = time
    return source, time


def came(source: Replay, time: Time, cursor: str = "") -> list[tuple[str, float]]:
    """Posts by their cursor and ticks by their second, each with the seconds of the wall clock when it came."""
    found = []
    for event in source.events(cursor):
        if isinstance(event, Tick):
            name = f"tick {(event.time - NINE).total_seconds():.0f}" + " end" * event.ended
        else:
            assert isinstance(event, Delivered)
            name = event.cursor
        found.append((name, round(time.now - 1000.0, 6)))
    return found


def test_as_fast_as_possible_nothing_is_waited_for(tmp_path: Path) -> None:
    source, time = replay(write(tmp_path, 0, 7200))
    assert came(source, time) == [("tick 0", 0), ("1", 0), ("tick 7200", 0), ("2", 0), ("tick 7260 end", 0)]


def test_at_a_speed_each_post_comes_at_its_time_with_ticks_in_between(tmp_path: Path) -> None:
    """Sixty times faster than life: a minute a second, and a tick each second, so that minutes are decided in time."""
    source, time = replay(write(tmp_path, 0, 150), Pace(speed=60))
    assert came(source, time) == [
        ("tick 0", 0.0),
        ("1", 0.0),
        ("tick 60", 1.0),
        ("tick 120", 2.0),
        ("2", 2.5),
        ("tick 180 end", 3.0),
    ]


def test_a_pace_holds_up_to_its_end_only(tmp_path: Path) -> None:
    pace = Pace(speed=60, until=NINE + timedelta(hours=1))
    source, time = replay(write(tmp_path, 0, 60, 3600, 90000), pace)
    at = dict(came(source, time))
    assert (at["1"], at["2"]) == (0.0, 1.0)
    assert at["3"] == at["4"] == 1.0


def test_it_goes_on_after_its_cursor(tmp_path: Path) -> None:
    source, time = replay(write(tmp_path, 0, 1, 61))
    assert [name for name, _ in came(source, time, "2")] == ["tick 60", "3", "tick 120 end"]


def test_killed_after_its_last_record_it_still_tells_its_end(tmp_path: Path) -> None:
    """Otherwise the archive's last minute would never be decided; a bad line at the end changes nothing."""
    file = write(tmp_path, 0, 61)
    source, time = replay(file)
    assert [name for name, _ in came(source, time, "2")] == ["tick 120 end"]
    file.write_bytes(file.read_bytes() + b"no post\n")
    source, time = replay(file)
    assert [name for name, _ in came(source, time, "2")] == ["3", "tick 120 end"]
    empty, time = replay(write(tmp_path))
    assert came(empty, time) == []


def test_closing_it_ends_it_before_the_next_record(tmp_path: Path) -> None:
    source, _ = replay(write(tmp_path, 0, 1, 2))
    events = source.events("")
    next(events)
    source.close()
    assert list(events) == []
    assert not source.status().connected


def test_a_file_that_changed_is_another_source(tmp_path: Path) -> None:
    """The cursor of one would skip lines of the other."""
    first = fingerprint(write(tmp_path, 0))
    assert fingerprint(write(tmp_path, 0)) == first
    assert fingerprint(write(tmp_path, 1)) != first
    assert fingerprint(write(tmp_path, 0, 0)) != first
    source, _ = replay(write(tmp_path, 0))
    assert source.name == f"replay:posts.jsonl:{first}"
    assert not source.live


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"nowhere\.jsonl: No such file"):
        Replay(tmp_path / "nowhere.jsonl", BOOK, PSEUDONYMS, Pace())
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(b"plain text")
    source, time = replay(broken)
    with pytest.raises(SourceFailed, match=r"broken\.jsonl\.gz"):
        came(source, time)
