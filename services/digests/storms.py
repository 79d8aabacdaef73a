"""The storms of a week and what became of them: who was told, how long they lasted, which statement they turned on."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from soundings.services.digests.digest import Storm
from soundings.services.digests.material import Material
from soundings.services.digests.quote import Quote
from soundings.services.digests.quotes import Quoter, quote
from soundings.services.digests.sayings import sayings
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.firestorms import Firestorm, Severity, Whose
from soundings.services.domain.posts import Mention

_SHARE = 1 / 3
"""Of a storm's sample posts that must be about the area for the storm to be so: people in a storm write about much."""


def storms(material: Material, written: Sequence[Mention], quoter: Quoter, now: datetime) -> tuple[Storm, ...]:
    """Those of at least notable severity, the worst first; those about the area before the others."""
    shown = [
        _storm(storm, material, written, quoter, now)
        for storm in material.storms
        if storm.severity is not Severity.WATCH
    ]
    return tuple(sorted(shown, key=lambda storm: (not storm.here, -storm.severity.rank, storm.began_at, storm.id)))


def during(moment: datetime, shown: Iterable[Storm]) -> bool:
    """Whether it lies in the time of a storm that is about the area."""
    return any(
        storm.began_at <= moment < storm.began_at + timedelta(minutes=storm.minutes) for storm in shown if storm.here
    )


def _storm(storm: Firestorm, material: Material, written: Sequence[Mention], quoter: Quoter, now: datetime) -> Storm:
    notices = _notices(storm, material)
    told: dict[str, datetime] = {}
    for notice in sorted(notices, key=lambda notice: notice.at):
        if notice.outcome.told:
            told.setdefault(notice.channel, notice.at)
    end = storm.closed_at or min(storm.updated_at, now)
    here = _here(storm, material)
    of_it = [mention for mention in written if here and storm.began_at <= mention.post.created_at < end]
    otherwise = [mention for mention in written if not storm.began_at <= mention.post.created_at < end]
    return Storm(
        id=storm.id,
        kind=storm.kind,
        severity=storm.severity,
        began_at=storm.began_at,
        closed_at=storm.closed_at,
        minutes=(end - storm.began_at).total_seconds() / 60,
        people=storm.voices,
        hostile_people=storm.hostile_voices,
        usual_people=storm.usual_voices,
        trigger_whose=storm.trigger.whose if storm.trigger else None,
        statement=_statement(storm, material),
        told=tuple(told.items()),
        not_told=() if told else _why_not(notices),
        live=_live(storm, material),
        here=here,
        sayings=sayings(of_it, otherwise, material, quoter) if of_it else (),
    )


def _notices(storm: Firestorm, material: Material) -> list[Notification]:
    alerts = {alert.id for alert in material.alerts if alert.firestorm.id == storm.id}
    return [notice for notice in material.notifications if notice.alert in alerts]


def _live(storm: Firestorm, material: Material) -> bool:
    alerts = [alert for alert in material.alerts if alert.firestorm.id == storm.id]
    return not alerts or any(alert.live for alert in alerts)


def _why_not(notices: Sequence[Notification]) -> tuple[str, ...]:
    if not notices:
        return ("no notice is recorded",)
    # What another department's channel was not told says nothing about this storm.
    return tuple(sorted({n.outcome.value for n in notices if n.outcome is not Outcome.NOT_SENT_DEPARTMENT}))


def _statement(storm: Firestorm, material: Material) -> Quote | None:
    ours = storm.statement
    if ours is None and storm.trigger and storm.trigger.whose is Whose.OURS:
        ours = storm.trigger.post
    found = material.storm_texts.get(ours) if ours else None
    return quote(found.post, material.named) if found else None


def _here(storm: Firestorm, material: Material) -> bool:
    if material.area is None:
        return True
    key = storm.statement or (storm.trigger.post if storm.trigger else None)
    cause = material.storm_texts.get(key) if key else None
    if cause is not None and material.belongs(cause.post):
        return True
    known = [material.storm_texts[name].post for name in storm.sample if name in material.storm_texts]
    return bool(known) and sum(map(material.belongs, known)) >= _SHARE * len(known)
