"""`soundings retention run | hold | release | list`."""

from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="How long anything is kept, and what a legal hold keeps for longer.")

Who = Annotated[str, typer.Option(help="Name and office of the person who decides it")]
Why = Annotated[str, typer.Option(help="The reason, such as the reference of a request; name no member of the public")]


@app.command()
def run(
    daily: Annotated[bool, typer.Option("--daily", help="Go on for good, once a day")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts")] = False,
) -> None:
    """Remove what has been kept for its time, and say what went and what a hold kept.

    Exit code 0: done; 1: Elasticsearch cannot be reached, so run it again; with --daily it waits instead.
    """
    from soundings.deploy import retention
    from soundings.deploy.commands.target import target

    settings = target()
    if daily:
        raise typer.Exit(retention.serve(settings))
    done = _asked(retention.once(settings))
    typer.echo(retention.as_json(done) if json else "\n".join(retention.report(done)))


@app.command()
def hold(
    item: Annotated[str, typer.Argument(help="Id of a post, a firestorm or an alert, or DEPARTMENT/2026-W10")],
    who: Who,
    why: Why,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day on which it holds no more (UTC)")
    ] = None,
    accounts: Annotated[Path | None, typer.Option(help="TOML of departments, for the time zone of a week")] = None,
) -> None:
    """Keep an item beyond its time: a firestorm with its evidence, a week with all that its digest rests on."""
    from datetime import UTC

    from soundings.deploy import retention
    from soundings.deploy.commands.target import target

    end = until.replace(tzinfo=UTC) if until else None
    settings = target(accounts)
    held = _asked(retention.place(settings, item, who=who, why=why, until=end))
    typer.echo("\n".join(retention.described(held)))


@app.command()
def release(item: Annotated[str, typer.Argument(help="As it was named to `hold`")], who: Who, why: Why) -> None:
    """End a hold: what is due goes with the next run."""
    from soundings.deploy import retention
    from soundings.deploy.commands.target import target

    released = _asked(retention.release(target(), item, who=who, why=why))
    typer.echo("\n".join(retention.described(released)))


@app.command("list")
def show(
    every: Annotated[bool, typer.Option("--all", help="Also those that stand no more")] = False,
    json: Annotated[bool, typer.Option("--json", help="For scripts")] = False,
) -> None:
    """The holds that stand, with who placed each and why."""
    from soundings.deploy import retention
    from soundings.deploy.commands.target import target

    holds = _asked(retention.holds(target(), every=every))
    if json:
        typer.echo(retention.as_json(holds))
        return
    for each in holds:
        typer.echo("\n".join(retention.described(each)))
    if not holds:
        typer.echo("nothing is held")


def _asked(work: Coroutine[Any, Any, T]) -> T:
    """The answer; what is wrong is said in words, with an exit code: 1 for later, 2 for what was asked."""
    import asyncio

    from soundings.services.index.port import IndexMismatch, IndexUnavailable
    from soundings.services.retention.holds import NoSuchHold
    from soundings.services.retention.store import HoldChanged

    try:
        return asyncio.run(work)
    except (IndexUnavailable, IndexMismatch) as error:
        typer.echo(f"soundings: nothing was decided, Elasticsearch cannot be asked: {error}", err=True)
        raise typer.Exit(1) from None
    except HoldChanged as error:
        typer.echo(f"soundings: {error}; look at it (`soundings retention list --all`) and decide again", err=True)
        raise typer.Exit(1) from None
    except (ValueError, NoSuchHold) as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(2) from None
