"""How long to wait before the next attempt to connect."""

import random
from dataclasses import dataclass, field

FIRST = 0.25
"""Seconds. Platforms ask to come back at once after a cut; a quarter of a second is X's own first step."""

LONGEST = 60.0
"""Seconds: half of the two minutes after which a silent source counts as stale."""

HEALTHY = 60.0
"""Seconds that a connection must have lived for the next wait to begin anew: one that dies young is no success."""


@dataclass(slots=True)
class Backoff:
    """Doubles with every failure. Jitter of a half, so that clients cut off together do not come back together."""

    first: float = FIRST
    longest: float = LONGEST
    chance: random.Random = field(default_factory=random.SystemRandom)
    _failures: int = 0

    def after(self, lived: float, asked: float | None = None) -> float:
        """Seconds to wait.

        Args:
            lived: Seconds that the connection lived, 0 where there was none.
            asked: What the platform asked for (its rate limit); never undercut.
        """
        if lived >= HEALTHY:
            self._failures = 0
        wait = min(self.longest, self.first * 2.0 ** min(self._failures, 20))
        self._failures += 1
        wait *= 0.5 + self.chance.random() / 2
        return wait if asked is None else max(wait, asked)
