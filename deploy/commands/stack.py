"""`soundings up` and `soundings down`."""

from pathlib import Path
from typing import Annotated

import typer


def up(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Instances of each worker that shares partitions")] = 1,
    detach: Annotated[bool, typer.Option("--detach", help="Return when everything is ready; `down` stops it")] = False,
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments, accounts and policy areas")] = None,
    servers_only: Annotated[bool, typer.Option("--servers-only", help="Kafka and Elasticsearch, no workers")] = False,
) -> None:
    """Start Kafka, Elasticsearch and the workers on this machine, and keep them running."""
    from functools import partial

    from rich.console import Console

    from soundings.deploy.local.errors import StackError
    from soundings.deploy.local.preparation import prepare
    from soundings.deploy.local.running import run, start_detached, this_python
    from soundings.deploy.local.workers import everything, worker_parts
    from soundings.services.intake.accounts import load_accounts
    from soundings.services.settings import load

    settings = load(**({"accounts": accounts} if accounts else {}))
    if not servers_only:
        load_accounts(settings.accounts)  # a mistake in it is said now, not by each worker in its log
    console = Console()
    if not detach:
        parts = partial(worker_parts, workers=()) if servers_only else partial(everything, instances=workers)
        raise typer.Exit(run(settings, console, prepare=prepare, workers=parts))
    arguments = ["up", "--workers", str(workers), *(["--servers-only"] if servers_only else [])]
    try:
        state = start_detached(settings, this_python(*arguments))
    except StackError as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    where = f"Kafka {state.kafka}, Elasticsearch {state.elasticsearch}"
    console.print(f"Soundings is up: {where}; `soundings down` stops it", highlight=False, soft_wrap=True)


def down() -> None:
    """Stop everything that `up` started."""
    from soundings.deploy.local.running import stop
    from soundings.services.settings import load

    typer.echo(stop(load()))


def main() -> None:
    """These two commands alone: what `up --detach` starts in the background."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(up)
    app.command()(down)
    app()


if __name__ == "__main__":
    main()
