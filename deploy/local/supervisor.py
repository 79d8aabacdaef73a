"""Starts the parts in order, keeps them running, stops them in reverse order."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from soundings.deploy.local import logs
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.logs import Voice, tail
from soundings.deploy.local.parts import Part
from soundings.deploy.local.processes import identity_of
from soundings.deploy.local.restarts import STARTS_GIVEN
from soundings.deploy.local.state import PartState, UpState, remove_state, write_state
from soundings.deploy.local.supervised import Supervised

LOOK_SECONDS = 0.2
"""How often it looks: an end is noticed at once for a person, and the machine does not feel it."""
ASK_SECONDS = 0.5
"""Between questions to a part that is not ready: each costs a connection."""
CAP_SECONDS = 10.0
"""Between looks at the sizes of logs."""
END_SECONDS = 10.0
"""What every process has to end in; then it is ended."""

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """One run, in the main thread: parts are tied to the thread that starts them, and signals come here."""

    def __init__(
        self,
        *,
        nodes: Sequence[Part],
        prepare: Callable[[], None],
        workers: Sequence[Part],
        state: Path,
        voice: Voice,
        kafka: str,
        elasticsearch: str,
        accounts: str = "",
        external: Sequence[PartState] = (),
    ) -> None:
        self._stages = tuple([Supervised(part) for part in parts] for parts in (nodes, workers))
        self._prepare = prepare
        self._folder = state
        self._voice = voice
        self._kafka, self._elasticsearch, self._external = kafka, elasticsearch, tuple(external)
        self._accounts = accounts
        self._started = time.time()
        self._phase = "starting"
        self._asked = 0.0
        self._capped = 0.0
        self._stop = 0
        """How often it was asked to stop; twice means at once."""
        self._breakable = False
        self._written: UpState | None = None

    def run(self) -> int:
        """Runs until it is told to stop; returns the exit code of the command."""
        with stop_signals(self._asked_to_stop):
            try:
                self._go()
            except StackError as error:
                if not self._stop:
                    self._voice.say(f"{error}", style="red")
                    return 1
            except KeyboardInterrupt:  # from `_asked_to_stop`, in the middle of the preparation
                pass
            finally:
                self._stop_all()
                remove_state(self._folder)
        return 0

    def _go(self) -> None:
        nodes, workers = self._stages
        began = time.monotonic()
        self._bring_up(nodes)
        if not self._stop:
            self._prepare_breakably()
        self._bring_up(workers)
        if self._stop:
            return
        self._phase = "running"
        self._note()
        self._voice.say(f"Soundings is up ({time.monotonic() - began:.1f} s); Ctrl-C or `soundings down` stops it")
        while not self._stop:
            self._look()
            time.sleep(LOOK_SECONDS)

    def _bring_up(self, stage: Sequence[Supervised]) -> None:
        for one in stage:
            if not self._stop:
                self._begin(one)
        while not self._stop and not all(one.ready for one in stage):
            self._look()
            for one in stage:
                if one.failures >= STARTS_GIVEN:
                    raise StackError(f"{one.part.name} does not start, see {one.part.log}\n{tail(one.part.log)}")
            time.sleep(LOOK_SECONDS)

    def _prepare_breakably(self) -> None:
        self._breakable = True
        try:
            self._prepare()
        finally:
            self._breakable = False

    def _begin(self, one: Supervised) -> None:
        one.start()
        self._voice.say(f"{one.part.name}: starting")
        self._note()

    def _look(self) -> None:
        """One round over every part that was started: ends, restarts that are due, readiness, logs."""
        now = time.monotonic()
        begun = [one for stage in self._stages for one in stage if one.started]
        for one in begun:
            if how := one.ended():
                self._plan_restart(one, f"ended ({how})")
            elif one.overdue(now):
                one.tell_to_end()
                one.see_end(seconds=END_SECONDS)
                self._plan_restart(one, f"was not ready after {one.part.patience:.0f} s ({one.why_not})")
            elif one.due is not None and now >= one.due:
                self._begin(one)
        if now - self._asked >= ASK_SECONDS:
            for one in begun:
                if not self._stop and one.ask():
                    where = f", {one.state().address}" if one.state().address else ""
                    self._voice.say(f"{one.part.name}: ready after {time.monotonic() - one.started:.1f} s{where}")
            self._asked = time.monotonic()
        if now - self._capped >= CAP_SECONDS:
            self._capped = now
            for log in logs.folder_of(self._folder).glob("*.log"):
                logs.cap(log)
        self._note()

    def _plan_restart(self, one: Supervised, what: str) -> None:
        plan = one.plan_restart(time.monotonic())
        self._voice.say(
            f"{one.part.name} {what}; starting it again in {plan.after:g} s: {plan.reason} (log: {one.part.log})",
            style="yellow",
        )

    def _stop_all(self) -> None:
        self._phase = "stopping"
        self._note()
        for stage in reversed(self._stages):
            begun = [one for one in stage if one.process]
            for one in begun:
                one.tell_to_end()
            deadline = time.monotonic() + END_SECONDS
            for one in reversed(begun):
                if not self._see_end(one, deadline):
                    self._voice.say(f"{one.part.name}: had to be ended by force", style="yellow")
        self._voice.say("Soundings is down")

    def _see_end(self, one: Supervised, deadline: float) -> bool:
        while one.process and one.process.poll() is None and time.monotonic() < deadline and self._stop < 2:
            time.sleep(LOOK_SECONDS / 4)
        return one.see_end(seconds=0)

    def _note(self) -> None:
        """Writes the state file if anything changed."""
        myself = identity_of(os.getpid())
        if myself is None:  # cannot be: it is this process
            return
        parts = tuple(one.state() for stage in self._stages for one in stage)
        now = UpState(
            supervisor=myself,
            started=self._started,
            phase=self._phase,
            kafka=self._kafka,
            elasticsearch=self._elasticsearch,
            accounts=self._accounts,
            parts=self._external + parts,
        )
        if now != self._written:
            write_state(self._folder, now)
            self._written = now

    def _asked_to_stop(self) -> None:
        self._stop += 1
        if self._breakable:
            self._breakable = False
            raise KeyboardInterrupt


@contextmanager
def stop_signals(asked: Callable[[], None]) -> Iterator[None]:
    """Calls `asked` in the main thread for each signal that means stop."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        asked()

    before = {number: signal.signal(number, handle) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
