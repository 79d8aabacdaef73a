"""What "alike" means in this stream: the usual similarity of two of its posts, and how far that varies.

A fixed threshold does not transfer between streams: banking questions all resemble one another, news titles hardly
do. Thresholds are therefore told in standard deviations above the mean similarity of two arbitrary posts.
"""

from dataclasses import dataclass
from math import sqrt

USUAL = 0.015
SPREAD = 0.07
"""Before a stream has spoken: the middle of what four public collections of short texts show."""
PRIOR_PAIRS = 1_000
"""As many pairs as that prior counts: outweighed after some 250 posts, for in a small stream two arbitrary posts are
often of one theme."""
LONGEST_MEMORY = 40_000
"""Pairs after which old ones fade, so that the scale follows a stream that changes."""


@dataclass(slots=True)
class Scale:
    pairs: float = float(PRIOR_PAIRS)
    mean: float = USUAL
    spread2: float = SPREAD**2

    def learn(self, similarity: float) -> None:
        self.pairs = min(self.pairs + 1, LONGEST_MEMORY)
        rate = 1 / self.pairs
        off = similarity - self.mean
        self.mean += rate * off
        self.spread2 = (1 - rate) * (self.spread2 + rate * off * off)

    @property
    def deviation(self) -> float:
        return sqrt(self.spread2)

    def at(self, deviations: float) -> float:
        """The similarity that lies so many standard deviations above the usual."""
        return self.mean + deviations * self.deviation
