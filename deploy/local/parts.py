"""A part of the stack: what to start, how to ask whether it is ready, where it listens."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from soundings.deploy.local import tether


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    argv: tuple[str, ...]
    ready: Callable[[], str]
    """Empty when ready, otherwise why not; answers within some seconds."""
    log: Path
    """Where its standard error goes, and its standard output unless it `speaks`."""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """On top of the supervisor's own; may hold a secret."""
    address: str = ""
    """Where others reach it; for people."""
    ports: Mapping[str, int] = field(default_factory=dict)
    speaks: bool = False
    """Its standard output belongs on the terminal."""
    patience: float = 120.0
    """Seconds until it must be ready; the longest start seen on two busy cores is a quarter of this."""
    orphan_signal: signal.Signals = signal.SIGKILL
    """Sent when the supervisor is gone. Nothing but a part that minds the time itself may ask for less."""
    health_file: Path | None = None
    """A worker writes `{"health": address}` into it."""
    prepare: Callable[[], None] | None = None
    """Called before every start; StackError stops the stack."""


def spawn(part: Part) -> subprocess.Popen[bytes]:
    """Starts the part, tied to this process *and thread* (see `tether`), in a session of its own.

    Of its own, because Ctrl-C at the terminal must reach the supervisor only, which then stops parts in order.
    """
    part.log.parent.mkdir(parents=True, exist_ok=True)
    if part.health_file:
        part.health_file.parent.mkdir(parents=True, exist_ok=True)
        part.health_file.unlink(missing_ok=True)  # what a dead predecessor said
    if part.prepare:
        part.prepare()
    with part.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the command is our own
            [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), part.orphan_signal.name, *part.argv],
            env={**os.environ, **part.env},
            stdin=subprocess.DEVNULL,
            stdout=None if part.speaks else log,
            stderr=log,
            start_new_session=True,
        )


def reap(process: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """Waits for a process that was told to end, SIGKILL for whatever of its session is left then.

    Returns:
        True if it went by itself.
    """
    try:
        process.wait(max(seconds, 0.0))
        willing = True
    except subprocess.TimeoutExpired:
        willing = False
    kill_session(process.pid)
    process.wait()
    return willing


def kill_session(pid: int) -> None:
    """Ends what is left of a part's session: its pid is the id of its process group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # PermissionError: macOS, for a group of zombies
        return
