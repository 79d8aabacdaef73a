"""What each part takes of the machine: the most memory it held at any time of the run, and its share of processors."""

import threading
from collections.abc import Mapping
from contextlib import suppress

import psutil

from soundings.deploy.local.processes import memory_of

EVERY_SECONDS = 0.5
"""Memory grows by batches, which take about as long; a look costs a read of /proc."""


class Taken:
    """Looks on from a thread of its own, as a context."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self._peaks: dict[str, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="memory", daemon=True)

    def __enter__(self) -> "Taken":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def watch(self, name: str, pid: int) -> None:
        """A part was started, perhaps once more: its peak is that of all its lives."""
        self._pids = {**self._pids, name: pid}

    def megabytes(self) -> dict[str, int]:
        """By part, resident memory with that of its children, in MiB."""
        return {name: peak // 2**20 for name, peak in sorted(self._peaks.items())}

    def processor_seconds(self) -> float:
        """Of all parts that live now, since each began, in user and system mode."""
        total = 0.0
        for pid in self._pids.values():
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                for one in (process, *process.children(recursive=True)):
                    times = one.cpu_times()
                    total += times.user + times.system
        return total

    def _look_on(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            for name, pid in self._pids.items():
                with suppress(psutil.NoSuchProcess):
                    self._peaks[name] = max(self._peaks.get(name, 0), memory_of(psutil.Process(pid)))
