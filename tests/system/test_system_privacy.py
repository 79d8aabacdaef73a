"""Nobody of the public is named anywhere: posts of every source form go all the way, then everything is searched."""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil
import pytest
import zstandard
from kafka import KafkaConsumer, TopicPartition

from soundings.deploy.scenario import ACCOUNTS_TOML
from soundings.services.index.fields import PostField
from soundings.services.intake.accounts import load_accounts
from soundings.streams.codecs import decode
from soundings.streams.quarantine import Seal
from soundings.streams.records import Quarantined
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
ZSTANDARD = b"\x28\xb5\x2f\xfd"
"""What every frame of it begins with: states are packed."""

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


@dataclass
class Held:
    """Everything that the system holds or has said, each piece with its place."""

    pieces: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, content: str) -> None:
        self.pieces.append((place, content))

    def with_any(self, *wanted: str) -> list[tuple[str, str]]:
        """Places that hold one of these, whatever the case, with what is round it; each place once."""
        found: dict[str, str] = {}
        for place, content in self.pieces:
            low = content.casefold()
            for each in wanted:
                at = low.find(each.casefold())
                if at >= 0:
                    found.setdefault(place, content[max(0, at - 60) : at + 60])
        return sorted(found.items())

    def of(self, place: str) -> int:
        return sum(1 for name, _ in self.pieces if name.startswith(place))


def without_addresses(value: Any) -> Any:
    """The record without the field `url`, however deep: a post's own public address may name its author."""
    if isinstance(value, Mapping):
        return {name: without_addresses(each) for name, each in value.items() if name != PostField.URL}
    return [without_addresses(each) for each in value] if isinstance(value, list) else value


def readable(raw: bytes) -> Iterator[str]:
    """Whatever can be read in bytes: JSON without addresses, packed states, and the bytes as they are."""
    try:
        yield json.dumps(without_addresses(orjson.loads(raw)), ensure_ascii=False)
        return
    except orjson.JSONDecodeError:
        yield raw.decode("utf-8", "replace")
    for found in re.finditer(re.escape(ZSTANDARD), raw):
        try:
            unpacked = zstandard.ZstdDecompressor().decompressobj().decompress(raw[found.start() :])
        except zstandard.ZstdError:
            continue
        yield unpacked.decode("utf-8", "replace")
    try:
        yield base64.b64decode(raw, validate=True).decode("utf-8", "replace")
    except ValueError:
        return


def look_into_kafka(system: Any, held: Held) -> list[Quarantined]:
    """Name, key, headers and value of every record of every topic of this installation; what is in quarantine."""
    prefix = system.settings.kafka.prefix
    consumer = KafkaConsumer(bootstrap_servers=system.settings.kafka.bootstrap, group_id=None)
    refused: list[Quarantined] = []
    try:
        names = sorted(name for name in consumer.topics() if name.startswith(prefix))
        parts = [TopicPartition(name, number) for name in names for number in consumer.partitions_for_topic(name) or ()]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends = consumer.end_offsets(parts)
        for name in names:
            held.add(f"topic name {name}", name)
        while any(consumer.position(each) < ends[each] for each in parts):
            for batch in consumer.poll(timeout_ms=1000).values():
                for record in batch:
                    place = f"topic {record.topic.removeprefix(prefix)}"
                    held.add(place, repr((record.key, record.headers)))
                    for content in readable(record.value or b""):
                        held.add(place, content)
                    if record.topic == f"{prefix}quarantine":
                        refused.append(decode(record.value))
    finally:
        consumer.close()
    return refused


def look_into_elasticsearch(system: Any, held: Held) -> None:
    """Every document of every index of this installation, and the indices' names and mappings."""
    there = system.settings.elasticsearch
    system.totals()  # readable
    with httpx.Client(base_url=there.url, timeout=60) as client:
        mappings = client.get(f"/{there.prefix}-*/_mapping").json()
        held.add("index names and mappings", json.dumps(mappings))
        for index in mappings:
            kind = index.removeprefix(f"{there.prefix}-").split("-")[0]
            query: dict[str, Any] = {"size": 5000, "sort": ["_doc"]}
            while True:
                hits = client.post(f"/{index}/_search", json=query).json()["hits"]["hits"]
                for hit in hits:
                    held.add(f"index {kind}", json.dumps([hit["_id"], without_addresses(hit["_source"])]))
                if len(hits) < 5000:
                    break
                query["search_after"] = hits[-1]["sort"]


def look_at_what_was_said(system: Any, held: Held, addresses: set[str]) -> None:
    """Logs, metrics, files of the state. The terminal is a channel: it shows addresses, here in a worker's log."""
    for file in sorted(system.folder.rglob("*")):
        if file.is_file() and file.suffix in {".log", ".json", ".known"}:
            content = file.read_text(errors="replace")
            if file.name.startswith("alerts-"):
                for address in addresses:
                    content = content.replace(address, "")
            held.add(f"file {file.name}", content)
    for worker in system.workers:
        address = json.loads(worker.health_file.read_text())["health"]
        for path in ("/metrics", "/health"):
            held.add(f"{path} of {worker.part}", httpx.get(address + path).text)


class Commands:
    """`soundings` as people run it: its words are kept, and what others on the machine see of the process."""

    def __init__(self, system: Any, held: Held, servers: Mapping[str, str]) -> None:
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


def test_nobody_is_named_anywhere(everywhere: Any, evening: Path) -> None:
    """Nothing that is kept or said has a name, a handle or a platform's id of a member of the public.

    Documents, messages, keys, headers, topics, logs, metrics, words of commands; a post's own address is excepted. No
    token and no key of ours is anywhere either, and texts are only where they belong.
    """
    system, held = everywhere, Held()
    addresses = send_all(system, held, evening)
    refused = look_into_kafka(system, held)
    look_into_elasticsearch(system, held)
    look_at_what_was_said(system, held, addresses)

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


def send_all(system: Any, held: Held, evening: Path) -> set[str]:
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
