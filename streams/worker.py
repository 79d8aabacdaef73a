"""One worker of one part: `python -m soundings.streams.worker intake --instance 0`. `soundings up` starts them."""

import argparse
import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import faust
import structlog

from soundings.services.folders import private
from soundings.services.intake.accounts import load_accounts
from soundings.services.settings import Settings, SettingsError, load, shown
from soundings.streams.app import make_app
from soundings.streams.broker import watch_broker
from soundings.streams.health import Health, serve
from soundings.streams.logs import set_up_logs
from soundings.streams.quarantine import Seal

STOPS_WITHIN = 8.0
"""Seconds from a signal to the end at the latest. Faust alone takes up to 56 s while it waits for a dead member's place
in its group; nothing is lost by ending, since whatever is not acknowledged is delivered again."""

log = structlog.get_logger()

_tasks: set[asyncio.Future[None]] = set()
"""The loop itself holds them weakly."""


class Agent(Protocol):
    def forget(self, partitions: set[int]) -> None: ...


def make_intake(app: faust.App, settings: Settings, health: Health) -> Agent:
    from soundings.services.tagging.tagger import load_tagger
    from soundings.streams.agents.intake import IntakeAgent
    from soundings.streams.redactions import Redactions, follow

    book = load_accounts(settings.accounts)
    redactions = Redactions()
    agent = IntakeAgent(app, settings.kafka, book, load_tagger(), Seal(settings.pseudonym_key()), redactions)
    _beside(follow(settings.kafka, redactions, health))
    return agent


def make_firestorms(app: faust.App, settings: Settings, health: Health) -> Agent:
    from soundings.streams.agents.firestorms import FirestormAgent

    return FirestormAgent(app, settings.kafka, load_accounts(settings.accounts), settings.alerts.budget)


def make_themes(app: faust.App, settings: Settings, health: Health) -> Agent:
    from soundings.services.index.elastic import ElasticsearchIndex
    from soundings.services.index.register import ElasticsearchRegister
    from soundings.services.themes.encoder import NoEncoder, StaticEncoder
    from soundings.streams.agents.themes import ThemesAgent
    from soundings.streams.indexed import IndexedInKafka

    return ThemesAgent(
        app,
        settings.kafka,
        load_accounts(settings.accounts),
        index=ElasticsearchIndex.at(settings.elasticsearch),
        indexed=IndexedInKafka(settings.kafka),
        register=ElasticsearchRegister.at(settings.elasticsearch),
        encoder=NoEncoder() if settings.themes.encoder == "words" else StaticEncoder(),
        health=health,
    )


def make_indexing(app: faust.App, settings: Settings, health: Health) -> Agent:
    from soundings.services.index.elastic import ElasticsearchIndex
    from soundings.streams.agents.indexing import IndexingAgent
    from soundings.streams.redactions import Redactions, follow

    index, redactions = ElasticsearchIndex.at(settings.elasticsearch), Redactions()
    agent = IndexingAgent(app, settings.kafka, index, Seal(settings.pseudonym_key()), health, redactions)
    _beside(follow(settings.kafka, redactions, health))
    _beside(agent.removal.run())
    return agent


def make_alerts(app: faust.App, settings: Settings, health: Health) -> Agent:
    from soundings.services.alerts import channels
    from soundings.services.alerts.delivery import Delivery
    from soundings.services.index.elastic import ElasticsearchIndex
    from soundings.streams.agents.alerts import AlertsAgent

    book = load_accounts(settings.accounts)
    channels.verify(settings, [department.key for department in book.departments])
    delivery = Delivery(
        settings=settings.alerts,
        book=book,
        notifiers=channels.build(settings.alerts, settings.smtp),
        index=ElasticsearchIndex.at(settings.elasticsearch),
    )
    return AlertsAgent(app, settings.kafka, delivery)


PARTS: dict[str, Callable[[faust.App, Settings, Health], Agent]] = {
    "intake": make_intake,
    "firestorms": make_firestorms,
    "themes": make_themes,
    "indexing": make_indexing,
    "alerts": make_alerts,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=sorted(PARTS))
    parser.add_argument("--instance", type=int, default=0, help="number of this worker among those of its part")
    arguments = parser.parse_args()
    set_up_logs(part=arguments.part, instance=arguments.instance)
    signals = _catch_signals()
    try:
        settings = load()
        log.info("settings", **shown(settings))
        code = asyncio.run(_run(arguments.part, arguments.instance, settings, signals))
    except SettingsError as error:
        sys.stderr.write(f"soundings: a setting is wrong, nothing was started\n{error}\n")
        code = 2
    # Not sys.exit: a client's thread that waits for a dead broker must not keep the process.
    sys.stdout.flush()
    os._exit(code)


async def _run(part: str, instance: int, settings: Settings, stopping: threading.Event) -> int:
    health = Health(part)
    app = make_app(part, instance, settings.kafka, private(settings.state))
    agent = PARTS[part](app, settings, health)

    async def revoked(sender: Any, /, *args: Any, **_: Any) -> None:
        agent.forget({each.partition for each in args[0]})

    async def assigned(sender: Any, /, *args: Any, **_: Any) -> None:
        health.ready()

    app.on_partitions_revoked.connect(revoked, weak=False)
    app.on_partitions_assigned.connect(assigned, weak=False)
    file = os.environ.get("SOUNDINGS_HEALTH_FILE")
    where = settings.health
    log.info("health", address=serve(health, Path(file) if file else None, host=where.host, port=where.port))
    app.finalize()
    _beside(watch_broker(settings.kafka, health))
    await app.start()
    while not stopping.is_set() and not app.should_stop and not app.crashed:
        await asyncio.sleep(0.2)
    if app.crashed:
        log.error("the stream engine crashed", error=type(app.crash_reason).__name__)
        return 70
    await app.stop()
    log.info("stopped")
    return 0


def _beside(work: Awaitable[None]) -> None:
    """Do it beside the agent for as long as the process lives."""
    _tasks.add(asyncio.ensure_future(work))


def _catch_signals() -> threading.Event:
    """Watch SIGTERM and SIGINT outside of the event loop, which may be stuck; end the process if it does not stop."""
    stopping = threading.Event()
    caught = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, caught)  # before any thread starts, so that all inherit it

    def watch() -> None:
        signal.sigwait(caught)
        stopping.set()
        threading.Event().wait(STOPS_WITHIN)
        os._exit(0)

    threading.Thread(target=watch, name="signals", daemon=True).start()
    return stopping


if __name__ == "__main__":
    main()
