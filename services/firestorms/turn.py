"""A storm that turns: while it burns, people gather around a post that no notice has named yet."""

from dataclasses import replace

from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, Trigger, Whose
from soundings.services.firestorms import trigger, window
from soundings.services.firestorms.decide import Done
from soundings.services.firestorms.sample import REPOST, targets
from soundings.services.firestorms.state import Burning, State

Step = tuple[AlertStep, Firestorm]

PAUSE = 60
"""Minutes after a notice in which nothing is a turn: in its first hour a storm's leading post changes as it grows, and
an hour is what is compared."""
WRITING = 10
"""People with words of their own around the new post in an hour."""
SHARE = 0.3
"""Of all people in that hour. On 27 weeks of an agency's posts these two give four notices (record 29); half instead of
three tenths would leave out those that name the cause of an event which readers of these posts marked."""


def with_turns(state: State, minute: int, done: Done) -> tuple[Step, ...]:
    """The notices owed of a decided minute, one more if the storm has turned; what they name is remembered."""
    burning = state.burning
    if burning is None or burning.episode.opened is None or not done.firestorms:
        return done.steps
    storm, owed = done.firestorms[-1], done.steps
    if not owed and (turned := _turned(state, burning, minute, storm)) is not None:
        owed = ((AlertStep.TURNED, turned),)
    episode = burning.episode
    named = {each.trigger.post for _, each in owed if each.trigger and each.id == episode.id}
    if minute - burning.episode.opened < PAUSE and storm.trigger is not None:
        named.add(storm.trigger.post)
    burning.episode = replace(
        episode, named=tuple(sorted(named.union(episode.named))), told=minute if owed else episode.told
    )
    return owed


def _turned(state: State, burning: Burning, minute: int, storm: Firestorm) -> Firestorm | None:
    """The storm as it is to be told now, with the new cause for its trigger."""
    episode = burning.episode
    opened = episode.opened or minute
    last = opened if episode.told is None else max(opened, episode.told)
    if not episode.severity.wakes or minute - last < PAUSE:
        return None
    posts, share = window.union(state.recent.last_hour(minute))
    cause = trigger.find(posts, share, state.statements.__contains__)
    if cause is None or cause.post in episode.named:
        return None
    around = [seen for seen in posts if cause.post in targets(seen)]
    writing = len({seen.voice for seen in around if seen.kind != REPOST}) / share
    people = len({seen.voice for seen in posts}) / share
    if writing < WRITING or cause.voices < SHARE * people:
        return None
    return replace(storm, trigger=cause, statement=_ours(cause), sample=trigger.telling(around, cause))


def _ours(cause: Trigger) -> str | None:
    return cause.post if cause.whose is Whose.OURS else None
