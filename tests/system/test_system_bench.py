"""`soundings bench` on a short archive: every figure is there, and nothing is left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from soundings.deploy.scenario import posts

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]  # it starts servers of its own beside those of other tests

FIGURES = (
    "pipeline_mentions_per_second",
    "bare_copy_per_second",
    "ratio",
    "ingest_per_second",
)
PARTS = {"kafka", "elasticsearch", "intake", "firestorms", "themes", "indexing", "alerts"}


def test_every_figure_is_measured_and_nothing_is_left(tmp_path: Path) -> None:
    """Also with settings that name other servers and a real channel: the bench must touch neither."""
    rows = [row for row in posts() if "2026-10-12" <= str(row["created_at"]) < "2026-10-14T22"]
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    channel = {"kind": "webhook", "name": "real", "url": "https://press.example/", "secret": "s", "rehearsal": True}
    environment = {
        **os.environ,
        "TMPDIR": str(tmp_path),
        "SOUNDINGS_STATE": str(tmp_path / "state"),
        "SOUNDINGS_KAFKA__BOOTSTRAP": "127.0.0.1:1",
        "SOUNDINGS_ALERTS__CHANNELS": json.dumps([channel]),
    }
    command = (sys.executable, "-c", "from soundings.deploy.cli import main; main()", "bench", file)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said, progress = process.communicate(timeout=580)
        assert process.returncode == 0, progress.decode()
    found = json.loads(said)

    assert all(found[name] > 0 for name in FIGURES)
    assert found["posts"] == len(rows)
    assert set(found["peak_memory_mib"]) == PARTS
    assert min(found["peak_memory_mib"].values()) > 30
    assert found["alert_delay_seconds"]["alerts"] >= 1
    assert 0 < found["alert_delay_seconds"]["p50"] <= found["alert_delay_seconds"]["p99"] < 60

    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    words = [" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])]
    assert not [line for line in words if str(tmp_path) in line]
