"""`soundings themes`: files in, files out."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from soundings.deploy.commands.themes import app as APP
from soundings.services.domain.themes import ThemePost
from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.files import FilePost, whole
from soundings.services.themes.run import one_pass

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

LINES = [
    {"id": f"{kind}{n}", "text": body.format(n), "created_at": f"2026-03-{1 + n:02}T10:00:00Z", "author": f"v{n}"}
    for n in range(20)
    for kind, body in (("f", "the late ferry at Hill Quay, day {}"), ("p", "potholes on Mill Lane, number {}"))
]


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(APP, [str(arg) for arg in args])
    return result.exit_code, result.stderr


def rows(file: Path) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_every_post_gets_a_line_and_the_report_has_both_subjects(tmp_path: Path) -> None:
    source, out, report = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl", tmp_path / "report.json"
    with gzip.open(source, "wt") as handle:
        handle.writelines(json.dumps(line) + "\n" for line in LINES)
    code, _ = run(source, "--assignments", out, "--report", report)
    assert code == 0
    assert [row["id"] for row in rows(out)] == [line["id"] for line in LINES]
    titles = " ".join(theme["title"] for theme in json.loads(report.read_text())["themes"])
    assert "Hill Quay" in titles
    assert "Mill Lane" in titles


def test_themes_of_a_file_are_formed_when_a_week_is_over_as_in_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes late, of a week that is over, forms nothing anew."""
    formed_after: list[int] = []
    form = ThemeEngine.regroup

    def watched(engine: ThemeEngine) -> None:
        formed_after.append(engine.counts["received"])
        form(engine)

    monkeypatch.setattr(ThemeEngine, "regroup", watched)
    days = (0, 1, 7, 6, 8, 15)
    posts = [ThemePost(id=str(day), text="a late ferry", created_at=MONDAY + timedelta(day)) for day in days]
    one_pass([FilePost(post=post, ours=False) for post in posts], NoEncoder(), BytesIO())
    assert formed_after == [2, 5, 6]


def test_a_line_that_is_no_post_is_named_by_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    bad = ['{"id": "1", "text": "late ferry"}', "{", '{"id": "2"}', "[]", '{"id": "3", "text": "x", "created_at": "?"}']
    source.write_text("\n".join([*bad, '{"id": 4, "text": "late ferry", "kind": "retweet"}']) + "\n")
    code, said = run(source, "--assignments", out)
    assert code == 0
    assert [row["id"] for row in rows(out)] == ["1", "4"]
    for number, reason in (
        (2, "not JSON"),
        (3, "text is missing"),
        (4, "not an object"),
        (5, "created_at is no ISO 8601"),
    ):
        assert f"{source}:{number}: {reason}" in said
    assert "received 2" in said


def test_our_own_posts_have_a_line_and_no_theme(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [*LINES, {"id": "ours", "text": "the late ferry at Hill Quay", "own_account": "harbour_office"}]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run(source, "--assignments", out)
    assert rows(out)[-1] == {"id": "ours", "theme": None, "at_once": None}


def test_a_file_that_cannot_be_read_leaves_no_output(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    code, said = run(tmp_path / "none.jsonl", "--assignments", out)
    assert code == 1
    assert "none.jsonl" in said
    assert list(tmp_path.iterdir()) == []


def test_an_output_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    with pytest.raises(RuntimeError), whole(target) as handle:
        handle.write(b"half")
        raise RuntimeError
    assert target.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["out.jsonl"]


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    made = []
    for name in ("a", "b"):
        run(source, "--assignments", tmp_path / name, "--report", tmp_path / f"{name}.json")
        made.append((tmp_path / name).read_bytes() + (tmp_path / f"{name}.json").read_bytes())
    assert made[0] == made[1]
