"""A bounded, mergeable, idempotent sample of what was said in a stretch of time.

It keeps every post of the voices with the smallest hashes (a theta sketch that carries attributes): exact while there
are at most `bound` voices, an unbiased estimate beyond. Any order and any repetition of `add` gives the same sample.
docs/decisions/0005-volumes-as-voice-samples.md says why this and not a sketch of counts alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from soundings.services.domain.posts import HOSTILE_FROM, PostKind, SpeechAct
from soundings.services.firestorms.answered import Answered, later
from soundings.services.firestorms.hashing import SPACE, stable

ORIGINAL, REPLY, REPOST, QUOTE = (list(PostKind).index(kind) for kind in PostKind)
_HOSTILE = round(100 * HOSTILE_FROM)
_COMPLAINS = 1 << list(SpeechAct).index(SpeechAct.COMPLAINT)
POSTS_PER_VOICE = 8
"""In one stretch; more of one voice in a minute is a machine, and counting it further would tell nothing."""


class Seen(NamedTuple):
    """One post, reduced to what decisions need. A tuple, since a state holds thousands of them."""

    post: str
    voice: int
    kind: int
    """Index in `list(PostKind)`."""
    hostility: int
    """Per cent."""
    acts: int
    """Bits in the order of `list(SpeechAct)`."""
    accounts: int
    """Bits in the order of the state's account keys."""
    reference: str
    thread: str
    copy: int
    """`hashing.copy_mark` of the text."""
    reach: int
    """-1 where the source does not tell."""
    public: int
    """1 if a configured public account (a newsroom, a public body) wrote it."""
    mood: int
    """-1 negative, 0 neutral, 1 positive."""
    passing: int
    """1 if the account is named in passing: one of many handles."""
    answers: int = -1
    """Replies and quotes of the post that it refers to; -1, as the next, where the source does not tell both."""
    likes: int = -1


LAYERS = (10, 30, 50, 70, 90)
"""Hostility is added up over voices in steps of a fifth: the voices of whom a post reaches each of these per cent."""
ANY, REPOSTS, COMPLAINTS, PASSING_ON = range(4)
"""Places in `Sample.groups`, before the layers of hostility."""


def is_hostile(seen: Seen) -> bool:
    return seen.hostility >= _HOSTILE


def targets(seen: Seen) -> tuple[str, ...]:
    """The posts that a post gathers around: what it refers to, the head of its thread, itself if it stands alone."""
    reference, thread = seen.reference, seen.thread
    if not thread or thread in (seen.post, reference):
        return (reference or seen.post,)
    return (reference, thread) if reference and reference != seen.post else (thread,)


class Sample:
    """The posts of the `bound` voices with the smallest hashes."""

    __slots__ = ("_answered", "_around", "_by_voice", "_groups", "bound", "theta")

    def __init__(self, bound: int, theta: int = SPACE, posts: Iterable[Seen] = ()) -> None:
        self.bound = bound
        self.theta = theta
        """Voices whose hash is not below it are not in the sample."""
        self._by_voice: dict[int, dict[str, Seen]] = {}
        self._groups: tuple[frozenset[int], ...] | None = None
        self._around: dict[str, set[int]] | None = None
        self._answered: dict[str, Answered] = {}
        for seen in posts:
            self.add(seen)

    def add(self, seen: Seen) -> bool:
        """True if the sample changed."""
        if seen.voice >= self.theta:
            return False
        mine = self._by_voice.setdefault(seen.voice, {})
        if seen.post in mine:
            return False
        mine[seen.post] = seen
        self._groups = self._around = None
        if len(mine) > POSTS_PER_VOICE:
            # Which ones stay must not depend on the order in which they came.
            dropped = max(mine, key=lambda post: (stable(post), post))
            del mine[dropped]
            return dropped != seen.post
        if len(self._by_voice) > self.bound:
            self.theta = max(self._by_voice)
            del self._by_voice[self.theta]
            return seen.voice != self.theta
        return True

    def merge(self, other: "Sample") -> None:
        """Becomes the sample of both together."""
        if other.theta < self.theta:
            self.theta = other.theta
            self._by_voice = {voice: posts for voice, posts in self._by_voice.items() if voice < self.theta}
            self._groups = self._around = None
        for seen in other:
            self.add(seen)

    @property
    def share(self) -> float:
        """The share of all voices that the sample holds: divide counts by it."""
        return self.theta / SPACE

    @property
    def groups(self) -> tuple[frozenset[int], ...]:
        """Voices with own words, that repost, that complain, that repost hostile words; then those with own words of
        each layer of hostility.

        Kept until the sample changes, since a minute is looked at a hundred times.
        """
        if self._groups is None:
            own = [seen for seen in self if seen.kind != REPOST]
            self._groups = (
                frozenset(seen.voice for seen in own),
                frozenset(seen.voice for seen in self if seen.kind == REPOST),
                frozenset(seen.voice for seen in own if seen.acts & _COMPLAINS),
                frozenset(seen.voice for seen in self if seen.kind == REPOST and is_hostile(seen)),
                *(frozenset(seen.voice for seen in own if seen.hostility >= layer) for layer in LAYERS),
            )
        return self._groups

    @property
    def around(self) -> Mapping[str, Set[int]]:
        """The voices around each post or thread; kept like `groups`."""
        if self._around is None:
            self._around, self._answered = {}, {}
            for seen in self:
                if seen.answers >= 0:
                    known = self._answered.get(seen.reference)
                    self._answered[seen.reference] = later(known, Answered(seen.answers, seen.likes))
                for target in targets(seen):
                    self._around.setdefault(target, set()).add(seen.voice)
        return self._around

    @property
    def answered(self) -> Mapping[str, Answered]:
        """Answers and likes of the posts of which a source told them; found together with `around`."""
        return self._answered if self.around else {}

    def __iter__(self) -> Iterator[Seen]:
        for posts in self._by_voice.values():
            yield from posts.values()

    def __len__(self) -> int:
        """Voices in the sample."""
        return len(self._by_voice)
