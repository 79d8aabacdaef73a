"""`soundings up` and `down` with the real Kafka and the real Elasticsearch, killed in every way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from rich.console import Console

from soundings.deploy.local.errors import JarsMissingError
from soundings.deploy.local.jars import provide
from soundings.deploy.local.processes import Identity, find
from soundings.deploy.local.reports import PartReport, probe_parts
from soundings.deploy.local.state import file_of, last_state, read_state
from soundings.services.settings import Settings, load

pytestmark = pytest.mark.stack

START_SECONDS = 90.0
"""Six times what a start takes on two idle cores: other tests may be running."""


class Up:
    """The command in folders of its own, with the jars that all share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = load().model_copy(update={"data_dir": folder / "data", "state": folder / "state"})
        folders = {"SOUNDINGS_DATA_DIR": folder / "data", "SOUNDINGS_STATE": folder / "state"}
        self.environment = {**os.environ, **{name: str(path) for name, path in folders.items()}}
        self.output = folder / "output.txt"
        self.started: list[subprocess.Popen[bytes]] = []

    def command(self, *words: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "soundings.deploy.commands.stack", *words)

    def foreground(self) -> subprocess.Popen[bytes]:
        with self.output.open("ab") as output:
            process = subprocess.Popen(
                self.command("up", "--servers-only"), env=self.environment, stdout=output, stderr=output
            )
        self.started.append(process)
        return process

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=START_SECONDS * 2
        )

    def reports(self) -> dict[str, PartReport]:
        return {report.name: report for report in probe_parts(self.settings)}

    def processes(self) -> list[Identity]:
        state = last_state(self.settings.state)
        assert state
        return [part.process for part in state.parts if part.process]

    def url(self) -> str:
        state = read_state(self.settings.state)
        assert state
        return state.elasticsearch

    def until_ready(self, *, restarts: int = 0) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            state = read_state(self.settings.state)
            if state and state.phase == "running":
                reports = self.reports()
                if all(report.ready and report.restarts == restarts for report in reports.values()):
                    return
            assert time.monotonic() < deadline, f"not ready: {self.output.read_text()}"
            time.sleep(0.2)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    here = Up(tmp_path)
    yield here
    here.call("down")
    for process in here.started:
        process.wait(30)


def gone(identities: list[Identity], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(find(one) for one in identities):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def listening(settings: Settings) -> dict[str, set[tuple[str, int]]]:
    """What each part's process, with all its children, listens at."""
    state = last_state(settings.state)
    assert state
    found: dict[str, set[tuple[str, int]]] = {}
    for part in state.parts:
        assert part.process
        process = psutil.Process(part.process.pid)
        found[part.name] = {
            (connection.laddr.ip.removeprefix("::ffff:"), connection.laddr.port)
            for one in (process, *process.children(recursive=True))
            for connection in one.net_connections()
            if connection.status == psutil.CONN_LISTEN
        }
    return found


def test_a_run_from_start_to_ctrl_c(up: Up) -> None:
    """Only the four known loopback ports; a second `up` finds the first; killed servers are told of truthfully,
    restarted and say so; Ctrl-C leaves no process and no state."""
    supervisor = up.foreground()
    up.until_ready()

    expected = {name: {("127.0.0.1", port) for port in report.ports.values()} for name, report in up.reports().items()}
    assert listening(up.settings) == expected
    assert psutil.Process(supervisor.pid).net_connections() == []

    second = up.call("up", "--servers-only")
    assert second.returncode == 0
    assert "is up already" in second.stdout
    assert up.url() in second.stdout

    before = up.processes()
    for one in before:
        os.kill(one.pid, signal.SIGKILL)
    reports = up.reports()
    assert not any(report.ready for report in reports.values())
    up.until_ready(restarts=1)
    assert all(report.memory > 50_000_000 for report in up.reports().values())
    for name in ("kafka", "elasticsearch"):
        for said in (up.output.read_text(), (up.settings.state / "logs" / "up.log").read_text()):
            assert f"{name} ended (SIGKILL); starting it again" in " ".join(said.split())

    after = up.processes()
    assert not set(before) & set(after)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(25) == 0
    assert gone(after, seconds=0)
    assert not file_of(up.settings.state).exists()
    assert "closed (Node)" in (up.settings.state / "logs" / "elasticsearch.log").read_text()


def test_a_run_in_the_background_whose_supervisor_is_killed(up: Up) -> None:
    """kill -9 of the supervisor leaves nothing behind within seconds, loses nothing, and does not stand in the way of
    the next run, which `down` ends."""
    detached = up.call("up", "--servers-only", "--detach")
    assert detached.returncode == 0, detached.stdout + detached.stderr
    up.until_ready()
    written = httpx.put(f"{up.url()}/kept/_doc/1", json={"a": 1}, timeout=30)
    assert written.status_code == 201
    processes = up.processes()
    state = read_state(up.settings.state)
    assert state
    os.kill(state.supervisor.pid, signal.SIGKILL)
    assert gone(processes, seconds=10)
    assert probe_parts(up.settings) == ()

    again = up.call("up", "--servers-only", "--detach")
    assert again.returncode == 0, again.stdout + again.stderr
    up.until_ready()
    assert httpx.get(f"{up.url()}/kept/_doc/1", timeout=30).json()["found"]

    processes = up.processes()
    down = up.call("down")
    assert (down.returncode, down.stdout) == (0, "Soundings is down\n")
    assert gone(processes, seconds=0)
    assert up.call("down").stdout == "Soundings is not running\n"


def test_a_first_start_without_network_says_what_is_missing(tmp_path: Path) -> None:
    """With the real lock and the real downloader, against an address where nothing listens."""
    with pytest.raises(JarsMissingError) as caught:
        provide(tmp_path, console=Console(quiet=True), repository="http://127.0.0.1:1/maven2")
    message = str(caught.value)
    assert "99 of the 99 jars of Kafka and Elasticsearch (90 MB)" in message
    assert "cannot be reached" in message
    assert "org.apache.kafka:kafka_2.13:4.1.0" in message


def test_a_tampered_jar_stops_the_start_and_is_named(tmp_path: Path) -> None:
    """The command itself, with a cache in which one byte of one jar was changed."""
    here = Up(tmp_path)
    jars = provide(here.settings.cache, console=Console(quiet=True))
    (tmp_path / "cache" / "jars").mkdir(parents=True)
    for jar in jars.iterdir():
        (tmp_path / "cache" / "jars" / jar.name).symlink_to(jar)
    victim = tmp_path / "cache" / "jars" / "kafka_2.13-4.1.0.jar"
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.unlink()
    victim.write_bytes(content)
    here.environment["SOUNDINGS_CACHE"] = str(tmp_path / "cache")
    refused = here.call("up", "--servers-only")
    assert refused.returncode == 1
    assert "kafka_2.13-4.1.0.jar is not the jar that Soundings pins" in refused.stdout
    assert not (here.settings.data_dir / "kafka").exists()
    assert read_state(here.settings.state) is None
