"""The watch over one department: mentions in, decided minutes out. Pure: no I/O, no wall clock."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.domain.accounts import Department
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, Lately, Verdict, Volume
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement
from soundings.services.firestorms import decide, tell, trigger, turn, window
from soundings.services.firestorms.budget import USUAL_BUDGET
from soundings.services.firestorms.clock import minute_of, moment
from soundings.services.firestorms.hashing import copy_mark, named, stable
from soundings.services.firestorms.lately import lately
from soundings.services.firestorms.sample import Seen
from soundings.services.firestorms.state import State
from soundings.services.firestorms.verdict import judge

_KINDS = {kind: place for place, kind in enumerate(PostKind)}
_MOODS = {Sentiment.NEGATIVE: -1, Sentiment.NEUTRAL: 0, Sentiment.POSITIVE: 1}
MANY = 5
"""Handles in a text from which an account is one of many: a complaint names two or three that share the blame."""
_ACTS = {act: 1 << place for place, act in enumerate(SpeechAct)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What `advance` decided."""

    volumes: tuple[Volume, ...] = ()
    """Of minutes with posts that were decided, or changed by late posts since; a minute without posts is not drawn:
    whoever draws a line takes a missing minute as zero."""
    firestorms: tuple[Firestorm, ...] = ()
    """The storm that is on: when its state or severity changes, every five minutes while it is on, and when it ends."""
    steps: tuple[tuple[AlertStep, Firestorm], ...] = ()
    """Notices owed, in order."""
    last_minute: datetime | None = None
    """Beginning of the last decided minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a storm did or did not open in the last decided minute."""

    verdict: Verdict
    firestorm: Firestorm | None
    """The storm that is on, if any."""
    lately: Lately
    """What changed in the last quarter of an hour, storm or not."""
    sample: tuple[str, ...] = ()
    """Ids of telling posts: of the storm that is on, or else of the last hour."""


class Watch:
    """All that is kept of one department's accounts: sketches of the last hours, baseline, storms, last decided minute.

    The order in which posts of undecided minutes are observed, and how often, does not matter.
    """

    def __init__(self, department: Department, state: bytes | None = None, *, budget: float | None = None) -> None:
        """
        Args:
            budget: needless alerts a week that are bearable; None: the department's own, or else the usual.

        Raises:
            codec.UnknownVersion: the state was written by a newer version.
        """
        self.department = department
        self._budget = budget or department.alert_budget or USUAL_BUDGET
        self._zone = ZoneInfo(department.timezone)
        self._state = State.of(state) if state else State()
        self._state.bits(tuple(sorted(account.key for account in department.accounts)))
        self._ours = frozenset(account.key for account in department.accounts)

    def observe(self, mention: Mention) -> None:
        """Count a post. A post for a decided minute enters its volumes, and changes no decision taken."""
        post = mention.post
        state = self._state
        minute = minute_of(post.created_at)
        answers, likes = _answered(post)
        seen = Seen(
            post=post.id,
            voice=stable(post.voice),
            kind=_KINDS[post.kind],
            hostility=round(100 * mention.tags.hostility),
            acts=sum(_ACTS[act] for act in mention.tags.acts),
            accounts=state.bits(tuple(key for key in post.accounts if key in self._ours)),
            reference=post.reference or "",
            thread=post.thread or "",
            copy=copy_mark(post.text),
            reach=-1 if post.reach is None else post.reach,
            public=int(post.public_author is not None),
            mood=_MOODS[mention.tags.sentiment],
            passing=int(named(post.text) >= MANY),
            answers=answers,
            likes=likes,
        )
        if state.recent.add(minute, seen, state.decided) and state.decided is not None and minute <= state.decided:
            state.changed.add(minute)

    def state_ours(self, statement: Statement) -> None:
        """A post of ours: so that a trigger can be told ours or somebody else's."""
        self._state.remember(statement.post.id, minute_of(statement.post.created_at))

    def advance(self, time: datetime) -> Decided:
        """Decide every minute whose end is not after `time`, each once, in order; an earlier time decides none."""
        last = minute_of(time) - 1
        state = self._state
        first = min(state.recent.minutes, default=last) if state.decided is None else state.decided + 1
        volumes: list[Volume] = []
        storms: list[Firestorm] = []
        steps: list[tuple[AlertStep, Firestorm]] = []
        if last >= first:
            for minute in sorted(state.changed):
                volumes.extend(decide.volumes(state, self.department, minute, self._zone))
            state.changed.clear()
            minute = decide.next_minute(state, first, last)
            while minute <= last:
                done = decide.minute(state, self.department, minute, self._zone, self._budget)
                volumes.extend(done.volumes)
                if done.firestorms or done.steps:
                    change = lately(state.recent, minute)
                    storms.extend(replace(storm, lately=change) for storm in done.firestorms)
                    owed = turn.with_turns(state, minute, done)
                    steps.extend((step, replace(storm, lately=change)) for step, storm in owed)
                state.decided = minute
                minute = decide.next_minute(state, minute + 1, last)
            decide.finish_hours(state, last // 60)
            state.decided = last
        return Decided(
            volumes=tuple(volumes),
            firestorms=tuple(storms),
            steps=tuple(steps),
            last_minute=None if state.decided is None else moment(state.decided),
        )

    def to_bytes(self) -> bytes:
        """Compact and of bounded size; `Watch(department, watch.to_bytes())` goes on identically."""
        return self._state.to_bytes()

    def explain(self) -> Explanation | None:
        """The verdict on the last decided minute with every piece of evidence; None before the first."""
        if self._state.decided is None:
            return None
        evidence = decide.gather(self._state, self._state.decided, self._zone, self._budget)
        verdict = judge(evidence, fully=True)
        burning = self._state.burning
        storm = tell.firestorm(self._state, self.department, burning, evidence, verdict) if burning else None
        change = lately(self._state.recent, self._state.decided)
        sample = storm.sample if storm else self._telling(self._state.decided)
        return Explanation(verdict=verdict, firestorm=storm, lately=change, sample=sample)

    def _telling(self, minute: int) -> tuple[str, ...]:
        posts, share = window.union(self._state.recent.last_hour(minute))
        return trigger.telling(posts, trigger.find(posts, share, self._state.statements.__contains__))


def _answered(post: Post) -> tuple[int, int]:
    """Answers and likes of the post that it refers to; -1 for both where one is not known: half of it says nothing."""
    if post.reference is None or post.reference_answers is None or post.reference_likes is None:
        return -1, -1
    return post.reference_answers, post.reference_likes
