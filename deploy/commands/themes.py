"""`soundings themes`: one online pass over a file of posts."""

from pathlib import Path
from typing import Annotated

import typer

LINES_NAMED = 20
"""Bad lines that are named; of a file that is all wrong nobody reads more."""


def themes(
    file: Annotated[Path, typer.Argument(help="Posts, JSON lines, may end in .gz; only id and text must be there")],
    assignments: Annotated[Path, typer.Option(help='Where a line {"id", "theme", "at_once"} for each post goes')],
    report: Annotated[Path | None, typer.Option(help="Where the themes with labels, evidence and weeks go")] = None,
    week: Annotated[str | None, typer.Option(help="Report on this ISO week (2021-W10) only")] = None,
    words_only: Annotated[bool, typer.Option(help="Without embeddings: for languages other than English")] = False,
) -> None:
    """Find the recurring themes of a file of posts in one online pass."""
    from tempfile import TemporaryFile

    import orjson

    from soundings.services.themes.encoder import NoEncoder, StaticEncoder
    from soundings.services.themes.files import read_posts, whole
    from soundings.services.themes.report import report as make_report
    from soundings.services.themes.run import one_pass, resolve

    encoder = NoEncoder() if words_only else StaticEncoder()
    try:
        with TemporaryFile() as spool:
            done = one_pass(read_posts(file), encoder, spool)
            with whole(assignments) as out:
                resolve(spool, done, out)
        if report:
            made = make_report(done.engine, done.shelf.get, week=week)
            with whole(report) as out:
                out.write(orjson.dumps(made, option=orjson.OPT_INDENT_2))
    except OSError as error:
        typer.echo(f"soundings themes: {error}", err=True)
        raise typer.Exit(1) from None
    for line in done.bad[:LINES_NAMED]:
        typer.echo(f"{file}:{line.line}: {line.reason}", err=True)
    if len(done.bad) > LINES_NAMED:
        typer.echo(f"{file}: {len(done.bad) - LINES_NAMED} more lines are no posts", err=True)
    counts = {**done.engine.counts, "statements": done.ours, "no posts": len(done.bad)}
    typer.echo(", ".join(f"{name} {number}" for name, number in counts.items() if number), err=True)
