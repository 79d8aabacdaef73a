"""The agent of themes: reports by the clock, and goes on where the last snapshot stood as if nothing had happened."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from soundings.services.alerts.example import DEPARTMENT
from soundings.services.domain.accounts import AccountBook, PolicyArea
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags, Tick
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.index.fields import Kind
from soundings.services.index.memory import MemoryIndex
from soundings.services.themes.department import DepartmentThemes
from soundings.services.themes.encoder import NoEncoder
from soundings.services.themes.register import adopt, merge
from soundings.services.themes.register_store import MemoryRegister
from soundings.streams.agents import snapshots
from soundings.streams.agents.batches import Batch
from soundings.streams.agents.themes import ThemesAgent
from soundings.streams.health import Health
from soundings.streams.topics import partition_of

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)  # winter: London is at UTC
WEEK = "2026-W02"
HOME = replace(
    DEPARTMENT,
    key="office-of-examples",
    accounts=(),
    timezone="Europe/London",
    policy_areas=(PolicyArea(name="Bridges", keywords=("bridge",)), PolicyArea(name="Buses", keywords=("bus",))),
)
OTHER = replace(HOME, key="office-of-examples-too")  # on the same partition, as the test below makes sure
MATTERS = (
    "the bridge over the mill stream is closed again and nobody says for how long, day {}",
    "bus number seven to the market came late again this morning, number {} of my complaints",
    "when will the library on station road open its doors again, asked for the time {}",
)


class NearIndex(MemoryIndex):
    """Holds every mention that was made, at once."""

    asked = 0

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]:
        self.asked += 1
        return await super().mentions(ids)


class AllIndexed:
    async def reached(self, partition: int, offset: int) -> bool:
        return True


class Bench:
    """Agents one after the other, each recovering from what the last one sent."""

    def __init__(self, wire: Any) -> None:
        self.wire, self.index, self.register = wire, NearIndex(), MemoryRegister()
        self.home = partition_of(HOME.key, wire.settings.partitions)
        self.acknowledged: list[int] = []
        self.read = 0
        """How many events the agent was given, or its successor begins behind."""
        assert self.home == partition_of(OTHER.key, wire.settings.partitions)
        self.agent = self.new()

    def new(self) -> ThemesAgent:
        agent = ThemesAgent(
            self.wire.app("themes"),
            self.wire.settings,
            AccountBook(departments=(HOME, OTHER)),
            index=self.index,
            indexed=AllIndexed(),
            register=self.register,
            encoder=NoEncoder(),
            health=Health("themes"),
        )
        recovered: ThemesAgent = self.wire.recovered(agent, "themes")
        return recovered

    def events(self, records: list[Any]) -> list[Any]:
        made = []
        for record in records:
            if isinstance(record, Mention):
                self.wire.run(self.index.put([record]))
            key = "" if isinstance(record, Tick) else record.post.departments[0]
            event = self.wire.event(record, key=key, partition=self.home)
            event.message.generation_id = 1
            made.append(event)
        return made

    def give(self, events: list[Any], *, store: bool = True) -> None:
        async def ack(event: Any) -> None:
            self.acknowledged.append(event.message.offset)

        async def given() -> None:
            assert await self.agent.process(events)
            app: Any = SimpleNamespace(consumer_generation_id=1)
            self.agent.owe(Batch(events, app, SimpleNamespace(ack=ack)))
            self.read += len(events)
            if store:
                await self.agent.store(all_of_it=True)

        self.wire.run(given())

    def restart(self) -> None:
        """After a kill: Kafka gives what follows the last acknowledged record."""
        self.agent, self.read = self.new(), len(self.acknowledged)


@pytest.fixture
def bench(wire: Any) -> Bench:
    return Bench(wire)


def said(number: int, *, matter: int | None = None, department: str = HOME.key, hours: float | None = None) -> Mention:
    at = MONDAY + timedelta(hours=number if hours is None else hours)
    post = Post(
        id=f"x::{department}-{number}",
        created_at=at,
        voice=f"voice-{number}",
        text=MATTERS[number % 3 if matter is None else matter].format(number),
        kind=PostKind.ORIGINAL,
        source="s",
        departments=(department,),
    )
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.COMPLAINT,))
    return Mention(post=post, tags=tags)


def tick(hours: float, *, live: bool = False, ended: bool = False) -> Tick:
    return Tick(source="s", time=MONDAY + timedelta(hours=hours), live=live, ended=ended)


def a_story(hours: int, every: int = 3) -> list[Any]:
    """A post of each of two departments an hour, and a tick now and then."""
    records: list[Any] = []
    for hour in range(hours):
        records += [said(hour), said(hour, department=OTHER.key)]
        if hour % every == 0:
            records.append(tick(hour))
    return records


def published(wire: Any) -> dict[str, Any]:
    """What the index would hold: of each document the latest."""
    held: dict[str, Any] = {}
    for record in wire.records("themes"):
        if record.id not in held or record.at >= held[record.id].at:
            held[record.id] = record
    return held


def reads(wire: Any) -> list[ThemesRead]:
    return [record for record in wire.records("themes") if isinstance(record, ThemesRead)]


def test_a_week_is_reported_once_it_is_over_with_its_themes_before_what_names_them(bench: Bench) -> None:
    """Titles, evidence and policy areas are there; the report's time is the local midnight that ends the week."""
    bench.give(bench.events([*(said(n) for n in range(90)), tick(167)]))
    assert bench.wire.records("themes") == []
    bench.give(bench.events([tick(168)]))
    *weeks, read = bench.wire.records("themes")
    assert isinstance(read, ThemesRead) and all(isinstance(week, ThemeWeek) for week in weeks)
    assert (read.department, read.week, read.at) == (HOME.key, WEEK, MONDAY + timedelta(days=7))
    assert [week.theme.id for week in weeks] == list(read.themes)
    assert read.counts["received"] == read.counts["assigned"] == 90
    found = {week.areas: week.theme for week in weeks}
    assert set(found) == {("Bridges",), ("Buses",), ()}
    assert "bridge" in found["Bridges",].title.casefold() and found["Bridges",].evidence.posts == 30


