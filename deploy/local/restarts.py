"""When a part that ended is started again: a pure decision."""

from dataclasses import dataclass

FIRST_SECONDS = 0.5
"""Long enough for its ports to be free, short enough that a successor works within 15 s."""
LONGEST_SECONDS = 30.0
"""A part that cannot start for an outside reason is tried twice a minute: soon after the reason is gone, no load."""
CALM_SECONDS = 60.0
"""One that ran this long did start; its next end counts as the first again."""
STARTS_GIVEN = 3
"""Ends before the stack was ever ready: thrice is no accident, and the person waits at the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    after: float
    """Seconds to wait."""
    failures: int
    """Ends in a row, this one included."""
    reason: str


def next_start(*, failures: int, ran: float) -> Restart:
    """What to do with a part that ended after `ran` seconds, with `failures` short runs before."""
    if ran >= CALM_SECONDS:
        return Restart(after=FIRST_SECONDS, failures=1, reason="it had been running well")
    # The exponent is bounded before it is used: a part that fails for a month must not overflow.
    after = min(FIRST_SECONDS * 2 ** min(failures, 10), LONGEST_SECONDS)
    reason = "first failure" if failures == 0 else f"failure {failures + 1} in a row"
    return Restart(after=after, failures=failures + 1, reason=reason)
