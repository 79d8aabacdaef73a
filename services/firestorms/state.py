"""All that is kept of one department, and how it becomes bytes and comes back."""

from dataclasses import asdict, dataclass, field
from typing import Any

from soundings.services.domain.firestorms import Severity, StormKind, StormState
from soundings.services.firestorms import codec
from soundings.services.firestorms.baseline import WATCH, Usual, level_of
from soundings.services.firestorms.budget import threshold
from soundings.services.firestorms.episode import Episode
from soundings.services.firestorms.history import History
from soundings.services.firestorms.people import People
from soundings.services.firestorms.recent import Recent
from soundings.services.firestorms.sample import Sample

STORM_VOICES = 384
"""A storm's own sample: exact up to 384 people, 5 % error beyond; it names the trigger and the telling posts."""
STATEMENTS = 512
"""Own posts remembered, the newest: about a fortnight of a busy press office; older ones seldom set off a storm."""


@dataclass(slots=True, kw_only=True)
class Burning:
    """The storm that is on, with its own sample of posts."""

    episode: Episode
    sample: Sample = field(default_factory=lambda: Sample(STORM_VOICES))


@dataclass(slots=True, kw_only=True)
class State:
    accounts: list[str] = field(default_factory=list)
    """Account keys in the order of the bits in `Seen.accounts`; new ones are added at the end."""
    counted: list[float] = field(default_factory=list)
    """Voices of each account so far, older ones less: its share of what is usual of the department."""
    drawn: list[int] = field(default_factory=list)
    """The last minute of each account that had a volume."""
    decided: int | None = None
    """The last decided minute."""
    recent: Recent = field(default_factory=Recent)
    history: History = field(default_factory=History)
    burning: Burning | None = None
    ended: int | None = None
    """The minute in which the last storm ended that woke somebody."""
    statements: dict[str, int] = field(default_factory=dict)
    """Post id of ours to its minute."""
    changed: set[int] = field(default_factory=set)
    """Decided minutes whose volumes late posts changed since the last decision."""
    peak: float = 0.0
    """Highest score since the present hour began."""
    stormy: int = 0
    """1 if a storm was on in the present hour."""
    usual: dict[int, Usual] = field(default_factory=dict)
    """Expectations by hour, computed once; never stored, since the history gives them again."""
    _levels: dict[int, People] = field(default_factory=dict)
    """By watch; never stored, for the same reason."""
    _threshold: tuple[float, int, float] = (0.0, 0, 0.0)
    """Budget, day and the threshold of both; never stored, for the same reason."""

    def threshold(self, budget: float) -> float:
        """By the account's past up to the last midnight (UTC), so that it is worked out once a day."""
        today = (self.history.until or 0) // 24
        if self._threshold[:2] != (budget, today):
            self._threshold = (budget, today, threshold(self.history, budget, today))
        return self._threshold[2]

    def level(self, hour: int) -> People:
        """The department's usual hour, worked out once in a watch."""
        watch = hour // WATCH
        if watch not in self._levels:
            # Two are enough: a window reaches into the watch before at most.
            self._levels = {known: level for known, level in self._levels.items() if known == watch - 1}
            self._levels[watch] = level_of(self.history, watch)
        return self._levels[watch]

    def to_bytes(self) -> bytes:
        head = [
            self.accounts,
            self.decided,
            sorted(self.statements.items()),
            sorted(self.changed),
            self.peak,
            self.stormy,
            self.counted,
            self.drawn,
            self.ended,
        ]
        burning = self.burning
        storm = codec.pack(asdict(burning.episode)) if burning else b""
        sample = codec.pack_sample(burning.sample) if burning else b""
        return codec.join(
            [codec.pack(head), codec.squeeze(self.history.to_bytes()), storm, sample, *self.recent.parts()]
        )

    @classmethod
    def of(cls, data: bytes) -> "State":
        """
        Raises:
            codec.UnknownVersion: written by a newer version.
        """
        head, hours, storm, sample, *recent = codec.split(data)
        accounts, decided, statements, changed, peak, stormy, counted, drawn, ended = codec.unpack(head)
        state = cls(
            accounts=accounts,
            decided=decided,
            statements=dict(statements),
            changed=set(changed),
            peak=peak,
            stormy=stormy,
            counted=counted,
            drawn=drawn,
            ended=ended,
            recent=Recent.of(recent),
        )
        state.history = History.of(codec.unsqueeze(hours))
        if storm:
            state.burning = Burning(episode=_episode_of(storm), sample=codec.unpack_sample(sample))
        return state

    def bits(self, keys: tuple[str, ...]) -> int:
        """The keys as bits; an account that is new to the state gets the next one."""
        bits = 0
        for key in keys:
            if key not in self.accounts:
                self.accounts.append(key)
                self.counted.append(0.0)
                self.drawn.append(0)
            bits |= 1 << self.accounts.index(key)
        return bits

    def remember(self, post: str, minute: int) -> None:
        self.statements[post] = minute
        if len(self.statements) > STATEMENTS:
            del self.statements[min(self.statements, key=lambda known: (self.statements[known], known))]


def _episode_of(data: bytes) -> Episode:
    kept: dict[str, Any] = codec.unpack(data)
    kept["lately"], kept["causes"] = tuple(kept["lately"]), tuple(kept["causes"])
    kept["state"] = StormState(kept["state"])
    kept["kind"] = StormKind(kept["kind"])
    kept["severity"] = Severity(kept["severity"])
    return Episode(**kept)
