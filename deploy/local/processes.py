"""Processes named so that a reused process id is not mistaken for them."""

import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

SAME_SECONDS = 2.0
"""The kernel keeps a start in ticks since boot; a clock that was set right in between moves it by less than this."""

LOOK_SECONDS = 0.05
"""Ends come within a second mostly; looking costs one read of /proc."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    pid: int
    created: float
    """Seconds since the epoch."""


def identity_of(pid: int) -> Identity | None:
    try:
        return Identity(pid=pid, created=psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def find(identity: Identity) -> psutil.Process | None:
    """The very process, if it lives; a zombie does not."""
    try:
        process = psutil.Process(identity.pid)
        if abs(process.create_time() - identity.created) > SAME_SECONDS or process.status() == psutil.STATUS_ZOMBIE:
            return None
    except psutil.NoSuchProcess:
        return None
    return process


def memory_of(process: psutil.Process) -> int:
    """Bytes resident, children included."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += one.memory_info().rss
    return total


def await_end(identities: Iterable[Identity], *, seconds: float) -> tuple[psutil.Process, ...]:
    """Waits for their end; those that are left after `seconds`.

    A zombie counts as ended: its parent may be busy, or may never ask for it.
    """
    deadline = time.monotonic() + seconds
    wanted = tuple(identities)
    while (left := tuple(process for one in wanted if (process := find(one)))) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    return left


def put_an_end_to(identities: Iterable[Identity], *, seconds: float) -> int:
    """Ends those that live, SIGTERM first and SIGKILL after `seconds`; returns how many there were."""
    wanted = tuple(identities)
    alive = [process for one in wanted if (process := find(one))]
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in await_end(wanted, seconds=seconds):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    await_end(wanted, seconds=seconds)
    return len(alive)
