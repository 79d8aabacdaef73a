"""What the press office would have been told, one line for each storm: the archive through the watch, without Kafka."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from soundings.services.domain.accounts import AccountBook, Department
from soundings.services.domain.alerts import AlertStep
from soundings.services.domain.firestorms import Firestorm, Severity, StormKind, Volume, Whose
from soundings.services.domain.posts import Mention, Statement, native_id
from soundings.services.firestorms.archive import Taken
from soundings.services.firestorms.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that the press office would be told of, as it stood when it was told."""

    storm: str
    department: str
    account: tuple[str, ...]
    """Handles as in the accounts file, those with most voices first."""
    opened_at: datetime
    """When it would have been told."""
    closed_at: datetime | None
    """None while it goes on at the end of the archive."""
    began_at: datetime
    kind: StormKind
    severity: Severity
    """The highest that it reached."""
    trigger: str | None
    """The platform's own id of the post that set it off."""
    trigger_whose: Whose | None
    statement: str | None
    """The platform's own id of our post that it turns on."""
    voices: int
    """When it was told."""
    reasons: tuple[str, ...]

    def line(self) -> dict[str, object]:
        """For a line of JSON."""
        return {
            "storm": self.storm,
            "department": self.department,
            "account": list(self.account),
            "opened_at": self.opened_at.isoformat(),
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
            "began_at": self.began_at.isoformat(),
            "kind": self.kind,
            "severity": self.severity,
            "trigger": self.trigger,
            "trigger_whose": self.trigger_whose,
            "statement": self.statement,
            "voices": self.voices,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that a run through an archive decided."""

    steps: tuple[tuple[AlertStep, Firestorm], ...]
    volumes: tuple[Volume, ...]
    first: datetime | None
    last: datetime | None
    """The times between which something was decided."""


def run(events: Iterable[Taken | datetime], sets: Sequence[Mapping[str, Watch]]) -> list[Outcome]:
    """The archive, read once, through several sets of watches, which hold the state afterwards."""
    steps: list[list[tuple[AlertStep, Firestorm]]] = [[] for _ in sets]
    volumes: list[Volume] = []
    first = last = None
    for event in events:
        if isinstance(event, datetime):
            first, last = first or event, event
            for place, watches in enumerate(sets):
                for watch in watches.values():
                    decided = watch.advance(event)
                    steps[place].extend(decided.steps)
                    volumes.extend(decided.volumes if place == 0 else ())
            continue
        for watches in sets:
            found = watches.get(event.department)
            if found is not None and isinstance(event.record, Mention):
                found.observe(event.record)
            elif found is not None and isinstance(event.record, Statement):
                found.state_ours(event.record)
    counted = tuple(volumes)
    return [Outcome(steps=tuple(each), volumes=counted, first=first, last=last) for each in steps]


def told(steps: Iterable[tuple[AlertStep, Firestorm]], book: AccountBook, *, everything: bool = False) -> list[Told]:
    """One line for each storm from the first notice that wakes somebody on; with `everything` from the first at all."""
    found: dict[str, Told] = {}
    for step, storm in steps:
        known = found.get(storm.id)
        if known is not None:
            found[storm.id] = replace(
                known,
                severity=max(known.severity, storm.severity, key=lambda severity: severity.rank),
                closed_at=storm.closed_at if step is AlertStep.OVER else known.closed_at,
            )
        elif step is not AlertStep.OVER and (everything or storm.severity.wakes):
            department = book.department(storm.department)
            if department is not None:
                found[storm.id] = _told(storm, department)
    return list(found.values())


def _told(storm: Firestorm, department: Department) -> Told:
    handles = {account.key: account.handle for account in department.accounts}
    return Told(
        storm=storm.id,
        department=storm.department,
        account=tuple(handles[key] for key in storm.accounts if key in handles),
        opened_at=storm.updated_at,
        closed_at=storm.closed_at,
        began_at=storm.began_at,
        kind=storm.kind,
        severity=storm.severity,
        trigger=native_id(storm.trigger.post) if storm.trigger else None,
        trigger_whose=storm.trigger.whose if storm.trigger else None,
        statement=native_id(storm.statement) if storm.statement else None,
        voices=storm.voices,
        reasons=tuple(reason.words for reason in storm.reasons),
    )
