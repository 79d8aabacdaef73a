"""Nobody of the public is named anywhere: posts of every source form go all the way, then everything is searched."""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from soundings.deploy.scenario import ACCOUNTS_TOML
from soundings.services.intake.accounts import load_accounts
from soundings.streams.quarantine import Seal
from soundings.streams.sources import marked
from soundings.streams.sources.rehearsal import OUR_DID
from soundings.streams.sources.stand_in_bluesky import JetstreamStandIn
from soundings.streams.sources.stand_in_http import TOKEN
from soundings.streams.sources.stand_in_mastodon import MastodonStandIn
from soundings.streams.sources.stand_in_x import XStandIn
from soundings.streams.worker import PARTS

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

KEY = "a key of pseudonyms for tests only"
SECRETS = (KEY, TOKEN)

STORM_SINCE = "2026-10-13"
"""Two days are enough for a storm, and half of the records of the week."""

TEXT_TOPICS = ("mentions.raw", "mentions")
TEXT_KINDS = ("mentions", "statements")

DEPARTMENT = f"""
[[department]]
name = "Example Department"
key = "example"
[[department.account]]
handle = "ExampleDept"
native_id = "99"
[[department.account]]
platform = "bluesky"
handle = "dept.example.gov.uk"
native_id = "{OUR_DID}"
[[department.account]]
platform = "mastodon"
handle = "ExampleDept"
"""


class Commands:
    """`soundings` as people run it: its words are kept, and what others on the machine see of the process."""

    def __init__(self, system: Any, held: Any, servers: Mapping[str, str]) -> None:
        self._system = system
        self._held = held
        self._environment = {**system.environment, **servers, "SOUNDINGS_X__COMPLIANCE": "true"}

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        process = self._start(*words)
        said, complained = process.communicate(timeout=120)
        self._held.add(f"words of soundings {words[0]}", said + complained)
        return subprocess.CompletedProcess([*map(str, words)], process.returncode, said, complained)

    def ingest(self, platform: str) -> subprocess.Popen[str]:
        return self._start("ingest", platform, log=self._system.folder / f"ingest-{platform}.log")

    def _start(self, *words: str | Path, log: Path | None = None) -> subprocess.Popen[str]:
        output = log.open("w") if log else subprocess.PIPE
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "soundings.deploy", *map(str, words)],
                env=self._environment,
                stdout=output,
                stderr=output,
                text=True,
            )
        finally:
            if not isinstance(output, int):
                output.close()
        self._held.add("process list", " ".join(psutil.Process(process.pid).cmdline()))
        return process


@pytest.fixture
def everywhere(system: Any) -> Any:
    """The installation, with a department on all three platforms beside those of the scenario."""
    accounts = system.folder / "accounts.toml"
    accounts.write_text(ACCOUNTS_TOML.read_text() + DEPARTMENT)
    system.settings = system.settings.model_copy(update={"accounts": accounts})
    system.book = load_accounts(accounts)
    return system


def test_nobody_is_named_anywhere(everywhere: Any, evening: Path, held: Any) -> None:
    """Nothing that is kept or said has a name, a handle or a platform's id of a member of the public.

    Documents, messages, keys, headers, topics, logs, metrics, words of commands; a post's own address is excepted. No
    token and no key of ours is anywhere either, and texts are only where they belong.
    """
    system = everywhere
    addresses = send_all(system, held, evening)
    refused = held.look_into_kafka(system)
    held.look_into_elasticsearch(system)
    held.look_at_what_was_said(system, addresses)

    assert held.of("topic mentions") > 1000 and held.of("index mentions") > 1000, "there was something to find"
    for place in ("topic alerts", "topic urgent", "topic ledger", "index alerts", "index notifications", "/metrics"):
        assert held.of(place), place
    assert held.with_any(*marked.NAMING) == []
    assert held.with_any(*SECRETS) == []
    texts = {place for place, _ in held.with_any(marked.SENTENCE)}
    assert texts <= {f"topic {name}" for name in TEXT_TOPICS} | {f"index {kind}" for kind in TEXT_KINDS}
    assert len(texts) == 4
    assert refused, "what could not be read is kept"
    opened = [Seal(KEY).open(each) for each in refused]
    assert any(marked.MARK.encode() in content for content in opened), "and can be read by who has the key"


