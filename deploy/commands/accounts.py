"""`soundings accounts check`: what is wrong with the file of departments and their accounts."""

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="The file of departments, their accounts and policy areas.")


@app.callback()
def accounts() -> None:
    """The file of departments, their accounts and policy areas."""


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="TOML; without it, the configured one")] = None,
    accounts: Annotated[Path | None, typer.Option(help="The same, as for every other command")] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask the platforms whether each account exists")
    ] = False,
) -> None:
    """Every mistake in the file at once, each with its place and what to do.

    Exit code 0: nothing is wrong; 1: something is, or could not be asked; 2: there is no such file.
    """
    import tomllib

    from soundings.services.intake.findings import findings
    from soundings.services.settings import load

    settings = load()
    path = _path(file or accounts, settings)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        typer.echo(f"soundings: accounts file {path}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        typer.echo(f"{path}: {error}. Correct the TOML there; nothing else was looked at")
        raise typer.Exit(1) from None
    found = [str(each) for each in findings(content)]
    if online and not found:
        found += _online(content, settings)
    elif online:
        typer.echo("The platforms were not asked: correct the file first.", err=True)
    for line in found:
        typer.echo(line)
    if found:
        raise typer.Exit(1)
    typer.echo(f"{path}: nothing is wrong")


def _path(given: Path | None, settings: Any) -> Path:
    """Raises SettingsError: no file is named anywhere."""
    from soundings.deploy.local.state import read_state
    from soundings.services.settings import SettingsError

    up = read_state(settings.state)
    path: Path | None = given or settings.accounts or (Path(up.accounts) if up and up.accounts else None)
    if path is None:
        raise SettingsError("SOUNDINGS_ACCOUNTS: name the file of departments, or give it to the command")
    return path


def _online(content: Any, settings: Any) -> list[str]:
    """What the platforms say of each account, public ones included."""
    from soundings.services.domain.accounts import Account, Platform
    from soundings.services.intake.accounts import parse_accounts
    from soundings.streams.sources.lookups import NotAsked, lookups

    book = parse_accounts(content)
    asked = [(department.name, account) for department in book.departments for account in department.accounts]
    for entry in content.get("public_account", ()):
        places = {name: entry[name] for name in ("handle", "instance", "native_id") if name in entry}
        asked.append(("public account", Account(platform=Platform(entry.get("platform", "x")), **places)))
    look = lookups(settings)
    found = []
    for where, account in asked:
        here = f"{where}, {account.key}"
        if account.platform not in look:
            typer.echo(f"{here}: not asked, there is no token for this platform", err=True)
            continue
        try:
            known = look[account.platform](account)
        except NotAsked as error:
            found.append(f"{here}: could not be asked: {error}. Try again, or correct the settings")
            continue
        if not known.exists:
            found.append(f"{here}: does not exist there. Correct the handle: nothing that is said to it is heard")
        elif account.native_id and known.native_id and known.native_id != account.native_id:
            found.append(
                f"{here}: has the id {known.native_id}, not {account.native_id}. "
                "The handle is somebody else's now, or native_id is wrong"
            )
    return found
