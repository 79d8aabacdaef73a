"""What a department's channels have been told of posts that cannot wait, so that nothing is told twice."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from soundings.services.alerts.urgent_plan import COPIES_FOR
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.urgent import Urgent
from soundings.streams.codecs import decode, encode

KEPT = 200
"""Posts of a department whose outcomes are remembered; those that wait are kept beside them. The whole is written at
each outcome (30 kB), and a department has a handful in a month."""

MOST_WAITING = 1_000
"""Posts that may wait for a channel: 0.5 MB of state, and more than anybody reads."""


@dataclass(frozen=True, slots=True)
class _Known:
    appeal: str
    at: datetime
    outcomes: dict[str, Outcome]


class UrgentNotices:
    """Outcomes by post and channel; posts that wait are kept whole until they are told."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._waiting: dict[str, Urgent] = {}

    def of(self, urgent: str) -> Mapping[str, Outcome]:
        """Outcomes of a post by channel."""
        known = self._known.get(urgent)
        return known.outcomes if known else {}

    def copies(self, urgent: Urgent) -> frozenset[str]:
        """Channels where another post with the same text was told within a day, or waits to be."""
        return frozenset(
            channel
            for identifier, known in self._known.items()
            if identifier != urgent.id and known.appeal == urgent.appeal and abs(known.at - urgent.at) < COPIES_FOR
            for channel, outcome in known.outcomes.items()
            if outcome.told or outcome is Outcome.WAITING
        )

    def record(self, urgent: Urgent, notification: Notification) -> Notification:
        """Keep an outcome; returns it as it was kept: with too many waiting, one more is not told."""
        outcome = notification.outcome
        if outcome is Outcome.WAITING and len(self._waiting) >= MOST_WAITING and urgent.id not in self._waiting:
            outcome = Outcome.NOT_SENT_FULL
        known = self._known.setdefault(urgent.id, _Known(urgent.appeal, urgent.at, {}))
        known.outcomes[notification.channel] = outcome
        if Outcome.WAITING in known.outcomes.values():
            self._waiting[urgent.id] = urgent
        else:
            self._waiting.pop(urgent.id, None)
        while len(self._known) - len(self._waiting) > KEPT:
            del self._known[self._next_forgotten()]
        return replace(notification, outcome=outcome)

    def _next_forgotten(self) -> str:
        """A copy before what was told: else an appeal that is passed on often enough would be told once more. A copy
        that comes again is recognised by what was told."""
        final = [name for name in self._known if name not in self._waiting]
        return next((name for name in final if _is_copy(self._known[name])), final[0])

    def waiting(self) -> Mapping[str, list[Urgent]]:
        """By channel, the posts that wait to be told together."""
        owed: dict[str, list[Urgent]] = {}
        for identifier, urgent in self._waiting.items():
            for channel, outcome in self.of(identifier).items():
                if outcome is Outcome.WAITING:
                    owed.setdefault(channel, []).append(urgent)
        return owed

    def to_bytes(self) -> bytes:
        known = [(key, each.appeal, each.at, each.outcomes) for key, each in self._known.items()]
        waiting = [encode(urgent).decode() for urgent in self._waiting.values()]
        return orjson.dumps({"v": 1, "known": known, "waiting": waiting})

    @classmethod
    def from_bytes(cls, packed: bytes | None) -> "UrgentNotices":
        notices = cls()
        if packed is not None:
            content = orjson.loads(packed)
            for key, appeal, at, outcomes in content["known"]:
                read = {channel: Outcome(outcome) for channel, outcome in outcomes.items()}
                notices._known[key] = _Known(appeal, datetime.fromisoformat(at), read)
            notices._waiting = {each.id: each for each in (decode(text.encode()) for text in content["waiting"])}
        return notices


def _is_copy(known: _Known) -> bool:
    outcomes = known.outcomes.values()
    return Outcome.NOT_SENT_COPY in outcomes and not any(outcome.told for outcome in outcomes)
