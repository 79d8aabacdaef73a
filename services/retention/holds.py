"""Placing and releasing legal holds: pure; the store keeps what comes out."""

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from soundings.services.digests.week import Week
from soundings.services.domain.accounts import AccountBook, Platform
from soundings.services.domain.holds import HeldItem, Hold, HoldAction, HoldStep

_STORM = re.compile(r"(?P<department>[a-z0-9-]+):\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z(?P<alert>/[a-z-]+)?")
_WEEK = re.compile(r"(?P<department>[a-z0-9-]+)/(?P<week>\d{4}-W\d{2})")
_POST = re.compile(rf"(?:{'|'.join(Platform)}):[^:\s]*:\S+")


class NoSuchHold(LookupError):
    """There is nothing to release."""


def named(item: str, book: AccountBook | None) -> Hold:
    """What a person named, as a hold that nobody has placed yet (its history is empty).

    Args:
        item: Id of a post, a firestorm or an alert, or `department/2026-W10`.
        book: For the time zone of a week's department.

    Raises:
        ValueError: it is none of these, or a week of a department that is not configured.
    """
    item = item.strip()
    if storm := _STORM.fullmatch(item):
        kind = HeldItem.ALERT if storm["alert"] else HeldItem.FIRESTORM
        return Hold(item=item, kind=kind, department=storm["department"], history=())
    if week := _WEEK.fullmatch(item):
        found = book.department(week["department"]) if book else None
        if found is None:
            raise ValueError(f"{week['department']!r} is no department of the accounts file")
        start, end = Week.parse(week["week"]).span(ZoneInfo(found.timezone))
        return Hold(item=item, kind=HeldItem.WEEK, department=found.key, start=start, end=end, history=())
    if _POST.fullmatch(item):
        return Hold(item=item, kind=HeldItem.POST, history=())
    raise ValueError(
        f"{item!r} is no id of a post (x::123), of a firestorm (home-office:2026-03-01T12:00Z), of an alert (the same "
        "with /opened), and no week of a department (home-office/2026-W10)"
    )


def placed(known: Hold | None, new: Hold, step: HoldStep) -> Hold:
    """The hold with one step more: placed, or placed again with other words or another end.

    Raises:
        ValueError: who or why is missing, or it would end before it begins.
    """
    _complete(step)
    if step.until is not None and step.until <= step.at:
        raise ValueError("the hold would have ended before it begins: --until must lie ahead")
    return replace(known or new, history=(*(known.history if known else ()), step))


def released(known: Hold | None, item: str, step: HoldStep) -> Hold:
    """The hold with its release.

    Raises:
        NoSuchHold: it was never placed, or does not stand any more.
        ValueError: who or why is missing.
    """
    _complete(step)
    if known is None:
        raise NoSuchHold(f"there is no hold on {item}")
    if not known.holds(step.at):
        raise NoSuchHold(f"the hold on {item} does not stand any more: {ended(known)}")
    return replace(known, history=(*known.history, step))


def ended(hold: Hold) -> str:
    """Why a hold does not stand, in words."""
    last = hold.last
    if last.action is HoldAction.RELEASED:
        return f"released {last.at:%Y-%m-%d} by {last.who}"
    return f"it ended {last.until:%Y-%m-%d}" if last.until else "it stands"


def standing(holds: tuple[Hold, ...], now: datetime) -> tuple[Hold, ...]:
    """Those that stand."""
    return tuple(hold for hold in holds if hold.holds(now))


def _complete(step: HoldStep) -> None:
    if not step.who.strip():
        raise ValueError("a hold needs the name of who decides it: --who")
    if not step.why.strip():
        raise ValueError("a hold needs its reason, such as the reference of a request: --why")
