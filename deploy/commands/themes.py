"""`soundings themes FILE …` and `soundings themes COMMAND …`: themes of a file, and what is decided about themes."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from soundings.deploy.commands import register

LINES_NAMED = 20
"""Bad lines that are named; of a file that is all wrong nobody reads more."""

FILE = "file"


class FileOrCommand(TyperGroup):
    """A group whose first word may also be a file: then it is the command `file`.

    Contexts are Any: typer has a click of its own, whose Context it does not name in public.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first and first not in self.commands and first not in ctx.help_option_names:
            # Without an option it can only be a command that was misspelt, or a file whose options were forgotten.
            if len(args) == 1 and not Path(first).exists():
                ctx.fail(f"{first!r} is neither a file nor one of {', '.join(self.list_commands(ctx))}")
            args = [FILE, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in super().list_commands(ctx) if name != FILE]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return ["FILE --assignments OUT.jsonl [--report R.json] | COMMAND [ARGS]..."]


app = typer.Typer(
    cls=FileOrCommand,
    no_args_is_help=True,
    help="What people keep saying. With a FILE of posts: find its themes in one pass (`soundings themes FILE --help`; "
    "a file that is called like a command is written ./list). With a command: see the themes of the running service "
    "and decide about them. Each decision is kept with who took it, when and why, and is never undone by the machine.",
)


@app.command(FILE, hidden=True)
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


app.command("list")(register.list_themes)
app.command("show")(register.show)
app.command("adopt")(register.adopt)
app.command("rename")(register.rename)
app.command("merge")(register.merge)
app.command("split")(register.split)
app.command("discard")(register.discard)
app.command("status")(register.status)
app.command("hand-over")(register.hand_over)