def send_all(system: Any, held: Any, evening: Path) -> set[str]:
    """Send posts of every form through; the public addresses of all of them."""
    system.start(*sorted(PARTS))
    now = datetime.now(UTC)
    x, mastodon, jetstream = XStandIn(), MastodonStandIn(), JetstreamStandIn()
    with ExitStack() as stack:
        servers = {
            "SOUNDINGS_X__URL": stack.enter_context(x.running()),
            "SOUNDINGS_X__BEARER_TOKEN": TOKEN,
            "SOUNDINGS_MASTODON__URL": stack.enter_context(mastodon.running()),
            "SOUNDINGS_MASTODON__TOKEN": TOKEN,
            "SOUNDINGS_BLUESKY__URL": f"ws://{stack.enter_context(jetstream.running())}/xrpc",
        }
        commands = Commands(system, held, servers)
        # First: what is told by an archive decides nothing any more once a live source's time has passed.
        replay(commands, storm_of(system.folder, evening))
        live = [commands.ingest(platform) for platform in ("x", "bluesky", "mastodon")]
        try:
            system.until(lambda: all(each.connections for each in (x, mastodon, jetstream)), "connected", 60)
            say(x, mastodon, jetstream, now)
            replay(commands, *files(system.folder, now - timedelta(days=1)))
            system.until(lambda: heard(system) >= 3, "every platform was heard", 60)
        finally:
            for process in live:
                process.terminate()
            for process in live:
                process.wait(15)
        system.worked_off()
        system.until(lambda: bool(system.notifications()), "somebody was told", 60)
        commands.run("status", "--json")
        commands.run("status")
        commands.run("retention", "list", "--all")
    return {str(row["url"]) for row in map(json.loads, evening.read_text().splitlines())} | own_addresses(now)


def say(x: XStandIn, mastodon: MastodonStandIn, jetstream: JetstreamStandIn, now: datetime) -> None:
    """On every platform, with a frame that cannot be read and a deletion."""
    for payload in marked.x_payloads(now):
        x.add(payload)
    broken = {"data": {"id": "1", "text": marked.naming_text("ExampleDept"), "author_id": marked.USER_ID}}
    x.send_raw(json.dumps(broken).encode() + b"\r\n")
    x.comply({"delete": {"tweet": {"id": "1", "author_id": marked.USER_ID}, "event_at": now.isoformat()}})
    x.comply({"user_delete": {"user": {"id": marked.USER_ID}, "event_at": now.isoformat()}})
    for event in marked.bluesky_events(now):
        jetstream.add(event)
    jetstream.add_raw(round(now.timestamp() * 1_000_000), f'{{"did": "{marked.DID}", broken'.encode())
    for status in marked.mastodon_statuses(now):
        mastodon.notify(status)
    mastodon.send_raw(f"event: update\ndata: {{broken {marked.HANDLE}\n\n".encode())


def replay(commands: Commands, *found: Path) -> None:
    for file in found:
        done = commands.run("replay", file)
        assert done.returncode == 0, done.stderr


def files(folder: Path, at: datetime) -> tuple[Path, ...]:
    """Rows, one that is urgent and one that is broken among them, and a page of X."""
    rows = folder / "rows.jsonl"
    broken = {"id": 1, "text": marked.naming_text("ExampleDept"), "author": marked.HANDLE}
    urgent = {
        **next(marked.rows(at)),
        "id": "in-need",
        "text": f"@ExampleDept @{marked.THIRD} I cannot go on, I am going to kill myself tonight",
    }
    rows.write_text("".join(json.dumps(each) + "\n" for each in (*marked.rows(at), urgent, broken)))
    pages = folder / "pages.jsonl"
    pages.write_text(json.dumps(marked.x_page(at)) + "\n")
    return rows, pages


def storm_of(folder: Path, evening: Path) -> Path:
    """A storm whose people have marked names."""
    storm = folder / "storm.jsonl"
    with storm.open("w") as handle:
        for row in map(json.loads, evening.read_text().splitlines()):
            if row["created_at"] < STORM_SINCE:
                continue
            for name in ("author", "author_handle", "reply_to_author"):
                row[name] = f"{marked.MARK}{row['author']}{marked.MARK}"
            row["text"] += f" @{marked.THIRD}" if row["kind"] == "original" and not row["own_account"] else ""
            handle.write(json.dumps({**row, "display_name": marked.NAME}) + "\n")
    return storm


def heard(system: Any) -> int:
    return sum(1 for entry in system.ledger.sources.values() if entry.live and entry.received)


def own_addresses(now: datetime) -> set[str]:
    posts = [*marked.mastodon_statuses(now), *marked.rows(now)]
    return {str(each["url"]) for each in posts}
