"""The command `soundings`: every entry point in one place; the work is in deploy/commands."""

import sys

import typer

from soundings.deploy.commands.accounts import app as accounts
from soundings.deploy.commands.backtest import backtest
from soundings.deploy.commands.bench import bench
from soundings.deploy.commands.dashboards import app as dashboards
from soundings.deploy.commands.demo import demo
from soundings.deploy.commands.digest import digest
from soundings.deploy.commands.erase import erase
from soundings.deploy.commands.ingest import ingest
from soundings.deploy.commands.replay import replay
from soundings.deploy.commands.retention import app as retention
from soundings.deploy.commands.stack import down, up
from soundings.deploy.commands.status import status
from soundings.deploy.commands.tag import tag
from soundings.deploy.commands.themes import app as themes
from soundings.deploy.commands.why import why
from soundings.services.settings import SettingsError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Soundings listens to what the public says to government departments on social media.",
)
for command in (demo, up, down, status, ingest, replay, backtest, why, tag, digest, erase, bench):
    app.command()(command)
app.add_typer(accounts, name="accounts")
app.add_typer(dashboards, name="dashboards")
app.add_typer(retention, name="retention")
app.add_typer(themes, name="themes")


def main() -> None:
    """Run the command; a wrong setting ends it with exit code 2 and its name."""
    try:
        app()
    except SettingsError as error:
        typer.echo(f"soundings: a setting is wrong, nothing was started\n{error}", err=True)
        sys.exit(2)
