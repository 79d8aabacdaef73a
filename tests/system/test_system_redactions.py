"""What was taken back vanishes from the running installation, stays away, and leaves only counts."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from soundings.services.domain.holds import HeldItem, Hold, HoldAction, HoldStep
from soundings.services.domain.ledger import Fate
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.index.holds import ElasticsearchHolds
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.streams.ingest import Account, Ingest
from soundings.streams.lag import lags
from soundings.streams.quarantine import Seal
from soundings.streams.redaction_log import read_redactions, write_redactions
from soundings.streams.sources.source import Delivered, Event, SourceStatus

pytestmark = pytest.mark.stack

KEY = "a key of pseudonyms for tests only"  # that of the installation
POSTS = 300
WITHIN = 60.0
"""Seconds: the promise for what is taken back while the installation runs."""


@pytest.fixture
def archive(evening: Path, tmp_path: Path) -> Path:
    """Some hundred posts of the scenario, statements among them."""
    file = tmp_path / "archive.jsonl"
    file.write_text("".join(evening.read_text().splitlines(keepends=True)[:POSTS]))
    return file


def take_back(system: Any, posts: Collection[str], reason: RedactionReason = RedactionReason.DELETED) -> None:
    """As a source does it."""
    at = datetime.now(UTC)
    redactions = [Redaction(post=post, reason=reason, at=at, source="test") for post in posts]
    write_redactions(system.settings.kafka, redactions)


class Told:
    """A source that tells a few events and ends."""

    name, live = "told", False

    def __init__(self, *events: Event) -> None:
        self._events = events

    def events(self, cursor: str) -> Iterator[Event]:
        return iter(self._events)

    def status(self) -> SourceStatus:
        return SourceStatus(name=self.name, connected=True)

    def close(self) -> None:
        """Holds nothing."""


def edit(system: Any, post: str, text: str) -> None:
    """As a source does it that keeps the id: what was said is taken back, then said anew."""
    (before,) = system.ask(lambda index: index.mentions([post])).values()
    old = replace(before.post, source="told")
    at = old.created_at + timedelta(minutes=5)
    new = replace(old, text=text, edited_at=at)
    taken_back = Redaction(post=post, reason=RedactionReason.EDITED, at=at, source="told")
    source = Told(taken_back, Delivered(cursor="1", post=new), Delivered(cursor="2", post=old))
    Ingest(system.settings.kafka, system.book, Seal(KEY)).run(source)


def worked_off(system: Any) -> None:
    """Wait until the parts that run here have nothing left to read."""
    quiet = 0

    def looked() -> bool:
        nonlocal quiet
        waiting = lags(system.settings.kafka)
        quiet = 0 if waiting["intake"] or waiting["indexing"] else quiet + 1
        return quiet >= 2  # a record may be between two topics at the first look

    system.until(looked, "everything worked off", WITHIN)


def held(system: Any, posts: Collection[str]) -> set[str]:
    """Those whose text the index holds."""

    async def ask(index: Any) -> set[str]:
        return {*await index.mentions(posts), *await index.statements(posts)}

    found: set[str] = system.ask(ask)
    return found


def ids(file: Path, *, own: bool) -> list[str]:
    """Of our posts or of mentions; reposts and what they repeat aside, because these go together."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    repeated = {row.get("ref_id") for row in rows if row["kind"] in ("repost", "retweet")}
    wanted = [row for row in rows if (row["own_account"] if own else row["accounts"] and not row["own_account"])]
    alone = [row for row in wanted if row["kind"] in ("original", "reply") and row["id"] not in repeated]
    return [f"x:x.com:{row['id']}" for row in alone if row["platform"] == "x"]


