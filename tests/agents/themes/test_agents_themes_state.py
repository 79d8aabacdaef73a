"""The agent of themes goes on where the last snapshot stood as if nothing had happened."""

from random import Random
from typing import Any

import pytest

from soundings.services.domain.posts import Mention, Tick
from soundings.services.themes.department import DepartmentThemes
from soundings.services.themes.encoder import NoEncoder
from soundings.streams.agents import snapshots


def test_nothing_is_acknowledged_before_the_state_that_holds_it_is_stored(bench: Any) -> None:
    events = bench.events(bench.story(10))
    bench.give(events, store=False)
    assert bench.acknowledged == [] and bench.wire.sent == []
    more = bench.events(bench.story(10))
    bench.give(more)
    assert bench.acknowledged == [event.message.offset for event in events + more]
    changelog = [key.decode() for name, key, _, _ in bench.wire.sent if name.endswith("changelog")]
    last = more[-1].message.offset
    assert changelog == [
        f"{bench.department.key}/{last}/0",
        bench.department.key,
        f"{bench.other.key}/{last}/0",
        bench.other.key,
        f"partition:{bench.home}",
    ]


@pytest.mark.parametrize("seed", range(6))
def test_kills_and_redelivery_change_no_assignment_and_no_identity(bench: Any, seed: int) -> None:
    """Whatever had been stored, whatever of the last storing had got through: the same documents in the end."""
    chance = Random(seed)
    events = bench.events([*bench.story(200), bench.tick(201, ended=True)])
    bench.give(events)
    undisturbed = bench.published()
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
    assert bench.published() == undisturbed


def test_the_stream_says_what_one_engine_says_of_the_same_posts(bench: Any) -> None:
    """In one piece, without Kafka, an index or a restart."""
    story = [*bench.story(200), bench.tick(201, ended=True)]
    bench.give(bench.events(story))
    offline = DepartmentThemes(bench.department, NoEncoder())
    posts: dict[str, Mention] = {}
    made: list[Any] = []
    for record in story:
        if isinstance(record, Mention) and record.post.departments == (bench.department.key,):
            posts[record.post.id] = record
            offline.read([record])
        elif isinstance(record, Tick):
            for due in offline.due(record.time, ended=record.ended):
                if offline.worth_grouping(due):
                    offline.group(due, ())
                if due.final or record.ended:
                    made += offline.report(due, lambda ids: {name: posts[name] for name in ids})
                offline.passed(due)
    assert [record for record in bench.wire.records("themes") if record.department == bench.department.key] == made


def test_a_large_state_is_kept_in_pieces_and_only_the_last_is(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PIECE", 1000)
    for hours in (50, 60):
        bench.give(bench.events(bench.story(hours)))
    bench.restart()
    kept = [key for key in bench.agent._state if key.startswith(f"{bench.department.key}/")]
    assert len(kept) > 5 and len({key.split("/")[1] for key in kept}) == 1
    monkeypatch.setattr(snapshots, "PIECE", 1 << 20)
    bench.give(bench.events([bench.tick(168)]))
    assert bench.reads()[0].counts["received"] == 110


def test_a_rebalance_in_the_middle_of_a_report_stores_and_acknowledges_nothing(bench: Any) -> None:
    """Whoever has the partition now reads the posts again, and comes to the same."""
    events = bench.events([*(bench.said(n) for n in range(40)), bench.tick(168)])

    class Revoking:
        async def reached(self, partition: int, offset: int) -> bool:
            bench.agent.forget({bench.home})
            return True

    revoking: Any = Revoking()
    bench.agent._texts._indexed = revoking
    bench.wire.run(bench.index.take_back({f"x::{bench.department.key}-{n}": None for n in range(30)}))
    assert bench.wire.run(bench.agent.process(events)) is False
    assert bench.wire.sent == [] and bench.agent._owed == {}
    bench.restart()
    bench.give(events)
    assert len(bench.reads()) == 1


def test_an_unreadable_state_begins_anew_with_ids_that_were_never_given(bench: Any) -> None:
    """Another encoder: what people decided about the old themes must not fall on new ones."""
    bench.give(bench.events([*(bench.said(n, hours=n / 10) for n in range(90)), bench.tick(12, live=True)]))
    before = {theme for read in bench.reads() for theme in read.themes}
    bench.wire.sent[:] = [each for each in bench.wire.sent if each[0] != "themes"]
    bench.restart()
    other: Any = NoEncoder()
    other.name = "another"
    bench.agent._encoder = other
    bench.give(bench.events([*(bench.said(n, hours=n / 10) for n in range(90, 180)), bench.tick(30, live=True)]))
    after = {theme for read in bench.reads() for theme in read.themes}
    assert after and not after & before
    assert bench.reads()[-1].counts["received"] == 90
