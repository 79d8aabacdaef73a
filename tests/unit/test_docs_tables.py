"""What the documents list is what the code has: topics, metrics, commands, files that are linked to."""

import re
from pathlib import Path

import pytest
import typer.main

from soundings.deploy.cli import app
from soundings.services import metrics
from soundings.streams.topics import TOPICS, Key, Topic

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(?:^|`)soundings ([a-z]+)\b", re.MULTILINE)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_architecture_has_every_topic_as_it_is_declared(topic: Topic) -> None:
    """Partitions, retention, writers and readers of a topic are read off the page by who runs the brokers."""
    partitions = "by department" if topic.key is Key.DEPARTMENT else "one"
    kept = "the last record of a key" if topic.kept is None else f"{topic.kept.days} days"
    readers = ", ".join(topic.read_by) or "nobody yet"
    end = f"| {partitions} | {kept} | {', '.join(topic.written_by)} | {readers} |"
    lines = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in lines if line.startswith(f"| `{topic.name}` |"))
    assert row.endswith(end)


@pytest.mark.parametrize("name", [metric._name for metric in vars(metrics).values() if hasattr(metric, "_name")])
def test_the_runbook_names_every_metric(name: str) -> None:
    """A number that the runbook does not name is one that nobody knows what to do about."""
    assert f"`{name}" in (ROOT / "docs" / "RUNBOOK.md").read_text(encoding="utf-8")


def test_commands_that_the_documents_name_exist() -> None:
    """A reader who copies a command must not be told that there is none of that name."""
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = {(page.name, name) for page in PAGES for name in COMMAND.findall(page.read_text(encoding="utf-8"))}
    assert {(page, name) for page, name in named if name not in known} == set()


def test_the_readme_names_every_command() -> None:
    """A command that is not there is found by nobody; the demonstration is started by `make demo`."""
    named = set(COMMAND.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert named | {"demo"} >= set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_links_between_documents_lead_somewhere() -> None:
    """A link to a file that was moved or renamed is found here and not by the reader."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
