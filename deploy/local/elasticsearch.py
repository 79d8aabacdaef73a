"""One real Elasticsearch node as a child process on loopback."""

import signal
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from soundings.deploy.local.parts import Part
from soundings.deploy.local.ports import LOOPBACK
from soundings.deploy.local.probes import elasticsearch_answers
from soundings.services.settings import ElasticsearchSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticsearchNode:
    jars: Path
    """Folder of the jars, checked."""
    home: Path
    """Its configuration, modules and data."""
    logs: Path
    port: int
    transport_port: int
    heap: str = "1g"

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


def part(node: ElasticsearchNode) -> Part:
    options = {
        "--jars": node.jars,
        "--home": node.home,
        "--logs": node.logs,
        "--http-port": node.port,
        "--transport-port": node.transport_port,
        "--heap": node.heap,
    }
    return Part(
        name="elasticsearch",
        argv=(
            sys.executable,
            "-m",
            "soundings.deploy.local.elasticsearch_node",
            *(str(word) for option in options.items() for word in option),
        ),
        ready=partial(elasticsearch_answers, ElasticsearchSettings(url=node.url)),
        log=node.logs / "elasticsearch.log",
        address=node.url,
        ports={"http": node.port, "transport": node.transport_port},
        # The node closes itself, and ends by force what does not close in time: the translog stays empty.
        orphan_signal=signal.SIGTERM,
    )
