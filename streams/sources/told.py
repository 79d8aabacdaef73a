"""How far a live source has told everything: the one time that its ticks, its cursor and its gaps go by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from soundings.streams.sources.source import Gap


@dataclass(slots=True)
class Told:
    """`time`: every post before it has been delivered or lies in a gap. Never goes back.

    Two kinds of platform. Stamped: its frames come in the order of a time of its own, so the newest stamp says how far
    we are. Unstamped: frames have no order; but a live connection has brought by now what was posted a little ago.
    """

    stamped: bool
    settle: timedelta
    """Stamped: by how much frames may be out of order. Unstamped: how long the platform may take to bring a post."""
    time: datetime | None = None
    up: bool = False
    _filling: bool = False
    _jump: timedelta | None = None
    _watch: bool = False
    """The next stamp is the first of a connection."""
    _outdated: bool = False

    def connected(self, *, filling: bool, jump: timedelta | None) -> None:
        self.up, self._filling, self._jump = True, filling, jump
        self._watch, self._outdated = True, False

    def lost(self) -> None:
        self.up = self._filling = False

    def filled(self) -> None:
        self._filling = False

    def outdated(self) -> None:
        self._outdated = True

    def alive(self, at: datetime) -> None:
        if not self.stamped and self.up and not self._filling:
            self._move(at - self.settle)

    def stamp(self, at: datetime) -> Gap | None:
        """Take a frame's time; a gap if the connection began later than where we wanted to go on."""
        gap = None
        if self._watch:
            self._watch = False
            gap = self._missed(at)
        if self.stamped:
            self._move(at - self.settle)
        return gap

    def _missed(self, first: datetime) -> Gap | None:
        if self.time is None or first <= self.time + self.settle:
            return None
        if self._outdated or (self._jump is not None and first - self.time > self._jump):
            return Gap(begin=self.time, end=first, why="the platform no longer has it")
        return None

    def _move(self, to: datetime) -> None:
        if self.time is None or to > self.time:
            self.time = to
