"""`soundings tag` and the file format behind it."""

import gzip
import json
from pathlib import Path

import pytest
import typer

from soundings.deploy.commands.tag import tag
from soundings.services.tagging.files import Row, parse

GOOD = [{"id": "7", "text": "Thank you, brilliant work"}, {"text": "Still no answer after six months", "lang": "en"}]


def _write(path: Path, lines: list[bytes]) -> Path:
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["posts.jsonl", "posts.jsonl.gz"])
def test_each_line_gets_its_line(tmp_path: Path, name: str) -> None:
    """Packed or not, every post has one line, in order, with its id where it had one."""
    source = _write(tmp_path / name, [json.dumps(post).encode() for post in GOOD])
    tag(source, tmp_path / "out.jsonl")
    first, second = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines())
    assert first["id"] == "7"
    assert first["acts"] == ["praise"]
    assert set(second) == {"lang", "sentiment", "hostility", "offensive", "acts"}
    assert second["acts"] == ["complaint"]


def test_a_malformed_line_is_named_and_keeps_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Line counts match, the message has the line number, and the exit code tells a script."""
    lines = [json.dumps(GOOD[0]).encode(), b'{"text": "cut of', b"[1]", b'{"id": 3}', b'{"text": 5}', b"\xff", b""]
    source = _write(tmp_path / "posts.jsonl", lines)
    with pytest.raises(typer.Exit) as ended:
        tag(source, tmp_path / "out.jsonl")
    assert ended.value.exit_code == 1
    out = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [set(line) == {"error"} for line in out] == [False, *[True] * 6]
    said = capsys.readouterr().err
    assert f"{source}:2: not JSON" in said
    assert f"{source}:4: no text" in said


def test_a_broken_file_leaves_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A packed file cut in the middle writes nothing and leaves nothing behind, not even over an older result."""
    packed = gzip.compress(b"".join(json.dumps(GOOD[0]).encode() + b"\n" for _ in range(5000)))
    source = tmp_path / "posts.jsonl.gz"
    source.write_bytes(packed[: len(packed) // 2])
    (tmp_path / "out.jsonl").write_text("older")
    with pytest.raises(typer.Exit):
        tag(source, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "posts.jsonl.gz"]
    assert "was not written" in capsys.readouterr().err


def test_half_an_emoji_is_still_a_post() -> None:
    """A lone surrogate, which strict readers of JSON refuse, does not lose the post."""
    assert parse(b'{"text": "thanks \\ud83d"}') == Row(text="thanks \ud83d", lang=None, id=None)


def test_a_nested_bomb_is_a_reason() -> None:
    """A hundred thousand brackets are refused, not followed."""
    assert isinstance(parse(b'{"text":' + b"[" * 100_000), str)
