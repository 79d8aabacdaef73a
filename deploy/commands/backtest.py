"""`soundings backtest`: what would have been told, and when, on an archive of one's own; no Kafka, nobody is told."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from soundings.services.domain.accounts import AccountBook
    from soundings.services.firestorms.archive import Archive, Taken
    from soundings.services.firestorms.scoring import Event

PSEUDONYMS = "only in this process, never stored"
"""Key of the pseudonyms where none is configured: they do not leave the process, and a fixed key gives the same result
each time."""


def backtest(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON Lines, also .gz")
    ] = None,
    alerts: Annotated[Path | None, typer.Option(help="Write a line of JSON for each thing told")] = None,
    labels: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Marked events: be scored")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what would wake nobody")] = False,
    budget: Annotated[
        list[float] | None,
        typer.Option(help="Bearable needless alerts a week, not as configured; several: a table"),
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Write a page with the timeline, storms and alerts")] = None,
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments, accounts and policy areas")] = None,
    series: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Instead of posts: CSV with timestamp,value")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="With --series: CSV with timestamp,value,anomaly_score")] = None,
) -> None:
    """Decide on an archive what the live service would have decided, and tell how good that was."""
    if series is not None:
        _series(series, out)
        return
    if file is None:
        raise typer.BadParameter("name a file of posts, or --series IN.csv")
    _archive(file, alerts, labels, everything, budget or [], picture, accounts)


def _series(series: Path, out: Path | None) -> None:
    from soundings.services.firestorms.series import BadSeries, score_csv

    if out is None:
        raise typer.BadParameter("is needed with --series", param_hint="--out")
    try:
        text = score_csv(series.read_text(encoding="utf-8"))
    except (BadSeries, UnicodeDecodeError) as error:
        _fail(f"{series}: {error}")
    write_whole(out, text)


def _archive(
    file: Path,
    alerts: Path | None,
    labels: Path | None,
    everything: bool,
    budgets: list[float],
    picture: Path | None,
    accounts: Path | None,
) -> None:
    import orjson

    from soundings.services.firestorms import report
    from soundings.services.firestorms.told import told
    from soundings.services.settings import load

    marked = _marked(labels) if labels else None
    book, archive = open_archive(file, accounts)
    calls: dict[str, str] = {}
    tests = report.run_all(with_calls(read(archive, file), calls), book, budgets, usual=load().alerts.budget)
    every = [(test, told(test.outcome.steps, book, everything=everything)) for test in tests]
    lines = every[0][1]
    typer.echo(report.listing(lines))
    typer.echo(f"{archive.tally.total:,} posts read" + report.left_out(archive.problems, archive.off_topic))
    typer.echo(report.urgent(calls.values()))
    typer.echo(report.table(every, marked))
    if alerts:
        write_whole(alerts, "".join(orjson.dumps(line.line()).decode() + "\n" for line in lines))
    if picture:
        from soundings.services.firestorms.picture import page

        write_whole(picture, page(tests[0], lines, book, marked or ()))


def open_archive(file: Path, accounts: Path | None) -> "tuple[AccountBook, Archive]":
    """The archive, to be read through the intake of the live service.

    Raises:
        SettingsError: the accounts are missing or wrong.
    """
    from soundings.services.firestorms.archive import Archive
    from soundings.services.intake.accounts import load_accounts
    from soundings.services.intake.pseudonyms import Pseudonyms
    from soundings.services.settings import load
    from soundings.services.tagging.tagger import load_tagger

    settings = load(**({"accounts": accounts} if accounts else {}))
    book = load_accounts(settings.accounts)
    secret = settings.privacy.pseudonym_key
    key = secret.get_secret_value() if secret else PSEUDONYMS
    return book, Archive(file, book, Pseudonyms(key, book.named), load_tagger())


def read(archive: "Archive", file: Path) -> "Iterator[Taken | datetime]":
    """The archive's events, with a bar on a terminal.

    Ends the process with a message if the file cannot be read.
    """
    from datetime import UTC, datetime

    from soundings.services.intake.archive import ArchiveError

    try:
        with _bar(file) as step:
            for event in archive.read(datetime.now(UTC)):
                if isinstance(event, datetime):
                    step(event)
                yield event
    except ArchiveError as error:
        _fail(str(error))


def with_calls(events: "Iterator[Taken | datetime]", calls: dict[str, str]) -> "Iterator[Taken | datetime]":
    """The events; on the way what could not have waited is noted in `calls`: each text once, with what it says."""
    from soundings.services.domain.posts import Mention
    from soundings.services.firestorms.archive import Taken
    from soundings.services.intake.urgent import urgent_of

    for event in events:
        if isinstance(event, Taken) and isinstance(event.record, Mention):
            urgent = urgent_of(event.record, event.department, live=False)
            if urgent is not None:
                calls.setdefault(f"{event.department}/{urgent.appeal}", urgent.reason)
        yield event


@contextmanager
def _bar(file: Path) -> "Iterator[Callable[[datetime], None]]":
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.fields[at]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(file.name, total=None, at="")
        yield lambda time: progress.update(task, at=f"{time:%d %b %Y}")


def _marked(labels: Path) -> "list[Event]":
    import orjson

    from soundings.services.firestorms.scoring import BadLabels, events

    try:
        return events(orjson.loads(line) for line in labels.read_bytes().splitlines() if line.strip())
    except (BadLabels, orjson.JSONDecodeError) as error:
        _fail(f"{labels}: {error}")


def write_whole(path: Path, text: str) -> None:
    """The file holds all of the text, or is as it was."""
    import os
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fail(message: str) -> NoReturn:
    typer.echo(f"soundings: {message}", err=True)
    sys.exit(1)
