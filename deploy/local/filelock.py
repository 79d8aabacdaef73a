"""A lock between processes: the kernel frees it when its holder dies, however it dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.2
"""flock has no waiting with a time limit; five tries a second cost nothing and are not felt."""


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[bool]:
    """Holds the lock of `path` (made if absent, never removed) for the block.

    Args:
        wait: Seconds to wait for another holder.

    Yields:
        True when held; False when somebody else still holds it, and the block must do without.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with path.open("a") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    yield False
                    return
                time.sleep(POLL_SECONDS)
            else:
                break
        yield True  # closing the file frees the lock