def test_what_is_taken_back_is_gone_within_a_minute_and_no_replay_brings_it_back(system: Any, archive: Path) -> None:
    """Before its post, beside it, while the worker that would remove it is killed, and again after a restart."""
    mentions, statements = ids(archive, own=False), ids(archive, own=True)
    early, live, beside_a_kill = mentions[0], [mentions[1], statements[0]], mentions[2]
    take_back(system, [early])
    system.start("intake", "indexing")
    first: Account = system.replay(archive)
    worked_off(system)
    assert held(system, [early]) == set()
    assert held(system, [*live, beside_a_kill]) == {*live, beside_a_kill}

    take_back(system, live)
    system.until(lambda: not held(system, live), "removed within a minute", WITHIN)

    edited = mentions[3]
    edit(system, edited, "What I meant to say.")
    worked_off(system)

    indexing = system.workers[1]
    indexing.kill()
    take_back(system, [beside_a_kill])
    system.start("indexing")
    system.until(lambda: not held(system, [beside_a_kill]), "removed by the successor", WITHIN)

    again: Account = system.replay(archive)
    worked_off(system)
    gone = [early, *live, beside_a_kill]
    assert held(system, gone) == set()
    (now,) = system.ask(lambda index: index.mentions([edited])).values()
    assert (now.post.text, system.ledger.sources["told"].received) == ("What I meant to say.", 2)
    totals, ledger = system.totals(), system.ledger
    stays = first.received - first.counts.get(Fate.OFF_TOPIC, 0) - len(gone)
    assert totals["mentions"] + totals["statements"] == stays
    assert ledger.received == first.received + again.received + 2 == ledger.tally.total
    assert ledger.tally.of(Fate.MENTION) + ledger.tally.of(Fate.STATEMENT) == stays + len(gone) - 1
    # The early one; in the second replay all of them and the old words of the edited one. What was told beside the edit
    # is a duplicate, or redacted if intake had heard of the edit.
    assert ledger.tally.of(Fate.REDACTED) - (1 + len(gone) + 1) in (0, 1)


def erase(system: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = "from soundings.deploy.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "erase", *arguments],
        env=system.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_an_erasure_finds_a_voice_that_no_worker_has_read_yet_and_keeps_it_away(system: Any, archive: Path) -> None:
    """A server that is down is named first; a second run finds nothing; what is held goes only for a reason."""
    rows = {f"x:x.com:{row['id']}": row for row in map(json.loads, archive.read_text().splitlines())}
    wanted, kept, *_ = (name for name in ids(archive, own=False) if rows[name]["kind"] == "original")
    row = rows[wanted]
    voice = Pseudonyms(KEY).voice("x", row["author"], datetime.fromisoformat(row["created_at"]))
    same = {name for name, each in rows.items() if each["author"] == row["author"]}
    system.replay(archive)

    for setting, server in (("ELASTICSEARCH__URL", "Elasticsearch"), ("KAFKA__BOOTSTRAP", "Kafka")):
        address = "http://127.0.0.1:9" if server == "Elasticsearch" else "127.0.0.1:9"
        system.extra = {f"SOUNDINGS_{setting}": address}
        answer = erase(system, "--voice", voice)
        assert answer.returncode == 1 and f"{server} is down" in answer.stderr
    system.extra = {}
    assert read_redactions(system.settings.kafka) == {}

    first = erase(system, "--voice", voice, "--note", "request 17", "--json")
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert set(told["posts"]) == same and told["new"] == len(same)
    assert told["topics"]["records"]["mentions.raw"] == len(same) and told["topics"]["until"]
    assert row["text"] not in first.stdout + first.stderr

    system.start("intake", "indexing")
    worked_off(system)
    assert held(system, [wanted, kept]) == {kept}
    assert system.ledger.tally.of(Fate.REDACTED) >= len(same)
    second = erase(system, "--voice", voice)
    assert (second.returncode, second.stdout.splitlines()[0]) == (0, "nothing was found")

    place_hold(system, kept)
    refused = erase(system, "--post", kept)
    assert refused.returncode == 3 and "an inquiry" in refused.stderr
    assert held(system, [kept]) == {kept}
    done = erase(system, "--post", kept, "--despite-hold", "a court says so")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "1 post erased")
    assert held(system, [kept]) == set()
    redaction = read_redactions(system.settings.kafka)[kept]
    assert (redaction.reason, redaction.note) == (RedactionReason.ERASED, "despite a legal hold: a court says so")


def place_hold(system: Any, post: str) -> None:
    async def place() -> None:
        holds = ElasticsearchHolds.at(system.settings.elasticsearch)
        step = HoldStep(at=datetime.now(UTC), who="records office", action=HoldAction.PLACED, why="an inquiry")
        await holds.put(Hold(item=post, kind=HeldItem.POST, history=(step,)))
        await holds.close()

    asyncio.run(place())
