"""`soundings status` while parts of a running stack are killed and come back."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from soundings.deploy.local.ports import choose
from soundings.deploy.local.processes import Identity
from soundings.deploy.local.state import UpState, read_state
from soundings.deploy.scenario import ACCOUNTS_TOML, posts

pytestmark = pytest.mark.stack

TOLD_WITHIN = 10.0
"""Seconds that a person waits for the truth at the most, beyond what it takes while all is well: a busy machine is slow
to start Python."""

BACK_WITHIN = 90.0
"""Seconds until the supervisor has a part working again; two idle cores need a tenth of it."""

POSTS = 300

WORKERS = {"intake-0", "firestorms-0", "themes-0", "indexing-0", "alerts-0"}
"""They say within eight seconds that Kafka does not answer, and as soon that it does again."""


class Installation:
    """Everything that `soundings up` starts, in folders of its own; spoken to by the command alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        own = {f"SOUNDINGS_{name}": str(folder / name.lower()) for name in ("STATE", "DATA_DIR", "CONFIG")}
        # Not the usual ports: another installation that starts while a server is dead would take its place there.
        taken = frozenset[int]()
        for name in ("KAFKA", "CONTROLLER", "ELASTICSEARCH", "TRANSPORT"):
            port = choose(taken=taken)
            own[f"SOUNDINGS_STACK__{name}_PORT"] = str(port)
            taken |= {port}
        self.usual = 0.0
        """Seconds that `status` takes here while all is well."""
        self.environment = {**os.environ, **own}

    def call(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-c", "from soundings.deploy.cli import main; main()", *words)
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=240)

    def status(self) -> tuple[int, dict[str, Any]]:
        """Exit code and what it said; it must not take long, whatever is dead."""
        began = time.monotonic()
        said = self.call("status", "--json")
        assert time.monotonic() - began < self.usual + TOLD_WITHIN
        assert said.stdout, said.stderr
        return said.returncode, json.loads(said.stdout)

    @property
    def state(self) -> UpState:
        state = read_state(self.folder / "state")
        assert state
        return state

    def process(self, name: str) -> Identity:
        (found,) = (part.process for part in self.state.parts if part.name == name)
        assert found
        return found

    @contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """Kill a part; for the length of the block the supervisor is held, so that it cannot have it back already."""
        supervisor = self.state.supervisor.pid
        os.kill(supervisor, signal.SIGSTOP)
        try:
            os.kill(self.process(name).pid, signal.SIGKILL)
            yield
        finally:
            os.kill(supervisor, signal.SIGCONT)

    def until_healthy(self, name: str) -> dict[str, Any]:
        """Wait until all is well again and the part has been started once more."""
        deadline = time.monotonic() + BACK_WITHIN
        while True:
            code, said = self.status()
            assert said["healthy"] == (code == 0)
            if said["healthy"] and part(said, name)["restarts"] == 1:
                return said
            assert time.monotonic() < deadline, said


def part(said: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in said["parts"] if each["name"] == name)
    return found


def not_ready(said: dict[str, Any]) -> set[str]:
    return {each["name"] for each in said["parts"] if not each["ready"]}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    here = Installation(tmp_path_factory.mktemp("installation"))
    try:
        up = here.call("up", "--detach", "--accounts", ACCOUNTS_TOML)
        assert up.returncode == 0, up.stdout + up.stderr
        began = time.monotonic()
        here.call("status", "--json")
        here.usual = time.monotonic() - began
        yield here
    finally:
        down = here.call("down")
    assert down.stdout == "Soundings is down\n"


def test_the_truth_about_a_stack_that_is_well(installation: Installation) -> None:
    code, said = installation.status()
    assert (code, said["healthy"], said["unknown"]) == (0, True, [])
    assert {each["name"] for each in said["parts"]} == {
        "kafka",
        "elasticsearch",
        "intake-0",
        "firestorms-0",
        "themes-0",
        "indexing-0",
        "alerts-0",
        "retention",
    }
    assert all(each["ready"] and each["memory_mb"] > 20 for each in said["parts"])


def test_kafka_is_killed_and_comes_back(installation: Installation) -> None:
    """What could not be asked is named and not guessed; the rest is told all the same."""
    with installation.killed("kafka"):
        code, said = installation.status()
        assert (code, said["healthy"]) == (1, False)
        assert not_ready(said) - WORKERS == {"kafka"}
        assert [line.split(":")[0] for line in said["unknown"]] == ["what waits", "the ledger"]
        assert all("Kafka is down" in line for line in said["unknown"])
        assert said["received"] is None
        assert all(each["lag"] is None for each in said["parts"])
        assert "mentions" in said["index"]
        assert installation.call("status").returncode == 1
    said = installation.until_healthy("kafka")
    assert said["received"] == 0


def test_elasticsearch_is_killed_and_comes_back(installation: Installation) -> None:
    with installation.killed("elasticsearch"):
        code, said = installation.status()
        assert (code, said["healthy"]) == (1, False)
        assert not_ready(said) == {"elasticsearch"}
        assert [line.split(":")[0] for line in said["unknown"]] == ["the index"]
        assert "Elasticsearch is down" in said["unknown"][0]
        assert (said["index"], said["received"]) == ({}, 0)
    said = installation.until_healthy("elasticsearch")
    assert said["index"]["mentions"] == 0


def test_a_server_that_hangs_is_told_of_as_soon_as_one_that_is_dead(installation: Installation) -> None:
    for name in ("kafka", "elasticsearch"):
        server = installation.process(name).pid
        os.kill(server, signal.SIGSTOP)
        try:
            code, said = installation.status()
        finally:
            os.kill(server, signal.SIGCONT)
        assert code == 1
        assert not_ready(said) - WORKERS == {name}
        assert said["unknown"]
    installation.until_healthy("kafka")


def test_a_worker_is_killed_and_comes_back(installation: Installation) -> None:
    with installation.killed("intake-0"):
        code, said = installation.status()
        assert (code, said["healthy"], said["unknown"]) == (1, False, [])
        assert not_ready(said) == {"intake-0"}
        assert "process has ended" in part(said, "intake-0")["note"]
    installation.until_healthy("intake-0")


def test_after_all_that_posts_still_go_all_the_way(installation: Installation, tmp_path: Path) -> None:
    """Healthy means at work: every record sent now is accounted for, and in the index."""
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in islice(posts(), POSTS)))
    replayed = installation.call("replay", file)
    assert replayed.returncode == 0, replayed.stderr
    deadline = time.monotonic() + BACK_WITHIN
    while True:
        code, said = installation.status()
        if code == 0 and said["under_way"] == 0 and said["index"]["mentions"] == said["counts"].get("mentions"):
            break
        assert time.monotonic() < deadline, said
    assert said["received"] == POSTS == sum(said["counts"].values())
    assert said["retention"]["ran"]
    assert not said["retention"]["overdue"]
