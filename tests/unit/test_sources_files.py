"""Files as sources: which form they have, and that rows and pages become the same posts as lines do."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from soundings.services.domain.posts import PostKind, Tick
from soundings.services.intake.archive import ArchiveError
from soundings.streams.sources.csv_rows import column_map
from soundings.streams.sources.forms import Form, form_of
from soundings.streams.sources.rehearsal import BOOK, pseudonyms, x_payload
from soundings.streams.sources.replay import Pace, Replay
from soundings.streams.sources.source import Delivered, SourceFailed

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def page(*numbers: int) -> dict[str, Any]:
    """A page of a search: newest first."""
    payloads = [x_payload(number, START + timedelta(minutes=number)) for number in sorted(numbers, reverse=True)]
    users = [user for payload in payloads for user in payload["includes"]["users"]]
    data = [payload["data"] for payload in payloads]
    return {"data": data, "includes": {"users": users}, "meta": {"result_count": len(data)}}


def replayed(path: Path, cursor: str = "", **options: Any) -> list[Delivered]:
    replay = Replay(path, BOOK, pseudonyms(), Pace(), **options)
    return [event for event in replay.events(cursor) if isinstance(event, Delivered)]


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.jsonl", '{"id": "1", "text": "hello"}\n{"id": "2"}\n', Form.JSONL),
        ("a.jsonl", json.dumps(page(1)) + "\n", Form.X),
        ("a.json", json.dumps(page(1), indent=1), Form.X),
        ("a.json", '{"meta": {"result_count": 0}}', Form.X),
        ("a.csv", "id,text\n", Form.CSV),
        ("a.jsonl", "not json\n", Form.JSONL),
        ("a.jsonl", "", Form.JSONL),
    ],
)
def test_the_form_of_a_file_is_told_by_its_first_record(tmp_path: Path, name: str, content: str, form: Form) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert form_of(path) is form
    packed = tmp_path / (name + ".gz")
    packed.write_bytes(gzip.compress(content.encode()))
    assert form_of(packed) is form


def test_pages_are_replayed_in_the_order_of_time(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in (page(4, 5, 6), page(1, 2, 3))))
    replay = Replay(path, BOOK, pseudonyms(), Pace())
    events = list(replay.events(""))
    times = [event.post.created_at for event in events if isinstance(event, Delivered) and event.post]
    assert times == [START + timedelta(minutes=number) for number in range(1, 7)]
    ticks = [event for event in events if isinstance(event, Tick)]
    assert [tick.time for tick in ticks] == sorted(tick.time for tick in ticks) and ticks[-1].ended


def test_a_page_written_over_several_lines_is_one_page(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps(page(1, 2), indent=2))
    assert len(replayed(path)) == 2


def test_a_replay_of_pages_goes_on_in_the_middle_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(json.dumps(page(1, 2, 3, 4)))
    all_of_it = replayed(path)
    rest = replayed(path, all_of_it[1].cursor)
    assert [each.post for each in rest] == [each.post for each in all_of_it[2:]]


def test_a_broken_page_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(json.dumps(page(1)) + '\n{"data": [ broken\n' + json.dumps(page(2)) + "\n")
    found = replayed(path, form=Form.X)
    assert [bool(each.problem) for each in found] == [True, False, False]


def test_a_csv_file_is_read_by_its_map_of_columns(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(
        "Nr,When,Who,Said,accounts,likes,kind\n"
        '1,2026-03-02T09:00:00Z,alice,"Where is the ferry, please?","ExampleDept, Other","1,200",reply\n'
        "2,yesterday,bob,Thanks,ExampleDept,,original\n",
        encoding="utf-8-sig",
    )
    columns = column_map("id=Nr,created_at=When,author=Who,text=Said")
    first, second = replayed(path, columns=columns)
    assert first.post is not None and first.post.kind is PostKind.REPLY
    assert (first.post.accounts, first.post.likes) == (("x:exampledept",), 1200)
    assert first.post.text == "Where is the ferry, please?"
    assert second.post is None and second.problem == "created_at is not an ISO 8601 time"


def test_a_mapped_column_that_is_not_there_stops_the_replay(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("id,text\n1,hello\n")
    with pytest.raises(SourceFailed, match="no column When"):
        replayed(path, columns={"created_at": "When"})


@pytest.mark.parametrize("text", ["id", "id=", "colour=Farbe"])
def test_a_map_of_columns_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not FIELD=COLUMN"):
        column_map(text)


def test_a_file_that_is_no_gzip_though_its_name_says_so_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b"hello")
    with pytest.raises(ArchiveError):
        form_of(path)
    with pytest.raises(SourceFailed):
        replayed(path)
