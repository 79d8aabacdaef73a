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

SHORTEST = 20.0
"""Seconds for the evening, however little time is left: faster, nobody could follow it."""

UNHURRIED = 75
"""Seconds when no end is given: a little over a minute for the whole story."""

KEPT_FOR_THE_DIGEST = 8.0
"""Seconds: reading nine weeks of two departments takes about three on two busy cores."""

TERMINAL_ONLY = '[{"kind": "terminal", "name": "terminal", "rehearsal": true}]'
"""Whatever channels are configured: a demonstration must reach nobody."""

URGENT_A_MINUTE = "20"
"""Three, as a channel takes them otherwise, are for people who read: here weeks go by in a minute."""


def demo(
    seconds: Annotated[
        int | None,
        typer.Option(
            min=20,
            help="Stop by itself about this long after the stack is up",
        ),
    ] = None,
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
    from soundings.services.folders import private
    from soundings.services.settings import ElasticsearchSettings, KafkaSettings, load

    configured = load()
    folder = folder or private(configured.state) / "demo"
    _empty(folder)
    os.environ["SOUNDINGS_ALERTS__CHANNELS"] = TERMINAL_ONLY
    os.environ["SOUNDINGS_ALERTS__URGENT_A_MINUTE"] = URGENT_A_MINUTE
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
    from soundings.deploy.commands.target import target_of
    from soundings.deploy.local.state import read_state
    from soundings.deploy.scenario import QUIET_UNTIL, STORM_AT
    from soundings.streams.sources.replay import Pace

    until = STORM_AT + STORM_SHOWN
    try:
        number, weeks, evening = _written(settings.state.parent)  # while the servers start
        while not ((state := read_state(settings.state)) and state.phase == "running"):
            time.sleep(0.2)
        began = time.monotonic()
        running = target_of(settings)
        console.print(f"{number:,} made-up posts. Five weeks of them go by at full speed.")
        for file in weeks:
            _replay(running, file, Pace())
            # Else the next part's first urgent post would be told while the index is behind, without its text.
            _wait_until_worked_off(running)
        _decide(running, console)
        left = (seconds or UNHURRIED) - (time.monotonic() - began) - KEPT_FOR_THE_DIGEST
        speed = (until - QUIET_UNTIL).total_seconds() / max(left, SHORTEST)
        console.print(
            f"The evening of {STORM_AT:%-d %B}, {speed:.0f} times faster than life. [bold]Watch for the alert,[/] "
            "and for posts that cannot wait for one."
        )
        _replay(running, evening, Pace(speed=speed, until=until))
        _wait_until_worked_off(running)
        _digest(running, console, settings.state.parent / "digest")
        if seconds is None:
            console.print("The story is told. Look around with `soundings status`; [bold]Ctrl-C[/] ends the demo.")
    finally:
        if seconds is not None:
            os.kill(os.getpid(), signal.SIGTERM)


def _written(folder: Path) -> tuple[int, list[Path], Path]:
    """How many posts the story has, and its files: the weeks in parts, each up to a call for help, and the evening."""
    from itertools import pairwise

    from soundings.deploy.scenario import BREATHERS, QUIET_UNTIL, write

    evening = folder / "evening.jsonl.gz"
    number, weeks = write(evening, since=QUIET_UNTIL), []
    for part, (start, end) in enumerate(pairwise((None, *BREATHERS, QUIET_UNTIL))):
        weeks.append(folder / f"weeks-{part}.jsonl.gz")
        number += write(weeks[-1], since=start, until=end)
    return number, weeks, evening


def _replay(running: Any, file: Path, pace: Any) -> None:
    from soundings.services.intake.accounts import load_accounts
    from soundings.services.intake.pseudonyms import Pseudonyms
    from soundings.streams.ingest import Ingest
    from soundings.streams.quarantine import Seal
    from soundings.streams.sources.replay import Replay

    book = load_accounts(running.accounts)
    key = running.pseudonym_key()
    Ingest(running.kafka, book, Seal(key)).run(Replay(file, book, Pseudonyms(key, book.named), pace))


def _wait_until_worked_off(running: Any) -> None:
    """Until every part has read all that waits for it: the alerts have their texts, the digest misses nothing."""
    from kafka.errors import KafkaError

    from soundings.streams.lag import lags

    quiet = 0
    # Twice quiet in a row: a record may be between two topics at the first look.
    while quiet < 2:
        try:
            quiet = 0 if any(lags(running.kafka).values()) else quiet + 1
        except KafkaError:
            quiet = 0
        time.sleep(0.3)


def _decide(running: Any, console: Any) -> None:
    """What the story's officials decided about its themes, so that the digest has something to tell."""
    import asyncio

    from soundings.deploy.scenario.officials import decide
    from soundings.services.index.elastic import ElasticsearchIndex
    from soundings.services.index.register import ElasticsearchRegister
    from soundings.services.intake.accounts import load_accounts
    from soundings.services.themes.wording import entry_words

    department = load_accounts(running.accounts).departments[0]

    async def decided() -> tuple[str, ...]:
        index, register = ElasticsearchIndex.at(running.elasticsearch), ElasticsearchRegister.at(running.elasticsearch)
        try:
            await index.refresh()
            return tuple(entry_words(entry) for entry in await decide(index, register, department))
        finally:
            await register.close()
            await index.close()

    for words in asyncio.run(decided()):
        console.print(f"theme {words}", highlight=False, markup=False, soft_wrap=True)


def _digest(running: Any, console: Any, folder: Path) -> None:
    import asyncio

    from soundings.deploy.scenario import STORM_AT
    from soundings.services.digests.files import write
    from soundings.services.digests.making import Wanted, make
    from soundings.services.digests.week import Week
    from soundings.services.intake.accounts import load_accounts

    book = load_accounts(running.accounts)
    department = book.departments[0]
    asked = Wanted(department=department, area=None, week=Week.of(STORM_AT, ZoneInfo(department.timezone)))
    made = asyncio.run(make(running, book, asked, datetime.now(UTC)))
    for file in write(made, folder, department.key):
        console.print(f"digest: {file}", highlight=False, soft_wrap=True)
