"""`soundings replay`: a file of posts through the running stack."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from soundings.deploy.commands.signals import stopped_by_signals

if TYPE_CHECKING:
    from soundings.streams.sources.forms import Form


def replay(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON Lines, CSV or pages of X, also .gz")
    ],
    speed: Annotated[str, typer.Option(help="`max`, or how many times faster than it happened")] = "max",
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments, accounts and policy areas")] = None,
    format: Annotated[
        str, typer.Option(help="auto, jsonl, csv, or x: pages of the X API as archives keep them")
    ] = "auto",
    columns: Annotated[str, typer.Option(help="CSV: FIELD=COLUMN,… where columns have other names")] = "",
) -> None:
    """Send a file of posts through the running stack; a replay that was killed goes on where it stopped.

    Nobody is alerted of what is decided from it, but channels marked `rehearsal`.
    """
    from soundings.deploy.commands.target import target
    from soundings.services.intake.accounts import load_accounts
    from soundings.services.intake.pseudonyms import Pseudonyms
    from soundings.streams.ingest import Ingest
    from soundings.streams.logs import set_up_logs
    from soundings.streams.quarantine import Seal
    from soundings.streams.sources.replay import Pace, Replay
    from soundings.streams.sources.source import SourceFailed

    set_up_logs(part="replay")
    pace = Pace(speed=_speed(speed))
    settings = target(accounts)
    book = load_accounts(settings.accounts)
    key = settings.pseudonym_key()
    stopping = threading.Event()
    try:
        form, named = _form(format), _columns(columns)
        source = Replay(file, book, Pseudonyms(key, book.named), pace, form=form, columns=named)
        with stopped_by_signals(stopping, source.close), ReplayProgress(file) as bar:
            delivered = Ingest(settings.kafka, book, Seal(key)).run(source, stopping=stopping, progress=bar.show)
    except SourceFailed as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(1) from None
    verb = "Stopped" if stopping.is_set() else "Done"
    typer.echo(f"{verb}: {delivered.received:,} records of {file.name} are in Kafka")
    if delivered.late:
        typer.echo(f"  {delivered.late:,} came late: the file is not in the order of time")
    for fate, number in sorted(delivered.counts.items()):
        typer.echo(f"  {number:,} {fate}")
    typer.echo("`soundings status` tells what became of the others.")


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise typer.BadParameter("is neither `max` nor a number above 0", param_hint="--speed")
    return speed


def _form(text: str) -> "Form":
    from soundings.streams.sources.forms import Form

    if text not in list(Form):
        raise typer.BadParameter(f"is none of {', '.join(Form)}", param_hint="--format")
    return Form(text)


def _columns(text: str) -> dict[str, str]:
    from soundings.streams.sources.csv_rows import column_map

    try:
        return column_map(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--columns") from None


class ReplayProgress:
    """A bar on a terminal, nothing elsewhere. Its measure is the lines read: the size of a .gz says little."""

    def __init__(self, file: Path) -> None:
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            MofNCompleteColumn(),
            TextColumn("{task.fields[at]}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task(file.name, total=_lines(file) if console.is_terminal else None, at="")

    def __enter__(self) -> "ReplayProgress":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, account: object) -> None:
        from soundings.streams.ingest import Account

        if isinstance(account, Account):
            at = f"{account.tick:%d %b %Y %H:%M}" if account.tick else ""
            done = int(account.cursor) if account.cursor.isdigit() else 0
            self._progress.update(self._task, completed=done, at=at)


def _lines(file: Path) -> int:
    import gzip

    opened = gzip.open(file) if file.name.endswith(".gz") else file.open("rb")
    try:
        with opened as handle:
            return sum(block.count(b"\n") for block in iter(lambda: handle.read(1 << 20), b""))
    except (OSError, EOFError):
        return 0  # the replay itself says what is wrong with the file
