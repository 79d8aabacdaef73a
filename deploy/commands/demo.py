"""`soundings demo`: the whole service on the built-in scenario, nothing of it real but the servers."""

import os
import shutil
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

STORM_SHOWN = timedelta(minutes=90)
"""From half an hour before the storm to its height it goes slowly enough to be watched; the night after it does not."""

SLOWLY = 0.45
"""Share of the time given that the storm is shown in; the rest is for five quiet weeks at full speed and the digest."""

UNHURRIED = 75
"""Seconds when no end is given: about a minute and a quarter for the whole story."""

KEPT_FOR_THE_DIGEST = 8.0
"""Seconds: reading nine weeks of two departments takes about three on two busy cores."""

TERMINAL_ONLY = '[{"kind": "terminal", "name": "terminal", "rehearsal": true}]'
"""Whatever channels are configured: a demonstration must reach nobody."""


def demo(
    seconds: Annotated[int | None, typer.Option(min=20, help="Stop by itself this long after the stack is up")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where the demo keeps its data; emptied first")] = None,
) -> None:
    """Replay a made-up story through real Kafka, Faust and Elasticsearch: weeks of quiet, then a firestorm.

    Alerts appear in this terminal, headed EXERCISE. Ctrl-C ends it at any time.
    """
    from functools import partial

    from rich.console import Console

    from soundings.deploy.local.preparation import prepare
    from soundings.deploy.local.running import run
    from soundings.deploy.local.workers import worker_parts
    from soundings.deploy.scenario import ACCOUNTS_TOML
    from soundings.services.settings import ElasticsearchSettings, KafkaSettings, load

    configured = load()
    folder = folder or configured.state / "demo"
    _empty(folder)
    os.environ["SOUNDINGS_ALERTS__CHANNELS"] = TERMINAL_ONLY
    for name in ("SOUNDINGS_KAFKA__BOOTSTRAP", "SOUNDINGS_ELASTICSEARCH__URL", "SOUNDINGS_PRIVACY__PSEUDONYM_KEY"):
        os.environ.pop(name, None)
    settings = configured.model_copy(
        update={
            "accounts": ACCOUNTS_TOML,
            "data_dir": folder / "data",
            "state": folder / "state",
            "kafka": KafkaSettings(),
            "elasticsearch": ElasticsearchSettings(),
            "privacy": configured.privacy.model_copy(update={"pseudonym_key": None}),
        }
    )
    console = Console()
    console.print("[bold]Soundings, a demonstration.[/] Everything in it is made up; nobody is alerted.")
    story = threading.Thread(target=_tell, args=(settings, console, seconds), name="story", daemon=True)
    story.start()
    raise typer.Exit(run(settings, console, prepare=prepare, workers=partial(worker_parts, instances=1)))


def _empty(folder: Path) -> None:
    """Remove an earlier demo's data, and only that."""
    mark = folder / ".soundings-demo"
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise typer.BadParameter(f"{folder} is not empty and not a demo's folder", param_hint="--folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _tell(settings: Any, console: Any, seconds: int | None) -> None:
    """The story, told from a thread of its own: the main thread keeps the stack running."""
    from soundings.deploy.local.state import read_state

    while not ((state := read_state(settings.state)) and state.phase == "running"):
        time.sleep(0.2)
    began = time.monotonic()
    try:
        _replay(settings, console, seconds or UNHURRIED)
        _wait_until_worked_off(settings, console, began + (seconds or 10 * UNHURRIED))
        _digest(settings, console)
        if seconds is None:
            console.print("The story is told. Look around with `soundings status`; [bold]Ctrl-C[/] ends the demo.")
            return
    finally:
        if seconds is not None:
            os.kill(os.getpid(), signal.SIGTERM)


def _replay(settings: Any, console: Any, seconds: int) -> None:
    from soundings.deploy.commands.target import target_of
    from soundings.deploy.scenario import QUIET_UNTIL, STORM_AT, write
    from soundings.services.intake.accounts import load_accounts
    from soundings.services.intake.pseudonyms import Pseudonyms
    from soundings.streams.ingest import Ingest
    from soundings.streams.quarantine import Seal
    from soundings.streams.sources.replay import Pace, Replay

    running = target_of(settings)
    book = load_accounts(running.accounts)
    key = running.pseudonym_key()
    file = settings.state / "scenario.jsonl.gz"
    number = write(file)
    until = STORM_AT + STORM_SHOWN
    speed = (until - QUIET_UNTIL).total_seconds() / (seconds * SLOWLY)
    console.print(
        f"{number:,} made-up posts of five weeks go by at full speed; the evening of {STORM_AT:%-d %B} "
        f"{speed:.0f} times faster than life. Watch for the alert."
    )
    replay = Replay(file, book, Pseudonyms(key, book.named), Pace(speed=speed, after=QUIET_UNTIL, until=until))
    Ingest(running.kafka, book, Seal(key)).run(replay)


def _wait_until_worked_off(settings: Any, console: Any, deadline: float) -> None:
    """Until every part has read all that waits for it, so that the digest misses nothing."""
    from kafka.errors import KafkaError

    from soundings.deploy.commands.target import target_of
    from soundings.streams.lag import lags

    running = target_of(settings)
    quiet = 0
    # Twice quiet in a row: a record may be between two topics at the first look.
    while quiet < 2 and time.monotonic() < deadline - KEPT_FOR_THE_DIGEST:
        try:
            quiet = 0 if any(lags(running.kafka).values()) else quiet + 1
        except KafkaError:
            quiet = 0
        time.sleep(0.5)
    if quiet < 2:
        console.print("The time is nearly up; the last posts are not in the digest.", style="yellow")


def _digest(settings: Any, console: Any) -> None:
    import asyncio

    from soundings.deploy.commands.target import target_of
    from soundings.deploy.scenario import STORM_AT
    from soundings.services.digests.compose import compose
    from soundings.services.digests.files import write
    from soundings.services.digests.reading import read
    from soundings.services.digests.week import Week
    from soundings.services.index.elastic import ElasticsearchIndex
    from soundings.services.intake.accounts import load_accounts

    running = target_of(settings)
    book = load_accounts(running.accounts)
    department = book.departments[0]
    now = datetime.now(UTC)

    async def written() -> tuple[Path, ...]:
        index = ElasticsearchIndex.at(running.elasticsearch)
        try:
            await index.refresh()
            material = await read(index, book, department, None, Week.of(STORM_AT, ZoneInfo(department.timezone)), now)
        finally:
            await index.close()
        return write(compose(material, now), settings.state.parent / "digest", department.key)

    for file in asyncio.run(written()):
        console.print(f"digest: {file}", highlight=False, soft_wrap=True)
