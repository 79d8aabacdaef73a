"""Made-up officials of the story: what they decide about the themes of the weeks before the storm."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from soundings.deploy.scenario.times import STORM_AT
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import Department
from soundings.services.domain.register import Change, ChangeKind, Entry, Progress
from soundings.services.domain.themes import ThemeWeek
from soundings.services.index.port import Index
from soundings.services.themes import deciding
from soundings.services.themes.deciding import Signed
from soundings.services.themes.register_store import RegisterStore

ADOPTED = 2
"""Themes: one that is seen through to its end in the week of the storm, one that waits for somebody to look at it."""

CHANGE = Change(
    kind=ChangeKind.DELIVERY,
    what="a page that answers what was asked most, linked from the form",
    link="https://www.example.gov.uk/what-you-asked",
)


async def decide(index: Index, store: RegisterStore, department: Department) -> tuple[Entry, ...]:
    """The entries as they stand in the end; none where the week before the storm has no theme of a policy area."""
    zone = ZoneInfo(department.timezone)
    storm = Week.of(STORM_AT, zone)
    heard = await index.theme_weeks(department.key, str(storm.before(1)))
    chosen = sorted((week for week in heard if week.areas and not week.theme.campaign), key=_people)[:ADOPTED]
    monday = storm.span(zone)[0]
    entries = [await _adopt(index, store, department, week, monday - timedelta(weeks=3)) for week in chosen]
    if entries:
        entries[0] = await _see_through(store, entries[0].theme, monday)
    return tuple(entries)


def _people(week: ThemeWeek) -> tuple[int, str]:
    return -week.theme.evidence.voices, week.theme.id


async def _adopt(index: Index, store: RegisterStore, department: Department, week: ThemeWeek, at: datetime) -> Entry:
    return await deciding.adopt(
        index,
        store,
        department,
        week.theme.id,
        area=week.areas[0],
        owner="",
        title="",
        until=Week.parse(week.week).days[-1],
        by=_signed(at, "people write about it every week"),
    )


async def _see_through(store: RegisterStore, theme: str, monday: datetime) -> Entry:
    """Looked at the week after, answered and changed in the week of the storm."""
    looked, answered = monday - timedelta(weeks=2), monday + timedelta(days=1, hours=10)
    await deciding.advance(
        store, theme, Progress.LOOKED_AT, change=None, by=_signed(looked, "the service owner looks into it")
    )
    await deciding.advance(
        store, theme, Progress.ANSWERED, change=None, by=_signed(answered, "people who asked were sent an answer")
    )
    return await deciding.advance(
        store, theme, Progress.CHANGED, change=CHANGE, by=_signed(answered + timedelta(hours=4), "the page is live")
    )


def _signed(at: datetime, note: str) -> Signed:
    return Signed(who="a made-up official", at=at, note=note)
