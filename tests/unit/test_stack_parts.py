"""What is started, with which words: nothing beyond loopback, no secret on a command line."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from soundings.deploy.local import kafka
from soundings.deploy.local.assembly import embedded, servers
from soundings.deploy.local.elasticsearch import ElasticsearchNode
from soundings.deploy.local.elasticsearch import part as elasticsearch_part
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.kafka import KafkaNode
from soundings.deploy.local.supervised import in_words
from soundings.deploy.local.workers import WORKERS, Worker, worker_parts
from soundings.services.settings import (
    ElasticsearchSettings,
    KafkaSettings,
    Settings,
    StackSettings,
)

NODE = KafkaNode(jars=Path("/jars"), home=Path("/home"), logs=Path("/logs"), port=9092, controller_port=9093)


def settings_in(folder: Path, **sections: Any) -> Settings:
    return Settings(data_dir=folder / "data", state=folder / "state", cache=folder / "cache", **sections)


def parsed(node: KafkaNode) -> dict[str, str]:
    return dict(line.split("=", 1) for line in kafka.properties(node).splitlines())


def test_every_address_in_kafkas_configuration_is_loopback() -> None:
    values = parsed(NODE)
    for name in ("listeners", "advertised.listeners"):
        assert all(address.split("//")[1].startswith("127.0.0.1:") for address in values[name].split(","))
    assert values["controller.quorum.voters"] == "1@127.0.0.1:9093"


def test_kafka_makes_no_topic_by_itself_and_needs_no_second_copy() -> None:
    values = parsed(NODE)
    assert values["auto.create.topics.enable"] == "false"
    assert {values[name] for name in values if name.endswith("replication.factor")} == {"1"}
    assert values["group.initial.rebalance.delay.ms"] == "0"


def test_heaps_are_what_the_settings_say(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, stack=StackSettings(kafka_heap="300m", elasticsearch_heap="700m"))
    queue, store = servers(settings, tmp_path).nodes
    assert "-Xmx300m" in queue.argv
    assert store.argv[store.argv.index("--heap") + 1] == "700m"


def test_configured_servers_are_not_started(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path,
        kafka=KafkaSettings(bootstrap="kafka.example:9092"),
        elasticsearch=ElasticsearchSettings(url="https://search.example"),
    )
    found = servers(settings, tmp_path)
    assert not embedded(settings)
    assert found.nodes == ()
    assert [(part.name, part.address, part.external) for part in found.external] == [
        ("kafka", "kafka.example:9092", True),
        ("elasticsearch", "https://search.example", True),
    ]


def test_one_configured_server_leaves_the_other_to_us(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, kafka=KafkaSettings(bootstrap="kafka.example:9092"))
    found = servers(settings, tmp_path)
    assert embedded(settings)
    assert [part.name for part in found.nodes] == ["elasticsearch"]
    assert found.settings.kafka.bootstrap == "kafka.example:9092"
    assert found.settings.elasticsearch.url == found.nodes[0].address


def test_a_configured_port_that_is_taken_stops_the_start_and_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = settings_in(tmp_path, stack=StackSettings(elasticsearch_port=port))
        with pytest.raises(StackError, match=f"SOUNDINGS_STACK__ELASTICSEARCH_PORT is {port}"):
            servers(settings, tmp_path)


def test_the_nodes_never_share_a_port(tmp_path: Path) -> None:
    found = servers(settings_in(tmp_path), tmp_path)
    numbers = [port for part in found.nodes for port in part.ports.values()]
    assert len(numbers) == 4 == len(set(numbers))


def test_the_key_reaches_workers_by_environment_only(tmp_path: Path) -> None:
    for part in worker_parts(settings_in(tmp_path), "very-secret"):
        assert part.env["SOUNDINGS_PRIVACY__PSEUDONYM_KEY"] == "very-secret"
        assert "very-secret" not in " ".join(part.argv)
        assert "very-secret" not in repr(part)


def test_workers_are_told_where_the_servers_are_and_what_the_accounts_are(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path,
        accounts=Path("accounts.toml"),
        kafka=KafkaSettings(bootstrap="127.0.0.1:1"),
        elasticsearch=ElasticsearchSettings(url="http://127.0.0.1:2"),
    )
    part = worker_parts(settings, "")[0]
    assert part.env["SOUNDINGS_KAFKA__BOOTSTRAP"] == "127.0.0.1:1"
    assert part.env["SOUNDINGS_ELASTICSEARCH__URL"] == "http://127.0.0.1:2"
    assert Path(part.env["SOUNDINGS_ACCOUNTS"]).is_absolute()
    assert part.env["SOUNDINGS_HEALTH_FILE"] == str(part.health_file)
    assert "SOUNDINGS_PRIVACY__PSEUDONYM_KEY" not in part.env


def test_instances_are_counted_for_the_workers_that_share_partitions(tmp_path: Path) -> None:
    workers = (Worker(part="intake"), Worker(part="alone", scales=False))
    names = [part.name for part in worker_parts(settings_in(tmp_path), workers=workers, instances=3)]
    assert names == ["intake-0", "intake-1", "intake-2", "alone-0"]
    assert {worker.part for worker in WORKERS} == {"intake", "firestorms", "themes", "indexing", "alerts"}


def test_a_worker_that_said_nothing_yet_is_not_ready(tmp_path: Path) -> None:
    part = worker_parts(settings_in(tmp_path))[0]
    assert "has not said" in part.ready()


def test_the_java_processes_leave_nothing_outside_of_their_folders() -> None:
    store = ElasticsearchNode(
        jars=Path("/jars"), home=Path("/home"), logs=Path("/logs"), port=9200, transport_port=9300
    )
    queue = kafka.part(replace(NODE))
    assert "-XX:-UsePerfData" in queue.argv
    assert "-Djava.io.tmpdir=/home/tmp" in queue.argv
    assert elasticsearch_part(store).ports == {"http": 9200, "transport": 9300}


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit code 0"), (3, "exit code 3"), (-9, "SIGKILL"), (-250, "signal 250")]
)
def test_an_end_is_told_in_words(code: int, words: str) -> None:
    assert in_words(code) == words
