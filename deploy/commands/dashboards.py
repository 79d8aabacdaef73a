"""`soundings dashboards build | push | check`."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The Grafana dashboards: built, pushed, checked.")


@app.command()
def build() -> None:
    """Write the dashboards and the data sources as files, for the repository and for Grafana's provisioning."""
    from soundings.dashboards.build import HERE, write

    changed = write()
    typer.echo("\n".join(f"written: {path}" for path in changed) or f"nothing has changed in {HERE}")


@app.command()
def push(
    elasticsearch: Annotated[str, typer.Option(help="Where Grafana finds Elasticsearch, if not where we do")] = "",
) -> None:
    """Bring data sources, folder and dashboards into the Grafana of the settings; pushing again is harmless."""
    from soundings.dashboards.push import PushFailed
    from soundings.dashboards.push import push as push_all
    from soundings.deploy.commands.target import elasticsearch_of
    from soundings.services.settings import load

    settings = load()
    try:
        pushed = push_all(settings.grafana, elasticsearch_of(settings), elasticsearch)
    except PushFailed as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo("\n".join(pushed.dashboards))


@app.command()
def check(
    elasticsearch: Annotated[str, typer.Option(help="Address, if not that of the settings")] = "",
) -> None:
    """Run what Grafana would send for each panel on Elasticsearch, over made-up records, and judge the answers."""
    import asyncio
    from datetime import UTC, datetime

    from soundings.dashboards.check import Report
    from soundings.dashboards.check import check as check_all
    from soundings.deploy.commands.target import elasticsearch_of
    from soundings.services.index.connection import connect
    from soundings.services.index.port import IndexUnavailable
    from soundings.services.settings import load

    settings = elasticsearch_of(load())
    there = settings.model_copy(update={"url": elasticsearch}) if elasticsearch else settings

    async def run() -> Report:
        async with connect(there) as client:
            return await check_all(client, f"{there.prefix}-check", datetime.now(UTC))

    try:
        report = asyncio.run(run())
    except IndexUnavailable as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(1) from None
    for finding in report.findings:
        typer.echo(f"{finding.dashboard}, {finding.search}: {finding.words}")
    typer.echo(f"{report.searches} searches, {len(report.findings)} complaints")
    if report.findings:
        raise typer.Exit(1)
