"""The supervisor over small parts of our own: order, restarts, limits, and that nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from soundings.deploy.local import tether
from soundings.deploy.local.processes import Identity, find
from soundings.deploy.local.state import UpState, file_of, last_state, read_state

# What a worker is to its supervisor: an address in a file, an answer to GET /health. `manner` is how it behaves.
WORKER = """
import contextlib, http.server, json, os, signal, sys, threading, time
manner = sys.argv[1]
with contextlib.suppress(OSError):
    print(manner, "says", "key" if os.environ.get("SOUNDINGS_PRIVACY__PSEUDONYM_KEY") else "nothing", flush=True)
print("to the log", file=sys.stderr, flush=True)
if manner == "broken":
    sys.exit("cannot work")
if manner == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"{}")
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open(os.environ["SOUNDINGS_HEALTH_FILE"], "w") as file:
    file.write('{"health": "http://127.0.0.1:%d"}' % server.server_address[1])
server.serve_forever()
"""

DRIVER = """
import contextlib, os, sys
from dataclasses import replace
from pathlib import Path
from rich.console import Console
from soundings.deploy.local.running import run
from soundings.deploy.local.workers import Worker, worker_parts
from soundings.services.settings import load

script, prepare_seconds, *manners = sys.argv[1:]

def workers(settings, key):
    parts = worker_parts(settings, key, workers=[Worker(part=manner) for manner in manners])
    return [replace(part, argv=(sys.executable, script, part.name.split("-")[0])) for part in parts]

def prepare(settings):
    import time
    with contextlib.suppress(OSError):
        print("prepared", settings.kafka.bootstrap, flush=True)
    time.sleep(float(prepare_seconds))

sys.exit(run(load(), Console(width=200), prepare=prepare, workers=workers))
"""


class Run:
    """A supervisor in a process of its own, with servers that are somebody else's."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], output: Path) -> None:
        self.folder, self.process, self.output = folder, process, output

    @property
    def state(self) -> UpState | None:
        return read_state(self.folder / "state")

    def said(self) -> str:
        return self.output.read_text()

    def until_said(self, words: str, *, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.said():
            assert time.monotonic() < deadline, f"never said {words!r}:\n{self.said()}"
            time.sleep(0.05)

    def workers(self) -> list[Identity]:
        state = last_state(self.folder / "state")
        assert state
        return [part.process for part in state.parts if part.process]


@contextmanager
def running(folder: Path, *manners: str, prepare_seconds: float = 0.0, terminal: int | None = None) -> Iterator[Run]:
    """`terminal` is a file descriptor to talk to instead of a file."""
    for name, code in (("worker.py", WORKER), ("driver.py", DRIVER)):
        (folder / name).write_text(code)
    folders = {f"SOUNDINGS_{name.upper()}": str(folder / name) for name in ("state", "cache", "config")}
    folders["SOUNDINGS_DATA_DIR"] = str(folder / "data")
    servers = {
        "SOUNDINGS_KAFKA__BOOTSTRAP": "kafka.example:9",
        "SOUNDINGS_ELASTICSEARCH__URL": "https://search.example",
    }
    output = folder / "output.txt"
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(folder / "driver.py"), str(folder / "worker.py"), str(prepare_seconds), *manners],
            env={**os.environ, **folders, **servers},
            stdout=out if terminal is None else terminal,
            stderr=out,
        )
    run = Run(folder, process, output)
    try:
        yield run
    finally:
        process.kill()
        process.wait()
        await_gone(run.workers() if last_state(folder / "state") else [], seconds=15.0)


