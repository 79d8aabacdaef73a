"""Resolves the servers' jars anew and writes `jars.lock`: for whoever raises a version, needs the network.

python -m soundings.deploy.local.relock
"""

import tempfile
from pathlib import Path

from jgo.maven import MavenContext
from jgo.maven._core import Artifact

from soundings.deploy.local.lockfile import LOCK, Jar, Servers, sha256_of, written

KAFKA = "4.1.0"
ELASTICSEARCH = "9.5.3"
# The binding of the slf4j line (1.7) and the log4j version that Kafka itself brings; without it Kafka logs nothing.
KAFKA_LOG_BINDING = "2.24.3"

WANTED = {
    "kafka": (
        f"org.apache.kafka:kafka_2.13:{KAFKA}",
        f"org.apache.logging.log4j:log4j-slf4j-impl:{KAFKA_LOG_BINDING}",
    ),
    "elasticsearch": (
        f"org.elasticsearch:elasticsearch:{ELASTICSEARCH}",
        f"org.elasticsearch.plugin:transport-netty4:{ELASTICSEARCH}",
    ),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder))
        found = {part: resolved(context, coordinates) for part, coordinates in WANTED.items()}
    LOCK.write_text(written(split(found)), encoding="utf-8")


def resolved(context: MavenContext, coordinates: tuple[str, ...]) -> tuple[Jar, ...]:
    """The jars of these coordinates, one version each: the first that names an artifact decides.

    One after another: resolved together, the version management of a small library would overrule the server's own.
    """
    chosen: dict[tuple[str, str], Jar] = {}
    for name in coordinates:
        inputs, transitive = context.resolver.resolve([context.create_dependency(name)])
        for one in (*inputs, *(each for each in transitive if each.scope in ("compile", "runtime"))):
            key = (one.groupId, one.artifactId)
            if key not in chosen:
                chosen[key] = jar_of(one.artifact)
    return tuple(chosen.values())


def jar_of(artifact: Artifact) -> Jar:
    path = artifact.resolve()
    names = [artifact.groupId, artifact.artifactId, artifact.version]
    if artifact.key[3]:
        names.append(artifact.key[3])
    return Jar(coordinate=":".join(names), file=path.name, sha256=sha256_of(path), size=path.stat().st_size)


def split(found: Servers) -> Servers:
    """Netty apart: Elasticsearch loads its network module and all that belongs to it with a loader of its own."""
    module = tuple(jar for jar in found["elasticsearch"] if jar.file.startswith(("transport-netty4", "netty-")))
    rest = tuple(jar for jar in found["elasticsearch"] if jar not in module)
    return {"kafka": found["kafka"], "elasticsearch": rest, "transport-netty4": module}


if __name__ == "__main__":
    main()
