"""`soundings bench`: figures about this machine, as JSON, from servers that live as long as the measurement."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer


def bench(
    file: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="Posts; by default the made-up scenario"),
    ] = None,
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments; by default the scenario's")] = None,
) -> None:
    """Measure this machine: mentions a second, beside a bare copy, alert delay, memory. Prints JSON.

    Starts its own Kafka, Elasticsearch and workers in a temporary folder, on loopback, and leaves nothing behind.

    pipeline_mentions_per_second: records already in Kafka, from the moment intake takes its place until nothing waits
    anywhere: tagged, counted, decided, in the index. bare_copy_per_second: the same records by one consumer that sends
    them to Elasticsearch as they are. ratio: the one by the other. processor_ms_per_mention: the work of both, servers
    included, which hardly depends on what else the machine does. alert_delay_seconds: from the tick that ends the
    deciding minute to the recorded sending by webhook (not in it: the minute itself, a live source's 5 s between
    ticks); only few alerts are in the scenario, so that p99 is the longest. peak_memory_mib: the most each part held
    at any time.
    """
    from tempfile import TemporaryDirectory

    import orjson

    from soundings.deploy.bench.run import measure
    from soundings.deploy.local.errors import StackError
    from soundings.deploy.scenario import ACCOUNTS_TOML, write
    from soundings.services.settings import load
    from soundings.streams.sources.source import SourceFailed

    configured = load(accounts=accounts or ACCOUNTS_TOML)
    _forget_settings()
    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: what was started is ended in order
        signal.signal(number, signal.default_int_handler)
    with TemporaryDirectory(prefix="soundings-bench-", ignore_cleanup_errors=True) as folder:
        if file is None:
            file = Path(folder) / "scenario.jsonl"
            write(file)
        try:
            found = measure(configured, file, Path(folder), lambda text: typer.echo(text, err=True))
        except (StackError, SourceFailed) as error:
            typer.echo(f"soundings: {error}", err=True)
            sys.exit(1)
    typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())


def _forget_settings() -> None:
    """The workers get theirs from the bench: a configured server or channel must have no part in it."""
    for name in [name for name in os.environ if name.startswith("SOUNDINGS_") and name != "SOUNDINGS_CACHE"]:
        del os.environ[name]
