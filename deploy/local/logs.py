"""Log files that stay small, and what the supervisor says."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

LARGEST_BYTES = 10_000_000
"""Days of a quiet part, an hour of one that complains all the time; a dozen parts stay under a quarter gigabyte."""


def folder_of(state: Path) -> Path:
    return state / "logs"


def cap(log: Path, *, largest: int = LARGEST_BYTES) -> bool:
    """Moves what a log holds to `NAME.1` once it is too large, and says whether it did.

    The file itself is emptied, not renamed: the part that writes to it holds it open (for appending). Lines written
    in the instant between the two are lost, which is the price for no pipe that could block a part.
    """
    try:
        if log.stat().st_size <= largest:
            return False
    except FileNotFoundError:
        return False
    old = log.with_name(f"{log.name}.1")
    old.write_bytes(log.read_bytes())
    os.truncate(log, 0)
    return True


TAIL_LINES = 20
"""As many as a terminal shows with the message above them."""


def tail(log: Path) -> str:
    """The last lines of a log, with its name."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join([f"{log}:", *lines[-TAIL_LINES:]])


class Voice:
    """Tells the person at the terminal, and keeps it in `up.log`."""

    def __init__(self, console: Console, log: Path) -> None:
        self._console = console
        self.log = log

    def say(self, text: str, *, style: str = "") -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {text}\n")
        words = escape(text)
        # A terminal that was closed must not keep the supervisor from stopping its parts; rich ends the process then.
        with suppress(OSError, SystemExit):
            self._console.print(f"[{style}]{words}[/]" if style else words, highlight=False, soft_wrap=True)
