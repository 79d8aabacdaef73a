"""`soundings backtest` and `soundings why` on a made-up archive, from the file to what is printed and written."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from soundings.deploy.commands.backtest import backtest
from soundings.deploy.commands.why import why

START = datetime(2024, 5, 6, tzinfo=UTC)
STORM = START + timedelta(days=15, hours=12)
ANGRY = (
    "This is a disgrace, you should be ashamed of yourselves",
    "Appalling. You have failed us again and nobody is held responsible",
    "What a shameful and stupid thing to say, resign",
    "You are useless liars, six months and still no answer",
)

WORDS = ("Forms", "queues", "letters", "offices", "pens", "stamps", "desks", "weeks")

app = typer.Typer()
app.command()(backtest)
app.command()(why)


def row(number: int, at: datetime, author: str, text: str, reference: str | None = None) -> str:
    return json.dumps(
        {
            "id": str(number),
            "created_at": at.isoformat(),
            "author": author,
            "text": f"@TestMin {text}",
            "lang": "en",
            "kind": "reply" if reference else "original",
            "ref_id": reference,
            "conversation_id": reference or str(number),
            "accounts": ["TestMin"],
            "own_account": None,
        }
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen days of questions about opening hours, a storm on the last, labels and accounts."""
    path = tmp_path_factory.mktemp("archive")
    posts: list[tuple[datetime, str, str | None, str]] = [
        (
            START + timedelta(hours=hour, minutes=9 + 13 * nth),
            f"passer-by {(hour * 3 + nth) % 89}",
            None,
            "when do you open?",
        )
        for hour in range(16 * 24)
        for nth in range(3 if 7 <= hour % 24 < 21 else 1)
    ]
    posts += [
        (
            STORM + timedelta(seconds=75 * n),
            f"angry {n}",
            "9000000",
            f"{ANGRY[n % 4]}. {WORDS[n // 8]} {WORDS[n % 8]} indeed",
        )
        for n in range(60)
    ]
    posts.sort(key=lambda post: post[0])
    lines = [row(1_000 + n, at, author, text, reference) for n, (at, author, reference, text) in enumerate(posts)]
    lines.insert(7, "no JSON at all")
    with gzip.open(path / "archive.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    (path / "accounts.toml").write_text(
        '[[department]]\nname = "Ministry of Tests"\ntimezone = "Europe/London"\n'
        '[[department.account]]\nplatform = "x"\nhandle = "TestMin"\n',
        encoding="utf-8",
    )
    label = {
        "start": STORM.isoformat(),
        "end": (STORM + timedelta(hours=2)).isoformat(),
        "kind": "firestorm",
        "trigger_post_id": "9000000",
    }
    (path / "labels.jsonl").write_text(json.dumps(label) + "\n", encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_backtest_writes_what_would_have_been_told(folder: Path, tmp_path: Path) -> None:
    """The storm is one line with trigger and reasons; the table scores it for both budgets; the picture is a page."""
    out, picture = tmp_path / "alerts.jsonl", tmp_path / "picture.html"
    printed = run(
        "backtest", folder / "archive.jsonl.gz", "--accounts", folder / "accounts.toml", "--alerts", out,
        "--labels", folder / "labels.jsonl", "--budget", 0.5, "--budget", 0.1, "--picture", picture,
    )  # fmt: skip
    (line,) = (json.loads(text) for text in out.read_text(encoding="utf-8").splitlines())
    assert (line["account"], line["trigger"], line["trigger_whose"]) == (["TestMin"], "9000000", "other")
    assert line["kind"] == "firestorm"
    opened = datetime.fromisoformat(line["opened_at"])
    assert STORM < opened < STORM + timedelta(minutes=45)
    assert any("usual" in reason for reason in line["reasons"])
    assert "1 lines were no posts" in printed
    assert printed.count("100%") >= 2
    assert picture.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_why_explains_a_minute_of_the_storm_and_a_quiet_one(folder: Path) -> None:
    """In the storm the evidence has weight and a kind; the day before nothing opens."""
    common = (folder / "archive.jsonl.gz", "--accounts", folder / "accounts.toml")
    stormy = run("why", "TestMin", (STORM + timedelta(hours=1)).isoformat(), *common)
    quiet = run("why", "@testmin", (STORM - timedelta(days=1)).isoformat(), *common)
    assert "kind firestorm" in stormy
    assert "around post 9000000" in stormy
    assert "no storm opens in this minute" in quiet


def test_what_cannot_be_answered_is_said(folder: Path) -> None:
    """An unknown account, a time that is none, and no input at all end with a message, not with a trace."""
    common = (str(folder / "archive.jsonl.gz"), "--accounts", str(folder / "accounts.toml"))
    for arguments in (["why", "Nobody", "2024-05-10", *common], ["why", "TestMin", "noon", *common], ["backtest"]):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 2, result.output


def test_a_series_is_scored_into_a_file(tmp_path: Path) -> None:
    """`--series` writes each row with its score."""
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = "".join(f"2024-05-06 {minute // 60:02}:{minute % 60:02}:00,{minute % 7}\n" for minute in range(0, 600, 5))
    source.write_text("timestamp,value\n" + rows, encoding="utf-8")
    run("backtest", "--series", source, "--out", out)
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "timestamp,value,anomaly_score"
    assert len(lines) == 121