def test_a_week_that_goes_on_is_reported_every_six_hours_if_it_is_live(bench: Bench) -> None:
    """A replay would only write what it overwrites in a moment; it reports where it ends."""
    bench.give(bench.events([*(said(n, hours=n / 10) for n in range(40)), tick(5, live=True), tick(6, live=True)]))
    assert [read.at for read in reads(bench.wire)] == [MONDAY + timedelta(hours=6)]
    bench.give(bench.events([tick(12, live=True), tick(13, live=True)]))
    assert len(reads(bench.wire)) == 1  # nothing new was said
    bench.give(bench.events([said(41, hours=14), tick(19), tick(30), tick(31, ended=True)]))
    assert [read.at for read in reads(bench.wire)][1:] == [MONDAY + timedelta(hours=31)]


def test_a_week_whose_last_posts_were_told_already_is_still_closed(bench: Bench) -> None:
    bench.give(bench.events([*(said(n, hours=n / 10) for n in range(40)), tick(6, live=True)]))
    bench.give(bench.events([tick(168, live=True), tick(170, live=True), tick(400, live=True)]))
    assert [read.at for read in reads(bench.wire)] == [MONDAY + timedelta(hours=6), MONDAY + timedelta(days=7)]


def test_what_was_said_after_midnight_and_read_before_the_clock_passed_it_is_told_next_time(bench: Bench) -> None:
    bench.give(bench.events([*(said(n) for n in range(40)), said(168), tick(168)]))
    bench.give(bench.events([tick(336)]))
    assert [read.week for read in reads(bench.wire)] == [WEEK, "2026-W03"]


def test_nothing_is_acknowledged_before_the_state_that_holds_it_is_stored(bench: Bench) -> None:
    events = bench.events(a_story(10))
    bench.give(events, store=False)
    assert bench.acknowledged == [] and bench.wire.sent == []
    more = bench.events(a_story(10))
    bench.give(more)
    assert bench.acknowledged == [event.message.offset for event in events + more]
    changelog = [key.decode() for name, key, _, _ in bench.wire.sent if name.endswith("changelog")]
    last = more[-1].message.offset
    assert changelog == [
        f"{HOME.key}/{last}/0", HOME.key, f"{OTHER.key}/{last}/0", OTHER.key, f"partition:{bench.home}"
    ]  # fmt: skip


