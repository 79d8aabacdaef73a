"""From a text to its vectors, and what the stream's texts have in common."""

from collections.abc import Sequence
from heapq import heappush, heapreplace

import numpy as np
import numpy.typing as npt

from soundings.services.themes.linkage import Rows
from soundings.services.themes.micro import Floats
from soundings.services.themes.scale import Scale
from soundings.services.themes.vocabulary import Vocabulary

CENTRE_PRIOR = 20
"""Posts as many as which the zero vector counts in the stream's centre, so that its first post is not at the origin."""

Sampled = tuple[int, Floats, dict[int, float]]


class Reader:
    """Vocabulary, centre and scale of one stream."""

    def __init__(self, *, vocabulary: int, width: int, words_share: float, samples: int, pairs: int) -> None:
        self.vocabulary = Vocabulary(vocabulary)
        self.scale = Scale()
        self.texts = 0
        self.centre: npt.NDArray[np.float64] = np.zeros(width)
        self.words_share = words_share if width else 1.0
        self.samples = samples
        self.pairs = pairs
        self.sample: list[Sampled] = []
        """A heap by minus the hash of the post's id: the posts with the smallest hashes, a uniform sample."""

    def learn(self, encoded: Floats, words: Sequence[str]) -> tuple[Floats, Rows, Floats]:
        """Takes a new text into the vocabulary and the centre of the stream, and reads it."""
        self.texts += 1
        bare = _unit(encoded)
        self.centre += (bare - self.centre) / (self.texts + CENTRE_PRIOR)
        return self._about_centre(bare), *self.vocabulary.learn(words)

    def read(self, encoded: Floats, words: Sequence[str]) -> tuple[Floats, Rows, Floats]:
        """A text's unit vector about the stream's centre, and the rows and weights of its words."""
        return self._about_centre(_unit(encoded)), *self.vocabulary.weigh(words)

    def _about_centre(self, bare: Floats) -> Floats:
        return _unit((bare - self.centre).astype(np.float32))

    def measure(self, vector: Floats, rows: Rows, weights: Floats, number: int) -> None:
        """Learns the stream's usual similarity from a new text; `number` is the hash of its post's id."""
        held = dict(zip(rows.tolist(), weights.tolist(), strict=True))
        for turn in range(min(self.pairs, len(self.sample))):
            # Hash bits choose the partners: any would do, if not always the same and not the most recent.
            _, other, words = self.sample[(number >> 12 * turn) % len(self.sample)]
            # In order, for the order of a set may differ after a restart, and so a sum's last bit.
            alike = self.words_share * sum([held[row] * words[row] for row in sorted(held.keys() & words.keys())])
            self.scale.learn(alike + (1 - self.words_share) * float(other @ vector))
        entry = (-number, vector, held)
        if len(self.sample) < self.samples:
            heappush(self.sample, entry)
        elif -number > self.sample[0][0]:
            heapreplace(self.sample, entry)

    def forget_words(self) -> Rows:
        """Frees a quarter of the vocabulary."""
        gone = self.vocabulary.forget(self.vocabulary.capacity * 3 // 4)
        dropped = set(gone.tolist())
        self.sample = [
            (number, vector, {row: weight for row, weight in held.items() if row not in dropped})
            for number, vector, held in self.sample
        ]
        return gone


def _unit(vector: npt.NDArray[np.float32]) -> Floats:
    length = float(np.sqrt(vector @ vector))
    return vector / np.float32(length) if length else vector
