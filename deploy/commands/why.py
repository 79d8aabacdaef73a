"""`soundings why ACCOUNT TIME`: what was expected, what came, and why a storm did or did not open."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def why(
    account: Annotated[str, typer.Argument(help="A handle of the department, as in the accounts file")],
    time: Annotated[str, typer.Argument(help="ISO 8601; without an offset it is the department's local time")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON Lines, also .gz")],
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments, accounts and policy areas")] = None,
) -> None:
    """Explain the decision on one minute of an archive, with each piece of evidence and its weight."""
    from soundings.deploy.commands.backtest import open_archive, read
    from soundings.services.alerts.change import changed
    from soundings.services.alerts.evidence import name_words
    from soundings.services.alerts.phrases import phrases
    from soundings.services.alerts.words import clean
    from soundings.services.firestorms.explain import NotWatched, Said, department_of, text, until
    from soundings.services.settings import load

    book, archive = open_archive(file, accounts)
    try:
        department = department_of(book, account)
        at = _moment(time, department.timezone)
        budget = department.alert_budget or load().alerts.budget
        said = Said(department.key)
        explanation = until(said.listen(read(archive, file)), department, at, budget=budget)
    except NotWatched as problem:
        raise typer.BadParameter(str(problem)) from None
    about = phrases(said.texts(explanation.sample), leave_out=name_words(department.name))
    shown = [clean(phrase.words, one_line=True) for phrase in about]
    cause = explanation.firestorm.trigger if explanation.firestorm else None
    typer.echo(text(explanation, department, shown, changed(explanation.lately, cause)))


def _moment(text: str, timezone: str) -> datetime:
    from zoneinfo import ZoneInfo

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time, such as 2031-03-04T09:30") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))
