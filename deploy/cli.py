"""The command `soundings`: every entry point in one place; the work is in deploy/commands."""

import sys

import typer

from soundings.services.settings import SettingsError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__, add_completion=False)


def main() -> None:
    try:
        app()
    except SettingsError as error:
        typer.echo(f"soundings: a setting is wrong, nothing was started\n{error}", err=True)
        sys.exit(2)
