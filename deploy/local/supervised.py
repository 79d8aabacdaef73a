"""One part as the supervisor holds it: its process, its restarts, whether it is ready."""

import json
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from soundings.deploy.local.parts import Part, kill_session, reap, spawn
from soundings.deploy.local.processes import Identity, identity_of
from soundings.deploy.local.restarts import Restart, next_start
from soundings.deploy.local.state import PartState


class Supervised:
    """Times are `time.monotonic()` unless they are for people."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.identity: Identity | None = None
        self.ready = False
        self.why_not = "not started"
        self.restarts = 0
        self.failures = 0
        self.started = 0.0
        self.since = 0.0
        """Seconds since the epoch, for people."""
        self.due: float | None = 0.0
        """When to start it; None while it runs."""

    def start(self) -> None:
        self.process = spawn(self.part)
        self.identity = identity_of(self.process.pid)
        self.started, self.since = time.monotonic(), time.time()
        self.ready, self.why_not, self.due = False, "starting", None

    def ended(self) -> str:
        """How its process ended, in words; empty while it runs or waits for its start."""
        if self.process is None or (code := self.process.poll()) is None:
            return ""
        return in_words(code)

    def plan_restart(self, now: float) -> Restart:
        """Takes note of its end; `start` is due when the restart says."""
        if self.process:
            kill_session(self.process.pid)  # what it may have left behind
        plan = next_start(failures=self.failures, ran=now - self.started)
        self.failures, self.due = plan.failures, now + plan.after
        self.restarts += 1
        self.process, self.identity, self.ready, self.why_not = None, None, False, "waiting for its next start"
        return plan

    def ask(self) -> bool:
        """Asks the part whether it is ready; True the first time that it says yes."""
        if self.process is None or self.ready:
            return False
        self.why_not = self.part.ready()
        self.ready = not self.why_not
        return self.ready

    def overdue(self, now: float) -> bool:
        return self.process is not None and not self.ready and now - self.started > self.part.patience

    def tell_to_end(self) -> None:
        self.due = None
        if self.process:
            self.process.terminate()

    def see_end(self, *, seconds: float) -> bool:
        """Waits for its end, by force after `seconds`; True if it went by itself."""
        willing = self.process is None or reap(self.process, seconds=seconds)
        self.process, self.identity, self.ready = None, None, False
        return willing

    def state(self) -> PartState:
        return PartState(
            name=self.part.name,
            process=self.identity,
            since=self.since,
            restarts=self.restarts,
            ready=self.ready,
            address=self.part.address or (health_address(self.part.health_file) if self.part.health_file else ""),
            ports=dict(self.part.ports),
            health_file=str(self.part.health_file or ""),
            log=str(self.part.log),
        )


def health_address(file: Path) -> str:
    """What a worker wrote about where its health is; empty while it has not."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads(file.read_text(encoding="utf-8"))["health"])
    return ""


def in_words(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
