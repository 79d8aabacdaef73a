"""`soundings ingest`: one platform, live, into Kafka."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from soundings.deploy.commands.signals import stopped_by_signals
from soundings.services.domain.accounts import Platform

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
        with stopped_by_signals(stopping, source.close), _watched(health, lambda: source.status().connected, platform):
            health.ready()
            delivered = Ingest(settings.kafka, book, seal).run(source, stopping=stopping)
    except SourceFailed as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Stopped: {delivered.received:,} records since the first day")


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