STORY = [*a_story(200), tick(201, ended=True)]


@pytest.mark.parametrize("seed", range(6))
def test_kills_and_redelivery_change_no_assignment_and_no_identity(bench: Bench, seed: int) -> None:
    """Whatever had been stored, whatever of the last storing had got through: the same documents in the end."""
    chance = Random(seed)
    events = bench.events(STORY)
    bench.give(events)
    undisturbed = published(bench.wire)
    assert len(undisturbed) > 6
    bench.wire.sent.clear()
    bench.acknowledged.clear()
    bench.restart()
    at = 0
    while len(bench.acknowledged) < len(events):
        bench.give(events[at : at + chance.randrange(1, 200)], store=False)
        acknowledged, before = len(bench.acknowledged), len(bench.wire.sent)
        if chance.random() < 0.6 or bench.read == len(events):
            bench.give([])
        if chance.random() < 0.5:
            bench.restart()
        elif chance.random() < 0.2:
            del bench.wire.sent[before + chance.randrange(4) :]
            del bench.acknowledged[acknowledged:]
            bench.restart()
        at = bench.read
    assert published(bench.wire) == undisturbed


def test_the_stream_says_what_one_engine_says_of_the_same_posts(bench: Bench) -> None:
    """In one piece, without Kafka, an index or a restart."""
    bench.give(bench.events(STORY))
    offline = DepartmentThemes(HOME, NoEncoder())
    posts: dict[str, Mention] = {}
    made: list[Any] = []
    for record in STORY:
        if isinstance(record, Mention) and record.post.departments == (HOME.key,):
            posts[record.post.id] = record
            offline.read([record])
        elif isinstance(record, Tick):
            for due in offline.due(record.time, ended=record.ended):
                if offline.worth_grouping(due):
                    offline.group(due, ())
                if due.final or record.ended:
                    made += offline.report(due, lambda ids: {name: posts[name] for name in ids})
                offline.passed(due)
    assert [record for record in bench.wire.records("themes") if record.department == HOME.key] == made


def test_a_large_state_is_kept_in_pieces_and_only_the_last_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PIECE", 1000)
    for hours in (50, 60):
        bench.give(bench.events(a_story(hours)))
    bench.restart()
    kept = [key for key in bench.agent._state if key.startswith(f"{HOME.key}/")]
    assert len(kept) > 5 and len({key.split("/")[1] for key in kept}) == 1
    monkeypatch.setattr(snapshots, "PIECE", 1 << 20)
    bench.give(bench.events([tick(168)]))
    assert reads(bench.wire)[0].counts["received"] == 110


def test_posts_that_are_gone_lend_a_theme_no_words(bench: Bench) -> None:
    """Their numbers stay; what they said is not quoted in a title and they are not named as its representatives."""
    bench.give(bench.events([said(n) for n in range(90)]))
    bench.wire.run(bench.index.take_back({f"x::{HOME.key}-{n}": None for n in range(0, 90, 3)}))
    bench.give(bench.events([tick(168)]))
    weeks = [record for record in bench.wire.records("themes") if isinstance(record, ThemeWeek)]
    assert not any("bridge" in week.theme.title.casefold() for week in weeks)
    named = {post for week in weeks for post in week.theme.representatives}
    assert named and all(int(post.rpartition("-")[2]) % 3 for post in named)


def test_a_report_waits_until_what_it_speaks_of_has_been_indexed(bench: Bench) -> None:
    """Else a text that is late would count as one that was deleted."""
    late = bench.events([said(n) for n in range(40)])
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
    bench.give(bench.events([tick(168)]))
    assert behind.asked == 2
    assert any(week.theme.representatives for week in bench.wire.records("themes") if isinstance(week, ThemeWeek))


