"""`soundings digest`: what people told a department in a week, as files and by e-mail."""

from pathlib import Path
from typing import Annotated

import typer


def digest(
    week: Annotated[str, typer.Option(help="An ISO week, such as 2021-W10; without it, the last whole week")] = "",
    area: Annotated[str, typer.Option(help="Name of a policy area; without it, the whole department")] = "",
    department: Annotated[str, typer.Option(help="Key of the department; not needed where there is only one")] = "",
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the page, plain text, JSON and CSV")] = Path(
        "digest"
    ),
    send: Annotated[bool, typer.Option("--send", help="Also send it by e-mail, to the area's owner")] = False,
    to: Annotated[str, typer.Option(help="Send it to this address instead of the owner's")] = "",
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments, accounts and policy areas")] = None,
) -> None:
    """Write the digest of a week, and send it where asked to."""
    import asyncio
    from datetime import UTC, datetime

    from soundings.deploy.commands.target import target
    from soundings.services.alerts.notifier import Refused, TryAgain
    from soundings.services.digests import sending
    from soundings.services.digests.files import write
    from soundings.services.digests.making import Wanted, make, stem, wanted
    from soundings.services.index.port import IndexMismatch, IndexUnavailable
    from soundings.services.intake.accounts import load_accounts

    settings = target(accounts)
    book = load_accounts(settings.accounts)
    now = datetime.now(UTC)
    try:
        asked: Wanted = wanted(book, department=department, area=area, week=week, now=now)
    except (ValueError, LookupError) as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(2) from None
    recipient = to or (asked.area.owner if asked.area else "")
    if send:
        sending.verify(settings.smtp, recipient)
    try:
        made = asyncio.run(make(settings, book, asked, now))
        files = write(made, out, stem(made))
    except (IndexUnavailable, IndexMismatch) as error:
        typer.echo(f"soundings: the digest was not made, Elasticsearch cannot be read: {error}", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"soundings: the digest was not written: {error}", err=True)
        raise typer.Exit(1) from None
    for file in files:
        typer.echo(file)
    if send:
        try:
            asyncio.run(sending.send(made, settings.smtp, recipient))
        except (TryAgain, Refused) as error:
            typer.echo(f"soundings: the digest was written but not sent: {error}", err=True)
            raise typer.Exit(1) from None
        typer.echo(f"sent to {recipient}")
