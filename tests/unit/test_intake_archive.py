"""Archives: every line is accounted for, ticks tell of each minute that passed, a broken file is named."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.posts import Tick
from soundings.services.intake.archive import MAX_LINE, ArchiveError, Line, numbered_lines, read_archive
from soundings.services.intake.pseudonyms import Pseudonyms

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
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


def line(number: int, seconds: float) -> bytes:
    at = (NINE + timedelta(seconds=seconds)).isoformat()
    fields = {"id": str(number), "created_at": at, "author": "a", "text": "hello", "accounts": ["MinistryGov"]}
    return orjson.dumps(fields) + b"\n"


def write(folder: Path, *lines: bytes) -> Path:
    file = folder / "posts.jsonl"
    file.write_bytes(b"".join(lines))
    return file


def read(file: Path, after: int = 0) -> list[Line | Tick]:
    return list(read_archive(file, BOOK, PSEUDONYMS, "replay:test", now=NOW, after_line=after))


def told(events: list[Line | Tick]) -> list[str]:
    """Ticks by their time of day, lines by their number."""
    return [f"{e.time:%H:%M}" + "!" * e.ended if isinstance(e, Tick) else str(e.number) for e in events]


def test_a_tick_stands_before_the_first_post_of_each_minute_and_the_last_ends_the_source(tmp_path: Path) -> None:
    file = write(tmp_path, line(1, 0), line(2, 59.9), line(3, 60), line(4, 200))
    assert told(read(file)) == ["09:00", "1", "2", "09:01", "3", "09:03", "4", "09:04!"]


def test_a_line_out_of_order_moves_no_tick(tmp_path: Path) -> None:
    file = write(tmp_path, line(1, 0), line(2, 300), line(3, 30), line(4, 310))
    assert told(read(file)) == ["09:00", "1", "09:05", "2", "3", "4", "09:06!"]


def test_ticks_of_a_replay_are_never_live(tmp_path: Path) -> None:
    assert not any(event.live for event in read(write(tmp_path, line(1, 0))) if isinstance(event, Tick))


def test_a_bad_line_is_told_with_its_number_and_the_others_are_read(tmp_path: Path) -> None:
    events = read(write(tmp_path, line(1, 0), b"{broken\n", b"\n", b"\xff\xfe\n", line(5, 1), line(6, 2)[:-20]))
    lines = [event for event in events if isinstance(event, Line)]
    assert [(each.number, each.post is None) for each in lines] == [
        (1, False),
        (2, True),
        (4, True),
        (5, False),
        (6, True),
    ]
    assert all((each.post is None) == bool(each.problem) for each in lines)


def test_a_file_of_bad_lines_only_tells_no_time(tmp_path: Path) -> None:
    assert told(read(write(tmp_path, b"{\n", b"]\n"))) == ["1", "2"]


def test_reading_goes_on_after_the_line_where_it_stopped(tmp_path: Path) -> None:
    file = write(tmp_path, line(1, 0), line(2, 1), line(3, 61))
    assert told(read(file, after=2)) == ["09:01", "3", "09:02!"]
    assert told(read(file, after=3)) == []


def test_an_endless_line_is_cut_told_and_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path, b'{"text": "' + b"x" * (2 * MAX_LINE + 5) + b'"}\n', line(2, 0))
    first, _, second, _ = read(file)
    assert isinstance(first, Line) and isinstance(second, Line)
    assert first.problem == f"longer than {MAX_LINE} bytes"
    assert len(first.raw) == MAX_LINE
    assert second.post is not None and second.number == 2


@pytest.mark.parametrize("length", range(1, 12))
def test_lines_keep_their_numbers_whatever_their_length(tmp_path: Path, length: int) -> None:
    """The bound may fall before, on and after the line's end."""
    file = write(tmp_path, b"a" * length + b"\n", b"b\n", b"c" * length)
    assert [(number, raw[:1]) for number, raw in numbered_lines(file, longest=4)] == [(1, b"a"), (2, b"b"), (3, b"c")]


def test_a_packed_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl.gz"
    file.write_bytes(gzip.compress(line(1, 0) + line(2, 1)))
    assert told(read(file)) == ["09:00", "1", "2", "09:01!"]


def test_a_packed_file_that_was_cut_off_is_named_after_what_could_be_read(tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl.gz"
    packed = gzip.compress(b"".join(line(number, number / 100) for number in range(1, 5000)))
    file.write_bytes(packed[: len(packed) // 2])
    got: list[Line | Tick] = []
    with pytest.raises(ArchiveError, match="posts.jsonl.gz: cut off or not gzip"):
        got.extend(read_archive(file, BOOK, PSEUDONYMS, "replay:test", now=NOW))
    assert len(got) > 100
    assert not any(isinstance(event, Tick) and event.ended for event in got)


@pytest.mark.parametrize("content", [b"plain text\n", b"\x1f\x8b\x08\x00broken"])
def test_a_file_that_is_no_gzip_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "posts.jsonl.gz"
    file.write_bytes(content)
    with pytest.raises(ArchiveError, match="posts.jsonl.gz"):
        read(file)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path)) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="nowhere.jsonl: No such file"):
        read(tmp_path / "nowhere.jsonl")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="Is a directory"):
        read(tmp_path)
