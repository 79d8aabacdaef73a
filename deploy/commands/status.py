"""`soundings status`: the truth about every part, asked now."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from soundings.deploy.standing import RetentionStatus, Status


def status(
    json: Annotated[bool, typer.Option("--json", help="For scripts")] = False,
) -> None:
    """How every part is: health, what waits, staleness of each source, what became of every record.

    Exit code 0: all is well; 1: something is not; 2: a setting is wrong.
    """
    import orjson

    from soundings.deploy.standing import gather
    from soundings.services.settings import load

    found = gather(load())
    if json:
        typer.echo(orjson.dumps({**asdict(found), "healthy": found.healthy}, option=orjson.OPT_INDENT_2).decode())
    else:
        show(found)
    raise typer.Exit(0 if found.healthy else 1)


def show(found: "Status") -> None:
    """The status for a person."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not found.up:
        console.print("Soundings is not up.", *found.unknown, sep="\n", highlight=False, markup=False)
        return
    parts = Table("part", "is", "waiting", "memory", "restarts", "note", box=None, pad_edge=False)
    for part in found.parts:
        state = "[green]ready[/]" if part.ready else "[red]down[/]"
        lag = "" if part.lag is None else f"{part.lag:,}"
        parts.add_row(part.name, state, lag, f"{part.memory_mb} MB", str(part.restarts), part.note)
    console.print(parts)
    if found.sources:
        sources = Table("source", "received", "up to", "state", box=None, pad_edge=False)
        for source in found.sources:
            state = "ended" if source.ended else "[red]silent[/]" if source.stale else "delivering"
            notes = [f"{source.late:,} late"] if source.late else []
            notes += [f"{len(source.gaps)} gaps"] if source.gaps else []
            notes += [source.problem] if source.problem else []
            sources.add_row(source.name, f"{source.received:,}", source.up_to, ", ".join([state, *notes]))
        console.print("", sources)
    if found.received is not None:
        parts_of = " + ".join(f"{number:,} {fate}" for fate, number in sorted(found.counts.items()))
        under_way = f" + {found.under_way:,} under way" if found.under_way else ""
        console.print(f"\nreceived {found.received:,} = {parts_of or '0'}{under_way}", highlight=False, soft_wrap=True)
    if found.index:
        console.print(
            "index: " + ", ".join(f"{number:,} {kind}" for kind, number in found.index.items()), highlight=False
        )
    if found.retention is not None:
        console.print(_retained(found.retention), highlight=False, soft_wrap=True)
    for problem in found.unknown:
        console.print(problem, style="red", markup=False, highlight=False, soft_wrap=True)


def _retained(last: "RetentionStatus") -> str:
    if not last.ran:
        return "retention: has not run yet"
    late = "[red]overdue[/], " if last.overdue else ""
    kept = f", {last.held:,} kept for {last.holds:,} holds" if last.holds else ""
    return f"retention: {late}last ran {last.ran}, removed {last.removed:,}{kept}"
