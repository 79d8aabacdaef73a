"""The rows of the built-in scenario: well formed, in order, the same in every run, and plainly made up."""

import gzip
import hashlib
import json
import re
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from soundings.deploy import scenario
from soundings.deploy.scenario import generate
from soundings.deploy.scenario.press import Row
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.archive import Line, read_archive
from soundings.services.intake.pseudonyms import Pseudonyms

FIELDS: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "created_at": (str,),
    "platform": (str,),
    "instance": (str,),
    "url": (str,),
    "author": (str,),
    "author_handle": (str, type(None)),
    "text": (str,),
    "text_full": (bool,),
    "lang": (str,),
    "kind": (str,),
    "ref_id": (str, type(None)),
    "conversation_id": (str,),
    "reply_to_author": (str, type(None)),
    "accounts": (list,),
    "own_account": (str, type(None)),
    "quoted_account": (str, type(None)),
    "media": (list,),
    "likes": (int,),
    "reposts": (int,),
    "replies": (int,),
    "quotes": (int,),
    "ref_likes": (int, type(None)),
    "ref_answers": (int, type(None)),
    "followers": (int,),
    "verified": (bool,),
    "made_up": (bool,),
}
OURS = {"ExampleAffairs", "affairs.example.gov.uk", "ExampleRivers", "rivers.example.gov.uk"}
NAMED = OURS | {"ExampleCourier"}


@cache
def rows() -> tuple[Row, ...]:
    return tuple(scenario.posts())


def text(row: Row, field: str) -> str:
    value = row[field]
    assert isinstance(value, str)
    return value


def test_every_row_has_every_field_with_its_type() -> None:
    """A consumer may rely on each field of docs/scenario.md."""
    for row in rows():
        assert row.keys() == FIELDS.keys()
        assert all(isinstance(row[name], types) for name, types in FIELDS.items()), row["id"]


def test_the_scenario_is_of_a_size_that_replays_in_seconds() -> None:
    assert 15_000 <= len(rows()) <= 20_000


def test_rows_rise_in_time_and_ids_are_unique() -> None:
    """Time order is what a replay's ticks are made from."""
    times = [text(row, "created_at") for row in rows()]
    assert times == sorted(times)
    assert all(re.fullmatch(r"2026-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment) for moment in times)
    assert len({row["id"] for row in rows()}) == len(rows())
    assert scenario.STARTS_AT <= datetime.fromisoformat(times[0])
    assert datetime.fromisoformat(times[-1]) < scenario.ENDS_AT


def test_what_a_post_refers_to_came_before_it_on_the_same_platform() -> None:
    """No answer, quote or repost precedes or leaves the platform of its original."""
    seen: dict[object, Row] = {}
    for row in rows():
        if row["ref_id"] is not None:
            assert seen[row["ref_id"]]["platform"] == row["platform"]
        assert (row["kind"] == "original") == (row["ref_id"] is None)
        seen[row["id"]] = row
        assert row["conversation_id"] in seen


def test_reposts_carry_the_full_text_of_the_original() -> None:
    """On X with the author's name before it, elsewhere as it is."""
    texts = {row["id"]: text(row, "text") for row in rows()}
    for row in rows():
        if row["kind"] == "retweet":
            before = r"RT @[\w.]+: " if row["platform"] == "x" else ""
            assert re.fullmatch(before + re.escape(texts[text(row, "ref_id")]), text(row, "text"))


def test_only_public_bodies_are_named() -> None:
    """Every @name is ours, the configured newsroom's or a pseudonym; so is every author's handle."""
    for row in rows():
        names = re.findall(r"@([\w.]*\w)", text(row, "text"))
        assert all(name in NAMED or re.fullmatch(r"user_[0-9a-f]{16}", name) for name in names), names
        assert row["author_handle"] in NAMED or row["author_handle"] is None
        assert re.fullmatch(r"[0-9a-f]{16}", text(row, "author"))


def test_the_scenario_says_that_it_is_made_up() -> None:
    """In every row's id and mark, in every link, and in the accounts file."""
    for row in rows():
        assert row["made_up"] is True
        assert text(row, "id").startswith("made-up-")
        links = re.findall(r"https?://([^/\s]+)", f"{text(row, 'text')} {text(row, 'url')}")
        assert set(links) <= {"example.org", "www.example.gov.uk"}
    assert "MADE UP" in scenario.ACCOUNTS_TOML.read_text(encoding="utf-8")


def test_the_accounts_file_knows_every_handle_of_the_rows() -> None:
    """Whatever a row addresses, quotes or is written by is configured, on its platform."""
    book = load_accounts(scenario.ACCOUNTS_TOML)
    for row in rows():
        accounts = row["accounts"]
        assert isinstance(accounts, list)
        for handle in {*accounts, row["own_account"], row["quoted_account"]} - {None}:
            assert book.account(f"{row['platform']}:{str(handle).casefold()}") is not None
        if row["author_handle"] is not None and row["own_account"] is None:
            assert f"{row['platform']}:{text(row, 'author_handle').casefold()}" in book.public_accounts
    assert all(area.owner for department in book.departments for area in department.policy_areas)


@pytest.mark.parametrize("name", ["made-up.jsonl", "made-up.jsonl.gz"])
def test_written_files_hold_the_rows_and_nothing_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(generate, "posts", lambda: iter(rows()[:300]))
    count = scenario.write(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    lines = (gzip.decompress(data) if name.endswith(".gz") else data).decode().splitlines()
    assert [json.loads(line) for line in lines] == list(rows()[:300])
    assert count == len(lines)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is written whole or not at all."""
    target = tmp_path / "made-up.jsonl"
    target.write_text("old")
    monkeypatch.setattr(generate, "posts", lambda: iter(rows()[:300]))
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError, match="no space"):
        scenario.write(target)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("made-up.jsonl", "old")]


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    """Nothing depends on a process's hash seed or on the clock."""
    scenario.write(tmp_path / "here.gz")
    code = "import sys, pathlib; from soundings.deploy import scenario; scenario.write(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there.gz")], check=True, env={"PYTHONHASHSEED": "4711"})
    here, there = ((tmp_path / name).read_bytes() for name in ("here.gz", "there.gz"))
    assert hashlib.sha256(here).digest() == hashlib.sha256(there).digest()


def test_the_archive_reader_takes_every_row(tmp_path: Path) -> None:
    """No line is malformed, and every row reaches a department or is a statement of one."""
    path = tmp_path / "made-up.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()))
    book = load_accounts(scenario.ACCOUNTS_TOML)
    lines = [
        line
        for line in read_archive(path, book, Pseudonyms("a key for tests only"), "replay", now=scenario.ENDS_AT)
        if isinstance(line, Line)
    ]
    assert len(lines) == len(rows())
    for line in lines:
        assert line.problem is None
        assert line.post is not None
        assert line.post.departments
        assert line.post.own_account or line.post.accounts
