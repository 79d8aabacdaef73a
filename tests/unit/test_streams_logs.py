"""Logs: JSON lines on standard error, and no library says more than a warning."""

import json
import subprocess
import sys

PROGRAM = """
import logging, structlog
from soundings.streams.logs import set_up_logs
set_up_logs(part="test", instance=3)
structlog.get_logger().info("sent", alert="a/opened")
structlog.get_logger().debug("too much")
logging.getLogger("aiokafka").info("payload of a_person")
logging.getLogger("kafka.net.selector").warning("a busy machine")
logging.getLogger("aiokafka").warning("broker is gone")
"""


def test_lines_are_json_with_part_and_instance_and_libraries_are_quiet() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    first, second = done.stderr.splitlines()
    line = json.loads(first)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "sent", "level": "info", "alert": "a/opened", "part": "test", "instance": 3}
    assert "broker is gone" in second
    assert done.stdout == ""