def test_while_the_index_is_down_the_report_waits(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.give(bench.events([said(n) for n in range(40)]))
    bench.index.available = False
    waited = []

    async def sleep(seconds: float) -> None:
        waited.append(bench.agent._health.state()["waiting_for"])
        bench.index.available = len(waited) == 3

    monkeypatch.setattr(asyncio, "sleep", sleep)
    event = bench.wire.event(tick(168), partition=bench.home)
    event.message.generation_id = 1
    bench.give([event])
    assert waited == [["elasticsearch"]] * 3
    assert len(reads(bench.wire)) == 1


def test_what_a_person_decided_holds_from_the_next_grouping_on(bench: Bench) -> None:
    """A theme that was merged into another brings its posts there; a decision about no theme of ours is passed over."""
    bench.give(bench.events([*(said(n, hours=n / 10) for n in range(90)), tick(12, live=True)]))
    by_area = {week.areas: week.theme.id for week in bench.wire.records("themes") if isinstance(week, ThemeWeek)}
    bridge, bus = by_area["Bridges",], by_area["Buses",]
    by: Any = {"who": "an official", "at": MONDAY, "note": "the same people"}
    words: Any = {"department": HOME.key, "area": "Buses", "owner": "an official", "title": "a title"}
    adopted = [adopt(theme, **words, **by) for theme in (bridge, bus, f"{HOME.key}:999999")]
    bench.wire.run(bench.register.put(*adopted))
    gone, goes_on = merge(adopted[0], adopted[1], **by)
    bench.wire.run(bench.register.put(gone, goes_on))
    bench.give(bench.events([*(said(n, hours=13 + n / 10) for n in range(90, 120)), tick(168)]))
    last = {week.theme.id: week for week in published(bench.wire).values() if isinstance(week, ThemeWeek)}
    assert last[bus].theme.evidence.posts == 80
    assert last[bridge].theme.evidence.support == 0 and last[bridge].at == MONDAY + timedelta(days=7)
    assert bridge not in reads(bench.wire)[-1].themes


def test_a_rebalance_in_the_middle_of_a_report_stores_and_acknowledges_nothing(bench: Bench) -> None:
    """Whoever has the partition now reads the posts again, and comes to the same."""
    events = bench.events([*(said(n) for n in range(40)), tick(168)])

    class Revoking:
        async def reached(self, partition: int, offset: int) -> bool:
            bench.agent.forget({bench.home})
            return True

    revoking: Any = Revoking()
    bench.agent._texts._indexed = revoking
    bench.wire.run(bench.index.take_back({f"x::{HOME.key}-{n}": None for n in range(30)}))
    assert bench.wire.run(bench.agent.process(events)) is False
    assert bench.wire.sent == [] and bench.agent._owed == {}
    bench.restart()
    bench.give(events)
    assert len(reads(bench.wire)) == 1


def test_a_revised_post_and_a_second_delivery_count_nowhere(bench: Bench) -> None:
    first = [said(n) for n in range(40)]
    bench.give(bench.events([*first, replace(first[3], revised=True), first[4], tick(168)]))
    (read,) = reads(bench.wire)
    assert (read.counts["received"], read.counts["assigned"], read.counts["duplicate"]) == (41, 40, 1)


def test_an_unreadable_state_begins_anew_with_ids_that_were_never_given(bench: Bench) -> None:
    """Another encoder: what people decided about the old themes must not fall on new ones."""
    bench.give(bench.events([*(said(n, hours=n / 10) for n in range(90)), tick(12, live=True)]))
    before = {theme for read in reads(bench.wire) for theme in read.themes}
    bench.wire.sent[:] = [each for each in bench.wire.sent if each[0] != "themes"]
    bench.restart()
    other: Any = NoEncoder()
    other.name = "another"
    bench.agent._encoder = other
    bench.give(bench.events([*(said(n, hours=n / 10) for n in range(90, 180)), tick(30, live=True)]))
    after = {theme for read in reads(bench.wire) for theme in read.themes}
    assert after and not after & before
    assert reads(bench.wire)[-1].counts["received"] == 90
