"""Topics: one declaration that parts, agents, manifests and Faust agree with."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from soundings.deploy.local.workers import WORKERS
from soundings.services.settings import KafkaSettings
from soundings.streams import lag
from soundings.streams.agents.indexing import TOPICS as INDEXED
from soundings.streams.agents.state import State
from soundings.streams.app import make_app
from soundings.streams.redactions import TOPIC as FOLLOWED
from soundings.streams.topics import (
    STATEFUL,
    TEXT_KEPT,
    TOPICS,
    Key,
    declared,
    group_name,
    partition_of,
    partitions_in_use,
    state_topic,
    topic_name,
)
from soundings.streams.worker import PARTS

ROOT = Path(__file__).parents[2]
SETTINGS = KafkaSettings(bootstrap="127.0.0.1:1", partitions=6, prefix="trial-", replication=3)
PEOPLE_AND_SOURCES = {"ingest", "status", "erase"}
"""What writes and reads beside the workers."""


def test_names_are_unique() -> None:
    names = [topic.name for topic in TOPICS]
    assert len(set(names)) == len(names)


def test_who_writes_and_reads_is_a_part_that_exists() -> None:
    named = {part for topic in TOPICS for part in (*topic.written_by, *topic.read_by)}
    assert named == set(PARTS) | PEOPLE_AND_SOURCES
    assert all(topic.written_by for topic in TOPICS)


def test_parts_are_the_same_everywhere() -> None:
    assert set(PARTS) == set(lag.PARTS) == {worker.part for worker in WORKERS}


def test_manifests_run_the_parts_that_read_topics() -> None:
    """Compose and Kubernetes start a worker of each part and of nothing else."""
    compose: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    pods = yaml.safe_load_all((ROOT / "deploy/kubernetes/workers.yaml").read_text())
    commands = [service.get("command", []) for service in compose["services"].values()]
    started = {c[c.index("soundings.streams.worker") + 1] for c in commands if "soundings.streams.worker" in c}
    assert started == set(PARTS)
    containers = [pod["spec"]["template"]["spec"]["containers"] for pod in pods if pod["kind"] == "StatefulSet"]
    orders = [container["command"] for found in containers for container in found]
    assert {order[order.index("soundings.streams.worker") + 1] for order in orders} == set(PARTS)


def strings(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("part", sorted(PARTS))
def test_an_agent_writes_and_reads_what_is_declared(part: str) -> None:
    """Each topic that its module names is one that it writes or reads, and none is missing."""
    names = {topic.name for topic in TOPICS}
    module = ROOT / f"streams/agents/{part}.py"
    used = names & set(strings(module)) - {part}
    if "from soundings.streams.redactions import" in module.read_text():
        used.add(FOLLOWED)
    said = {topic.name for topic in TOPICS if part in (*topic.written_by, *topic.read_by)} - {part}
    assert used == said


def test_indexing_reads_what_is_declared() -> None:
    assert {*INDEXED, FOLLOWED} == {topic.name for topic in TOPICS if "indexing" in topic.read_by}


def test_text_is_kept_for_a_week_at_most() -> None:
    assert timedelta(days=7) >= TEXT_KEPT
    with_text = {"mentions.raw", "mentions", "quarantine"}
    assert all(topic.kept and topic.kept <= TEXT_KEPT for topic in TOPICS if topic.name in with_text)


def test_what_a_department_knows_lies_on_partitions_of_its_key_and_the_rest_on_one() -> None:
    partitions = {topic.name: topic.num_partitions for topic in declared(SETTINGS)}
    for topic in TOPICS:
        assert partitions[f"trial-{topic.name}"] == (6 if topic.key is Key.DEPARTMENT else 1)
    assert all(partitions[state_topic(SETTINGS, part)] == 6 for part in STATEFUL)


def test_every_name_has_the_prefix_and_every_topic_its_copies() -> None:
    topics = declared(SETTINGS)
    assert all(topic.name.startswith("trial-") and topic.replication_factor == 3 for topic in topics)
    assert topic_name(SETTINGS, "mentions") == "trial-mentions"
    assert group_name(SETTINGS, "intake") == "trial-soundings-intake"


def test_what_is_kept_by_key_is_compacted_and_the_rest_expires() -> None:
    configs = {topic.name: topic.topic_configs for topic in declared(SETTINGS)}
    compacted = {name for name, config in configs.items() if config["cleanup.policy"] == "compact"}
    assert compacted == {"trial-redactions", "trial-ledger", *(state_topic(SETTINGS, part) for part in STATEFUL)}
    assert all(configs[name]["max.compaction.lag.ms"] == str(24 * 3600 * 1000) for name in compacted)


def test_no_record_is_kept_for_longer_than_declared() -> None:
    """A record may be the oldest of a file that is written to for a while, and goes when the youngest in it is due."""
    configs = {topic.name: topic.topic_configs for topic in declared(SETTINGS)}
    for topic in TOPICS:
        if topic.kept is not None:
            config = configs[f"trial-{topic.name}"]
            assert int(config["retention.ms"]) + int(config["segment.ms"]) == topic.kept.total_seconds() * 1000


@pytest.mark.parametrize(
    ("department", "partitions", "expected"),
    [
        ("home-office", 4, 1),
        ("home-office", 6, 3),
        ("environment-agency", 4, 0),
        ("123456789", 512, 0xCBF43926 % 512),
        ("x", 1, 0),
    ],
)
def test_a_department_stays_on_its_partition(department: str, partitions: int, expected: int) -> None:
    """Fixed for good: with another answer its state would lie where nobody looks.

    0xCBF43926 is the check value of CRC-32.
    """
    assert partition_of(department, partitions) == expected


def test_ticks_go_to_partitions_that_hold_a_department() -> None:
    departments = ["home-office", "environment-agency", "home-office"]
    assert partitions_in_use(departments, 4) == tuple(sorted({partition_of(each, 4) for each in departments}))
    assert partitions_in_use([], 4) == ()


@pytest.mark.parametrize("part", STATEFUL)
def test_faust_names_the_changelog_as_it_was_declared(part: str, tmp_path: Path) -> None:
    app = make_app(part, 0, SETTINGS, tmp_path)
    table: Any = State(app, SETTINGS)._table
    assert table.changelog_topic.get_topic_name() == state_topic(SETTINGS, part)
    assert table.partitions == SETTINGS.partitions
