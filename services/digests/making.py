"""A digest from beginning to end: what was asked for, read from the index, composed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from soundings.services.digests.area import find_area
from soundings.services.digests.compose import compose
from soundings.services.digests.digest import Digest
from soundings.services.digests.reading import read
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import AccountBook, Department, PolicyArea
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.register import ElasticsearchRegister
from soundings.services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    department: Department
    area: PolicyArea | None
    week: Week


def wanted(book: AccountBook, *, department: str, area: str, week: str, now: datetime) -> Wanted:
    """What a person asked for by names; what is empty is taken from what there is.

    Raises:
        LookupError: there is no such department or area, or it must be named; the message lists those that there are.
        ValueError: the week is none, or has not begun.
    """
    found = find_department(book, department, area)
    zone = ZoneInfo(found.timezone)
    last = Week.of(now - timedelta(days=7), zone)
    chosen = Week.parse(week) if week else last
    if chosen.span(zone)[0] > now:
        raise ValueError(f"week {chosen} has not begun")
    return Wanted(department=found, area=find_area(found, area) if area else None, week=chosen)


def find_department(book: AccountBook, key: str, area: str = "") -> Department:
    """The one of that key, else the only one, else the only one with that policy area.

    Raises:
        LookupError: it must be named; the message lists those that there are.
    """
    if key:
        found = book.department(key)
        if found is None:
            raise LookupError(f"there is no department {key!r}; configured: {_keys(book)}")
        return found
    if len(book.departments) == 1:
        return book.departments[0]
    named = [d for d in book.departments if any(a.name.casefold() == area.strip().casefold() for a in d.policy_areas)]
    if len(named) == 1:
        return named[0]
    raise LookupError(f"name one with --department: {_keys(book)}")


def _keys(book: AccountBook) -> str:
    return ", ".join(department.key for department in book.departments)


async def make(settings: Settings, book: AccountBook, asked: Wanted, now: datetime) -> Digest:
    """Read from Elasticsearch and composed.

    Raises:
        IndexUnavailable, IndexMismatch
    """
    index = ElasticsearchIndex.at(settings.elasticsearch)
    register = ElasticsearchRegister.at(settings.elasticsearch)
    try:
        await index.refresh()
        desk = settings.alerts.desk_url
        material = await read(
            index, book, asked.department, asked.area, asked.week, now, register=register, desk_url=desk
        )
    finally:
        await register.close()
        await index.close()
    return compose(material, now)


def stem(digest: Digest) -> str:
    """Name of its files without the suffix: `environment-agency-floods-2021-W10`."""
    area = re.sub(r"[^a-z0-9]+", "-", digest.area.casefold()).strip("-")
    return "-".join(part for part in (digest.department_key, area, digest.week) if part)
