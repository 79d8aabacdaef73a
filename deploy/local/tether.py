"""Starts a command that dies with its parent: `python -I -S tether.py PARENT-PID SIGNAL COMMAND...`

Run as a file, with the standard library only, so that it costs some milliseconds. It asks before the command is
executed, in the process that becomes the command: asking between fork and exec of a process with threads, as
`preexec_fn` does, can deadlock.

On Linux the kernel sends SIGNAL when the *thread* that started the tether ends: start parts from a thread that lasts.
Elsewhere the tether stays, passes SIGTERM and SIGINT on and looks for its parent every half second.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.5


def main() -> int:
    parent, name, *command = sys.argv[1:]
    wanted = signal.Signals[name]
    if sys.platform == "linux" and "SOUNDINGS_TETHER_STAYS" not in os.environ:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(wanted), 0, 0, 0)
        if os.getppid() != int(parent):  # it died before the kernel was asked
            return 1
        os.execvp(command[0], command)  # noqa: S606 - the command is the supervisor's own
    return stay(int(parent), wanted, command)


def stay(parent: int, wanted: signal.Signals, command: list[str]) -> int:
    child = subprocess.Popen(command)  # noqa: S603 - the command is the supervisor's own

    def pass_on(number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    while child.poll() is None:
        if os.getppid() != parent:
            child.send_signal(wanted)
            parent = os.getppid()  # said once
        time.sleep(LOOK_SECONDS)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


if __name__ == "__main__":
    sys.exit(main())
