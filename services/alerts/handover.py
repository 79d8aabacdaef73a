"""What is owed to a channel that takes it no longer, because the settings have changed: who tells it instead. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from soundings.services.domain.alerts import Outcome

HAVE = frozenset({Outcome.WAITING, Outcome.LATE, Outcome.NOT_SENT_COPY})
"""Beside those that say somebody was told: it is owed there already, or the same words were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What becomes of a notice that waits for a channel which takes it no longer."""

    to: tuple[str, ...] = ()
    """Channels that shall tell it instead."""
    settled: bool
    """False: nobody could be told, so it goes on waiting."""
    reason: str


def hand_over(waits_for: str, takers: Sequence[str], already: Mapping[str, Outcome]) -> HandOver | None:
    """Who tells a notice instead of the channel that it waits for; None: that one takes it still.

    Args:
        takers: names of the channels in the settings that take it.
        already: what is recorded of it, by channel.
    """
    if waits_for in takers:
        return None
    if not takers:
        return HandOver(settled=False, reason="no channel takes it")
    to = tuple(name for name in takers if not _has(name, already))
    return HandOver(to=to, settled=True, reason="others tell it" if to else "all others have it")


def _has(name: str, already: Mapping[str, Outcome]) -> bool:
    return name in already and (already[name].told or already[name] in HAVE)


def steps(waited_for: str, to: Collection[str], waiting: Outcome) -> tuple[tuple[str, Outcome], ...]:
    """What is recorded, by channel, in this order: whoever is stopped between two goes on from there."""
    return (*((name, waiting) for name in to), (waited_for, Outcome.NOT_SENT_GONE))
