"""Retention as a process and as commands: it is part of every installation, waits, and speaks plainly."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from soundings.deploy import retention
from soundings.deploy.cli import app
from soundings.deploy.local.workers import WORKERS, everything
from soundings.deploy.standing import of_run
from soundings.services.domain.holds import HeldItem, Hold, HoldAction, HoldStep
from soundings.services.domain.retention import Retained, RetentionRun
from soundings.services.index.memory import MemoryIndex
from soundings.services.retention.daily import daily
from soundings.services.retention.job import Retention
from soundings.services.retention.memory import MemoryHolds, MemoryShelves
from soundings.services.retention.plan import Limits
from soundings.services.settings import ElasticsearchSettings, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
RUN = RetentionRun(
    at=NOW,
    seconds=1.25,
    text_days=90,
    counts_days=730,
    kinds={"mentions": Retained(removed=1200, held=3)},
    months=1,
    pseudonyms=2,
    holds=1,
)


class Told:
    def __init__(self) -> None:
        self.said: list[str] = []

    def waiting_for(self, server: str) -> None:
        self.said.append(f"waits for {server}")

    def goes_on(self, server: str) -> None:
        self.said.append("goes on")


def test_it_runs_beside_the_workers_and_is_given_no_key(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, elasticsearch=ElasticsearchSettings(url="http://127.0.0.1:2"))
    *workers, part = everything(settings, "very-secret")
    assert [each.name for each in workers] == [f"{worker.part}-0" for worker in WORKERS]
    assert part.name == "retention"
    assert part.argv[1:] == ("-m", "soundings.deploy", "retention", "run", "--daily")
    assert "very-secret" not in {*part.env.values()}


def test_it_runs_in_compose_and_in_kubernetes_and_is_watched() -> None:
    command = ["soundings", "retention", "run", "--daily"]
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    service = compose["services"]["retention"]
    assert service["command"] == command
    assert service["environment"] == compose["services"]["indexing"]["environment"]
    assert service["networks"] == ["inside"]
    (one,) = yaml.safe_load_all((DEPLOY / "kubernetes" / "retention.yaml").read_text())
    pod = one["spec"]["template"]["spec"]
    assert pod["containers"][0]["command"] == command
    assert pod["securityContext"]["runAsNonRoot"]
    assert all(
        each["securityContext"]["readOnlyRootFilesystem"] for each in (*pod["initContainers"], *pod["containers"])
    )
    folder = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    assert "retention.yaml" in folder["resources"]
    prometheus = yaml.safe_load((DEPLOY / "provisioning" / "prometheus.yaml").read_text())
    assert "retention:9400" in prometheus["scrape_configs"][0]["static_configs"][0]["targets"]


def test_it_waits_while_the_index_is_down_and_then_runs_once_a_day() -> None:
    """Three days on a clock that the sleeps move on: the second day begins with the index down."""
    index, told = MemoryIndex(), Told()
    shelves = MemoryShelves(index)
    job = Retention(index=index, shelves=shelves, holds=MemoryHolds(), limits=Limits(text_days=90, counts_days=730))
    now, ran = NOW, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)
        last = shelves._runs[-1].at if shelves._runs else None
        if last and last not in ran:
            ran.append(last)
        down = NOW + timedelta(days=1) <= now < NOW + timedelta(days=1, minutes=10)
        index.available = not down
        if now > NOW + timedelta(days=3):
            raise asyncio.CancelledError
        await asyncio.sleep(0)

    async def days() -> None:
        with pytest.raises(asyncio.CancelledError):
            await daily(job, told, lambda: now, sleep)

    asyncio.run(days())
    assert len(ran) == 3
    assert ran[0] == NOW
    assert timedelta(minutes=10) <= ran[1] - (NOW + timedelta(days=1)) <= timedelta(minutes=12)
    assert timedelta(days=1) <= ran[2] - ran[1] <= timedelta(days=1, minutes=2)
    assert told.said.count("waits for elasticsearch") < 20
    assert told.said[-1] == "goes on"


def test_a_run_is_told_by_kind_with_what_a_hold_kept() -> None:
    lines = "\n".join(retention.report(RUN))
    assert "mentions: 1,200 removed, 3 kept for a hold" in lines
    assert "1 monthly indices dropped whole" in lines
    assert '"removed": 1200' in retention.as_json(RUN)


def test_a_hold_is_told_with_who_and_why_and_its_history() -> None:
    placed = HoldStep(at=NOW, who="A. Officer", action=HoldAction.PLACED, why="FOI 2026/17")
    released = HoldStep(at=NOW, who="B. Officer", action=HoldAction.RELEASED, why="answered")
    lines = list(retention.described(Hold(item="x::1", kind=HeldItem.POST, history=(placed, released))))
    assert lines == [
        "x::1 (post): not held: released 2026-06-01 by B. Officer",
        "  2026-06-01 09:00Z placed by A. Officer: FOI 2026/17",
        "  2026-06-01 09:00Z released by B. Officer: answered",
    ]


def test_status_says_when_it_last_ran_and_when_that_is_too_long_ago() -> None:
    assert of_run(None, NOW).ran == ""
    assert not of_run(None, NOW).overdue
    fine, late = of_run(RUN, NOW + timedelta(days=2)), of_run(RUN, NOW + timedelta(days=2, minutes=1))
    assert (fine.ran, fine.removed, fine.held, fine.holds, fine.overdue) == (
        "2026-06-01T09:00+00:00",
        1200,
        3,
        1,
        False,
    )
    assert late.overdue


def test_what_cannot_be_held_and_a_server_that_is_down_are_said_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code 2 for what was asked, 1 for what may be tried again."""
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    monkeypatch.setenv("SOUNDINGS_STATE", str(tmp_path))
    monkeypatch.setenv("SOUNDINGS_KAFKA__BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setenv("SOUNDINGS_ELASTICSEARCH__URL", "http://127.0.0.1:1")
    monkeypatch.setattr(retention, "set_up_logs", lambda **always: None)  # for the whole process, tests included

    def call(*words: str) -> Any:
        return CliRunner().invoke(app, ["retention", *words])

    wrong = call("hold", "nonsense", "--who", "A. Officer", "--why", "FOI 2026/17")
    assert (wrong.exit_code, "'nonsense' is no id of a post" in wrong.output) == (2, True)
    for words in (("hold", "x::1", "--who", "A. Officer", "--why", "FOI"), ("list",), ("run",)):
        down = call(*words)
        assert (down.exit_code, "Elasticsearch cannot be asked" in down.output) == (1, True)
