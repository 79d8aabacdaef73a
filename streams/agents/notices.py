"""What a department's channels have been told, kept so that nothing is told twice after a restart."""

from collections import OrderedDict
from collections.abc import Mapping

import orjson

from soundings.services.domain.alerts import Alert, Notification, Outcome
from soundings.streams.codecs import decode, encode

STORMS_KEPT = 200
"""Storms of a department whose notices are remembered: far more than are open or can be redelivered."""


class Notices:
    """Outcomes by storm, alert and channel; late alerts are kept whole until the summary."""

    def __init__(self) -> None:
        self._storms: OrderedDict[str, dict[str, dict[str, Outcome]]] = OrderedDict()
        self._late: dict[str, Alert] = {}

    def of(self, alert: str) -> Mapping[str, Outcome]:
        """Outcomes of an alert by channel."""
        return self._storms.get(alert.rsplit("/", 1)[0], {}).get(alert, {})

    def before(self, alert: Alert) -> Mapping[str, Outcome]:
        """By channel the best outcome of the storm's earlier alerts: told, else late, else whatever it was."""
        best: dict[str, Outcome] = {}
        for identifier, outcomes in self._storms.get(alert.firestorm.id, {}).items():
            if identifier == alert.id:
                continue
            for channel, outcome in outcomes.items():
                if channel not in best or _worth(outcome) > _worth(best[channel]):
                    best[channel] = outcome
        return best

    def record(self, alert: Alert, notification: Notification) -> None:
        storm = self._storms.setdefault(alert.firestorm.id, {})
        storm.setdefault(alert.id, {})[notification.channel] = notification.outcome
        self._storms.move_to_end(alert.firestorm.id)
        while len(self._storms) > STORMS_KEPT:
            _, forgotten = self._storms.popitem(last=False)
            for identifier in forgotten:
                self._late.pop(identifier, None)
        if Outcome.LATE in storm[alert.id].values():
            self._late[alert.id] = alert
        else:
            self._late.pop(alert.id, None)

    def late(self) -> Mapping[str, list[Alert]]:
        """By channel, the alerts that are owed in a summary."""
        owed: dict[str, list[Alert]] = {}
        for identifier, alert in self._late.items():
            for channel, outcome in self.of(identifier).items():
                if outcome is Outcome.LATE:
                    owed.setdefault(channel, []).append(alert)
        return owed

    def to_bytes(self) -> bytes:
        late = [encode(alert).decode() for alert in self._late.values()]
        return orjson.dumps({"v": 1, "storms": list(self._storms.items()), "late": late})

    @classmethod
    def from_bytes(cls, packed: bytes | None) -> "Notices":
        notices = cls()
        if packed is not None:
            content = orjson.loads(packed)
            for storm, alerts in content["storms"]:
                notices._storms[storm] = {
                    alert: {channel: Outcome(outcome) for channel, outcome in outcomes.items()}
                    for alert, outcomes in alerts.items()
                }
            notices._late = {alert.id: alert for alert in (decode(each.encode()) for each in content["late"])}
        return notices


def _worth(outcome: Outcome) -> int:
    return 2 if outcome.told else 1 if outcome is Outcome.LATE else 0
