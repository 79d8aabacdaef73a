"""What the terminal channel showed after `up --detach`: the one file that quotes posts. Its lines have an end too."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from soundings.deploy.local import logs

NAME = "terminal.log"


def expire(state: Path, text_days: int, now: datetime) -> bool:
    """Move the lines on, so that none is kept for longer than text; True if they were.

    A line lies in the file for half of the time at most, then in its older copy for as long, then nowhere. How long the
    copy is there is told by its own time. To be called daily: a day is taken off for the days between.
    """
    log = logs.folder_of(state) / NAME
    if not log.exists():
        return False
    old = log.with_name(f"{NAME}.1")
    half = max(timedelta(days=text_days) / 2 - timedelta(days=1), timedelta(0))
    if not old.exists():
        old.touch(mode=0o600)  # the time begins
        return False
    if now.timestamp() - old.stat().st_mtime < half.total_seconds():
        return False
    old.write_bytes(log.read_bytes())
    os.truncate(log, 0)  # not renamed: whoever writes to it holds it open
    return True
