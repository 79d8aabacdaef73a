"""What a worker says of itself over HTTP: not ready before it takes work, what it waits for, its metrics."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from soundings.streams.health import KAFKA, Health, serve


@pytest.fixture
def health() -> Health:
    return Health("test-part")


def ask(address: str, path: str) -> httpx.Response:
    return httpx.get(address + path, timeout=5.0, trust_env=False)


def test_a_part_is_not_ready_until_it_takes_work(health: Health) -> None:
    address = serve(health, None)
    before = ask(address, "/health")
    health.ready()
    after = ask(address, "/health")
    assert (before.status_code, before.json()["ready"]) == (503, False)
    assert (after.status_code, after.json()["ready"]) == (200, True)
    assert after.json()["part"] == "test-part"


def test_what_a_part_waits_for_is_listed_until_it_goes_on(health: Health) -> None:
    address = serve(health, None)
    health.waiting_for("kafka")
    health.waiting_for("elasticsearch")
    assert ask(address, "/health").json()["waiting_for"] == ["elasticsearch", "kafka"]
    assert 'soundings_waiting{part="test-part",server="kafka"} 1.0' in ask(address, "/metrics").text
    health.goes_on("kafka")
    assert ask(address, "/health").json()["waiting_for"] == ["elasticsearch"]
    assert 'soundings_waiting{part="test-part",server="kafka"} 0.0' in ask(address, "/metrics").text


def test_waiting_does_not_make_a_part_unready(health: Health) -> None:
    """A worker that waits for a server is not ill: starting it anew would not help."""
    health.ready()
    health.waiting_for("elasticsearch")
    assert ask(serve(health, None), "/health").status_code == 200


def test_a_part_is_not_ready_while_kafka_does_not_answer(health: Health) -> None:
    """It takes no work then, whatever it did before; it is ready again by itself."""
    address = serve(health, None)
    health.ready()
    health.waiting_for(KAFKA)
    without = ask(address, "/health")
    health.goes_on(KAFKA)
    assert (without.status_code, without.json()["ready"], without.json()["waiting_for"]) == (503, False, ["kafka"])
    assert ask(address, "/health").status_code == 200


def test_metrics_are_in_the_form_that_prometheus_reads(health: Health) -> None:
    answer = ask(serve(health, None), "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# HELP soundings_records_total" in answer.text


def test_any_other_path_says_what_there_is(health: Health) -> None:
    answer = ask(serve(health, None), "/../etc/passwd")
    assert (answer.status_code, answer.text) == (404, "there are /health and /metrics\n")


def test_it_listens_on_loopback_and_tells_the_supervisor_where(health: Health, tmp_path: Path) -> None:
    file = tmp_path / "health.json"
    address = serve(health, file)
    assert address.startswith("http://127.0.0.1:")
    assert json.loads(file.read_text()) == {"health": address}
    assert list(tmp_path.iterdir()) == [file]


def test_a_worker_begins_with_one_thread() -> None:
    """Signals are blocked before any other thread starts: one that did not inherit that would end the process at once,
    without its last commit. Numeric libraries start theirs when they are imported."""
    program = "import soundings.streams.worker, os; print(len(os.listdir('/proc/self/task')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
