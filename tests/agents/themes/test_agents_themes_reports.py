"""The agent of themes: reports by the clock, on what the index and the register say then."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.index.fields import Kind
from soundings.services.themes.register import adopt, merge

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)  # winter: London is at UTC
WEEK = "2026-W02"


def test_a_week_is_reported_once_it_is_over_with_its_themes_before_what_names_them(bench: Any) -> None:
    """Titles, evidence and policy areas are there; the report's time is the local midnight that ends the week."""
    bench.give(bench.events([*(bench.said(n) for n in range(90)), bench.tick(167)]))
    assert bench.wire.records("themes") == []
    bench.give(bench.events([bench.tick(168)]))
    *weeks, read = bench.wire.records("themes")
    assert isinstance(read, ThemesRead) and all(isinstance(week, ThemeWeek) for week in weeks)
    assert (read.department, read.week, read.at) == (bench.department.key, WEEK, MONDAY + timedelta(days=7))
    assert [week.theme.id for week in weeks] == list(read.themes)
    assert read.counts["received"] == read.counts["assigned"] == 90
    found = {week.areas: week.theme for week in weeks}
    assert set(found) == {("Bridges",), ("Buses",), ()}
    assert "bridge" in found["Bridges",].title.casefold() and found["Bridges",].evidence.posts == 30


def test_a_week_that_goes_on_is_reported_every_six_hours_if_it_is_live(bench: Any) -> None:
    """A replay would only write what it overwrites in a moment; it reports where it ends."""
    bench.give(
        bench.events(
            [*(bench.said(n, hours=n / 10) for n in range(40)), bench.tick(5, live=True), bench.tick(6, live=True)]
        )
    )
    assert [read.at for read in bench.reads()] == [MONDAY + timedelta(hours=6)]
    bench.give(bench.events([bench.tick(12, live=True), bench.tick(13, live=True)]))
    assert len(bench.reads()) == 1  # nothing new was said
    bench.give(bench.events([bench.said(41, hours=14), bench.tick(19), bench.tick(30), bench.tick(31, ended=True)]))
    assert [read.at for read in bench.reads()][1:] == [MONDAY + timedelta(hours=31)]


def test_a_week_whose_last_posts_were_told_already_is_still_closed(bench: Any) -> None:
    bench.give(bench.events([*(bench.said(n, hours=n / 10) for n in range(40)), bench.tick(6, live=True)]))
    bench.give(bench.events([bench.tick(168, live=True), bench.tick(170, live=True), bench.tick(400, live=True)]))
    assert [read.at for read in bench.reads()] == [MONDAY + timedelta(hours=6), MONDAY + timedelta(days=7)]


def test_what_was_said_after_midnight_and_read_before_the_clock_passed_it_is_told_next_time(bench: Any) -> None:
    bench.give(bench.events([*(bench.said(n) for n in range(40)), bench.said(168), bench.tick(168)]))
    bench.give(bench.events([bench.tick(336)]))
    assert [read.week for read in bench.reads()] == [WEEK, "2026-W03"]


def test_posts_that_are_gone_lend_a_theme_no_words(bench: Any) -> None:
    """Their numbers stay; what they said is not quoted in a title and they are not named as its representatives."""
    bench.give(bench.events([bench.said(n) for n in range(90)]))
    bench.wire.run(bench.index.take_back({f"x::{bench.department.key}-{n}": None for n in range(0, 90, 3)}))
    bench.give(bench.events([bench.tick(168)]))
    weeks = [record for record in bench.wire.records("themes") if isinstance(record, ThemeWeek)]
    assert not any("bridge" in week.theme.title.casefold() for week in weeks)
    named = {post for week in weeks for post in week.theme.representatives}
    assert named and all(int(post.rpartition("-")[2]) % 3 for post in named)


def test_a_report_waits_until_what_it_speaks_of_has_been_indexed(bench: Any) -> None:
    """Else a text that is late would count as one that was deleted."""
    late = bench.events([bench.said(n) for n in range(40)])
    bench.give(late)
    held = dict(bench.index._held[Kind.MENTIONS])
    bench.index._held[Kind.MENTIONS].clear()

    class Behind:
        asked = 0

        async def reached(self, partition: int, offset: int) -> bool:
            self.asked += 1
            assert offset > late[-1].message.offset
            if self.asked == 2:
                bench.index._held[Kind.MENTIONS].update(held)
            return self.asked == 2

    behind: Any = Behind()
    bench.agent._texts._indexed = behind
    bench.give(bench.events([bench.tick(168)]))
    assert behind.asked == 2
    assert any(week.theme.representatives for week in bench.wire.records("themes") if isinstance(week, ThemeWeek))


def test_while_the_index_is_down_the_report_waits(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.give(bench.events([bench.said(n) for n in range(40)]))
    bench.index.available = False
    waited = []

    async def sleep(seconds: float) -> None:
        waited.append(bench.agent._health.state()["waiting_for"])
        bench.index.available = len(waited) == 3

    monkeypatch.setattr(asyncio, "sleep", sleep)
    event = bench.wire.event(bench.tick(168), partition=bench.home)
    event.message.generation_id = 1
    bench.give([event])
    assert waited == [["elasticsearch"]] * 3
    assert len(bench.reads()) == 1


def test_what_a_person_decided_holds_from_the_next_grouping_on(bench: Any) -> None:
    """A theme that was merged into another brings its posts there; a decision about no theme of ours is passed over."""
    bench.give(bench.events([*(bench.said(n, hours=n / 10) for n in range(90)), bench.tick(12, live=True)]))
    by_area = {week.areas: week.theme.id for week in bench.wire.records("themes") if isinstance(week, ThemeWeek)}
    bridge, bus = by_area["Bridges",], by_area["Buses",]
    by: Any = {"who": "an official", "at": MONDAY, "note": "the same people"}
    words: Any = {"department": bench.department.key, "area": "Buses", "owner": "an official", "title": "a title"}
    adopted = [adopt(theme, **words, **by) for theme in (bridge, bus, f"{bench.department.key}:999999")]
    bench.wire.run(bench.register.put(*adopted))
    gone, goes_on = merge(adopted[0], adopted[1], **by)
    bench.wire.run(bench.register.put(gone, goes_on))
    bench.give(bench.events([*(bench.said(n, hours=13 + n / 10) for n in range(90, 120)), bench.tick(168)]))
    last = {week.theme.id: week for week in bench.published().values() if isinstance(week, ThemeWeek)}
    assert last[bus].theme.evidence.posts == 80
    assert last[bridge].theme.evidence.support == 0 and last[bridge].at == MONDAY + timedelta(days=7)
    assert bridge not in bench.reads()[-1].themes


def test_a_revised_post_and_a_second_delivery_count_nowhere(bench: Any) -> None:
    first = [bench.said(n) for n in range(40)]
    bench.give(bench.events([*first, replace(first[3], revised=True), first[4], bench.tick(168)]))
    (read,) = bench.reads()
    assert (read.counts["received"], read.counts["assigned"], read.counts["duplicate"]) == (41, 40, 1)
