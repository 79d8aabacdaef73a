"""What a micro-cluster counts in a week: mergeable, bounded, the same in any order of delivery, but for the handles
that few name where there are too many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from soundings.services.domain.posts import PostKind, SpeechAct
from soundings.services.domain.themes import Evidence, ThemePost
from soundings.services.themes.words import addressed, number_of

VOICES_KEPT = 256
"""Smallest hashes kept to count distinct voices (Bar-Yossef et al. 2002): exact to 256, standard error 6 % beyond."""
SAMPLE_KEPT = 4
"""Post ids a micro-cluster keeps a week, for titles and representatives: those with the smallest hashes, which is a
uniform sample whatever the order. A theme has many micro-clusters, so it still has dozens."""
ADDRESSED_KEPT = 64
"""Handles kept a micro-cluster and week: a busy one names twenty."""
HOSTILE = 0.5
"""More likely than not to be called hostile by a press officer."""
TOP = float(1 << 63)

Sample = list[tuple[int, str]]


@dataclass(slots=True)
class Tally:
    posts: int = 0
    reposts: int = 0
    texts: int = 0
    hostile: int = 0
    questions: int = 0
    suggestions: int = 0
    voices: set[int] = field(default_factory=set)
    addressed: dict[int, int] = field(default_factory=dict)
    """Distinct texts that name a handle, by its hash; of many the ADDRESSED_KEPT that most name."""
    sample: Sample = field(default_factory=list)
    asked: Sample = field(default_factory=list)
    suggested: Sample = field(default_factory=list)

    def count(self, post: ThemePost, number: int, *, new_text: bool) -> None:
        """Counts a post; `number` is number_of(post.id)."""
        self.texts += new_text
        if new_text:
            self._address({number_of(handle): 1 for handle in addressed(post.text)})
        hostile = post.hostility >= HOSTILE
        self.hostile += hostile
        if post.voice:
            self.voices.add(number_of(post.voice))
            self._bound_voices()
        if post.kind is PostKind.REPOST:
            self.reposts += 1
            return
        self.posts += 1
        asks, suggests = SpeechAct.QUESTION in post.acts, SpeechAct.SUGGESTION in post.acts
        self.questions += asks
        self.suggestions += suggests
        if hostile or not new_text:
            return
        for wanted, sample in ((True, self.sample), (asks, self.asked), (suggests, self.suggested)):
            if wanted:
                _keep(sample, [(number, post.id)])

    def add(self, other: "Tally", *, keep: int = SAMPLE_KEPT) -> None:
        self.posts += other.posts
        self.reposts += other.reposts
        self.texts += other.texts
        self.hostile += other.hostile
        self.questions += other.questions
        self.suggestions += other.suggestions
        self._address(other.addressed)
        self.voices |= other.voices
        self._bound_voices()
        _keep(self.sample, other.sample, keep)
        _keep(self.asked, other.asked, keep)
        _keep(self.suggested, other.suggested, keep)

    def _bound_voices(self) -> None:
        """One more than `distinct` looks at, so that what was cut never looks complete."""
        if len(self.voices) > 2 * VOICES_KEPT:
            self.voices = set(sorted(self.voices)[: VOICES_KEPT + 1])

    def _address(self, more: Mapping[int, int]) -> None:
        for handle, texts in more.items():
            self.addressed[handle] = self.addressed.get(handle, 0) + texts
        if len(self.addressed) > 2 * ADDRESSED_KEPT:
            ranked = sorted(self.addressed.items(), key=lambda held: (-held[1], held[0]))
            self.addressed = dict(ranked[:ADDRESSED_KEPT])

    def evidence(self) -> Evidence:
        return Evidence(
            posts=self.posts,
            reposts=self.reposts,
            texts=self.texts,
            voices=distinct(self.voices),
            hostile=self.hostile,
            questions=self.questions,
            suggestions=self.suggestions,
        )


def distinct(hashes: set[int]) -> int:
    """How many distinct values were seen, from the smallest of their hashes."""
    if len(hashes) <= VOICES_KEPT:
        return len(hashes)
    return round((VOICES_KEPT - 1) / (sorted(hashes)[VOICES_KEPT - 1] / TOP))


def _keep(sample: Sample, more: Sample, keep: int = SAMPLE_KEPT) -> None:
    if more:
        sample[:] = sorted({*sample, *more})[:keep]


Weeks = dict[str, Tally]


def merged(parts: Iterable[Weeks], *, keep: int = SAMPLE_KEPT) -> Weeks:
    """The weeks of several micro-clusters as one, oldest first; the parts stay as they are."""
    found: Weeks = {}
    for weeks in parts:
        for week, tally in weeks.items():
            found.setdefault(week, Tally()).add(tally, keep=keep)
    return dict(sorted(found.items()))


def total(weeks: Weeks, *, keep: int = SAMPLE_KEPT) -> Tally:
    whole = Tally()
    for tally in weeks.values():
        whole.add(tally, keep=keep)
    return whole


def week_of(created_at: datetime | None) -> str:
    """`2021-W10`; empty without a time."""
    if created_at is None:
        return ""
    year, week, _ = created_at.isocalendar()
    return f"{year}-W{week:02}"