def await_gone(identities: list[Identity], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while alive := [one for one in identities if find(one)]:
        assert time.monotonic() < deadline, f"still alive: {alive}"
        time.sleep(0.05)


def test_workers_start_after_the_preparation_and_stop_on_ctrl_c(tmp_path: Path) -> None:
    with running(tmp_path, "first", "second") as run:
        run.until_said("Soundings is up")
        workers = run.workers()
        assert len(workers) == 2
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(10) == 0
        assert [find(one) for one in workers] == [None, None]
        assert not file_of(tmp_path / "state").exists()
        said = run.said()
        assert said.index("prepared kafka.example:9") < said.index("first-0: starting")
        assert said.rstrip().endswith("Soundings is down")


def test_what_a_worker_prints_is_on_the_terminal_and_what_it_complains_of_in_its_log(tmp_path: Path) -> None:
    with running(tmp_path, "first") as run:
        run.until_said("Soundings is up")
        assert "first says key" in run.said()
        assert "to the log" not in run.said()
        assert (tmp_path / "state" / "logs" / "first-0.log").read_text() == "to the log\n"


def test_the_key_is_in_no_command_line_no_log_and_no_state(tmp_path: Path) -> None:
    with running(tmp_path, "first") as run:
        run.until_said("Soundings is up")
        key = (tmp_path / "data" / "pseudonym.key").read_text()
        processes = [psutil.Process(one.pid) for one in run.workers()] + [psutil.Process(run.process.pid)]
        assert not any(key in word for process in processes for word in process.cmdline())
        written = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
        assert not any(key.encode() in path.read_bytes() for path in written)


def test_a_worker_that_is_killed_is_started_again_and_it_is_said(tmp_path: Path) -> None:
    with running(tmp_path, "first") as run:
        run.until_said("Soundings is up")
        (before,) = run.workers()
        os.kill(before.pid, signal.SIGKILL)
        run.until_said("first-0 ended (SIGKILL); starting it again in 0.5 s")
        deadline = time.monotonic() + 10.0
        while not (run.state and [part.restarts for part in run.state.parts if part.ready] == [1]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert run.workers() != [before]
        log = (tmp_path / "state" / "logs" / "up.log").read_text()
        assert "first-0 ended (SIGKILL)" in log


def test_a_worker_that_ignores_sigterm_is_ended_after_ten_seconds(tmp_path: Path) -> None:
    with running(tmp_path, "stubborn") as run:
        run.until_said("Soundings is up")
        workers = run.workers()
        began = time.monotonic()
        run.process.terminate()
        assert run.process.wait(20) == 0
        assert 9.0 < time.monotonic() - began < 13.0
        assert not any(find(one) for one in workers)
        assert "stubborn-0: had to be ended by force" in run.said()


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    with running(tmp_path, "stubborn") as run:
        run.until_said("Soundings is up")
        workers = run.workers()
        run.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(5) == 0
        assert not any(find(one) for one in workers)


def test_a_worker_that_cannot_start_stops_the_stack_with_its_own_words(tmp_path: Path) -> None:
    with running(tmp_path, "first", "broken") as run:
        assert run.process.wait(30) == 1
        assert "broken-0 does not start" in run.said()
        assert "cannot work" in run.said()
        assert not file_of(tmp_path / "state").exists()


def test_ctrl_c_in_the_middle_of_the_preparation_is_heard(tmp_path: Path) -> None:
    with running(tmp_path, "first", prepare_seconds=60.0) as run:
        run.until_said("prepared")
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(5) == 0
        assert "first-0" not in run.said()


def test_killing_the_supervisor_leaves_nothing_behind_and_the_next_run_tidies_up(tmp_path: Path) -> None:
    with running(tmp_path, "first", "stubborn") as run:
        run.until_said("Soundings is up")
        workers = run.workers()
        run.process.kill()
        run.process.wait()
        await_gone(workers, seconds=3.0)
        assert read_state(tmp_path / "state") is None
        assert last_state(tmp_path / "state") is not None
    with running(tmp_path, "first") as again:
        again.until_said("tidied up after it (0 processes were left)")
        again.until_said("Soundings is up")


def test_a_terminal_that_is_closed_stops_everything_in_order(tmp_path: Path) -> None:
    """Nobody reads any more, and the kernel says so with SIGHUP."""
    reader, writer = os.pipe()
    with running(tmp_path, "first", terminal=writer) as run:
        os.close(writer)
        os.close(reader)
        deadline = time.monotonic() + 20.0
        while not (run.state and run.state.phase == "running"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        workers = run.workers()
        run.process.send_signal(signal.SIGHUP)
        run.process.wait(15)
        assert not any(find(one) for one in workers)
        assert not file_of(tmp_path / "state").exists()
        assert "Soundings is down" in (tmp_path / "state" / "logs" / "up.log").read_text()


def test_two_at_once_one_runs_and_the_other_says_so(tmp_path: Path) -> None:
    with running(tmp_path, "first") as run:
        run.until_said("Soundings is up")
        environment = {
            "SOUNDINGS_STATE": str(tmp_path / "state"),
            "SOUNDINGS_KAFKA__BOOTSTRAP": "kafka.example:9",
            "SOUNDINGS_ELASTICSEARCH__URL": "https://search.example",
        }
        second = subprocess.run(
            [sys.executable, str(tmp_path / "driver.py"), str(tmp_path / "worker.py"), "0"],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=20,
        )
        assert second.returncode == 0
        assert "is up already" in second.stdout
        assert "kafka.example:9" in second.stdout
        assert run.process.poll() is None


@pytest.mark.parametrize("way", ["kernel", "watch"])
def test_a_tethered_process_ends_with_its_parent(tmp_path: Path, way: str) -> None:
    """Once as on Linux, by the kernel, and once as elsewhere, by looking."""
    if way == "kernel" and sys.platform != "linux":
        pytest.skip("only Linux's kernel tells a process that its parent ended")
    code = (
        "import os, subprocess, sys, time\n"
        "words = [sys.executable, '-I', '-S', sys.argv[1], str(os.getpid()), 'SIGKILL', 'sleep', '60']\n"
        "child = subprocess.Popen(words)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    stays = {"SOUNDINGS_TETHER_STAYS": "1"} if way == "watch" else {}
    parent = subprocess.Popen(
        [sys.executable, "-c", code, tether.__file__],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **stays},
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    await_sleep(pid)
    tree = [psutil.Process(pid), *psutil.Process(pid).children()]
    assert len(tree) == (1 if way == "kernel" else 2)
    parent.kill()
    parent.communicate()
    _, alive = psutil.wait_procs(tree, timeout=5)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def await_sleep(pid: int) -> None:
    """Until the command runs: the tether itself starts within some milliseconds."""
    deadline = time.monotonic() + 10.0
    while not any("sleep" in process.name() for process in (psutil.Process(pid), *psutil.Process(pid).children())):
        assert time.monotonic() < deadline
        time.sleep(0.02)
