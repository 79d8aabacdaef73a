"""`soundings ingest`: one platform, live, into Kafka."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from soundings.services.domain.accounts import Platform

STOPS_WITHIN = 8.0
"""Seconds from a signal to the end at the latest: container engines send SIGKILL after ten. What is not confirmed by
then is delivered again from the stored cursor."""

LOOKS_EVERY = 1.0
"""Seconds between looks at the source for the health endpoint."""


def ingest(
    platform: Annotated[Platform, typer.Argument(help="Bluesky needs no account; the others need a token")],
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments, accounts and policy areas")] = None,
) -> None:
    """Listen to a platform and send what addresses the configured accounts into Kafka, until told to stop.

    Goes on where it stopped; a stretch that the platform no longer has is recorded as a gap.
    """
    import os

    import structlog

    from soundings.deploy.commands.target import target
    from soundings.services.intake.accounts import load_accounts
    from soundings.streams.health import Health, serve
    from soundings.streams.ingest import Ingest
    from soundings.streams.logs import set_up_logs
    from soundings.streams.quarantine import Seal
    from soundings.streams.sources.build import build
    from soundings.streams.sources.source import SourceFailed

    set_up_logs(part=f"ingest-{platform}")
    settings = target(accounts)
    book = load_accounts(settings.accounts)
    source = build(platform, settings, book)
    health = Health(f"ingest-{platform}")
    file = os.environ.get("SOUNDINGS_HEALTH_FILE")
    structlog.get_logger().info("health", address=serve(health, Path(file) if file else None))
    stopping = threading.Event()
    seal = Seal(settings.pseudonym_key())
    try:
        with _stopped_by_signals(stopping, source.close), _watched(health, lambda: source.status().connected, platform):
            health.ready()
            delivered = Ingest(settings.kafka, book, seal).run(source, stopping=stopping)
    except SourceFailed as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Stopped: {delivered.received:,} records since the first day")


@contextmanager
def _stopped_by_signals(stopping: threading.Event, close: Callable[[], None]) -> Iterator[None]:
    import os

    def stop(*_: object) -> None:
        if not stopping.is_set():
            stopping.set()
            last = threading.Timer(STOPS_WITHIN, os._exit, (0,))
            last.daemon = True
            last.start()
            # Closing may wait for a lock that the interrupted code holds.
            threading.Thread(target=close, daemon=True).start()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _watched(health: object, connected: Callable[[], bool], platform: str) -> Iterator[None]:
    """The health endpoint says that the part waits while the platform is out of reach."""
    from soundings.streams.health import Health

    over = threading.Event()

    def watch() -> None:
        while isinstance(health, Health) and not over.wait(LOOKS_EVERY):
            health.goes_on(platform) if connected() else health.waiting_for(platform)

    threading.Thread(target=watch, name="watch", daemon=True).start()
    try:
        yield
    finally:
        over.set()
