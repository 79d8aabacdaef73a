"""`soundings erase`: removes what a person said, wherever its text is held, and says where it looked."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from soundings.deploy.erasing import Held
    from soundings.services.redactions.erasure import Erasure
    from soundings.services.settings import Settings

HELD = 3
"""Exit code: a legal hold stands against it."""


def erase(
    post: Annotated[str, typer.Option(help="Id of the post: platform:instance:id")] = "",
    voice: Annotated[str, typer.Option(help="Pseudonym: everything that is held of this voice")] = "",
    note: Annotated[
        str, typer.Option("--note", "--reason", help="What it goes back to, e.g. a reference number; name no person")
    ] = "",
    despite_hold: Annotated[
        str, typer.Option("--despite-hold", metavar="WHY", help="Erase what a legal hold keeps; the reason is recorded")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="For scripts")] = False,
) -> None:
    """Remove a post, or all of a voice, with every repost; it stays away if it comes again.

    Exit code 0: erased, or there was nothing; 1: Kafka or Elasticsearch is down, nothing is certain, ask again;
    2: the question is wrong; 3: a legal hold keeps it and nothing was erased.
    """
    import asyncio

    import orjson
    from kafka.errors import KafkaError

    from soundings.deploy import erasing
    from soundings.deploy.commands.target import target
    from soundings.services.index.port import IndexMismatch, IndexUnavailable
    from soundings.services.redactions.erasure import StillThere

    wish = erasing.Wish(post=post, voice=voice, note=note, despite_hold=despite_hold)
    _check(post, voice)
    settings = target()
    _check_servers(settings)
    try:
        done = asyncio.run(erasing.erase(settings, wish, lambda words: typer.echo(f"{words} …", err=True)))
    except erasing.Held as held:
        _refuse(held)
        raise typer.Exit(HELD) from None
    except (KafkaError, IndexUnavailable, IndexMismatch) as error:
        typer.echo(f"soundings: not finished, ask again: {type(error).__name__}", err=True)
        raise typer.Exit(1) from None
    except StillThere as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(orjson.dumps(done, option=orjson.OPT_INDENT_2).decode() if json else "\n".join(report(done)))


def report(done: "Erasure") -> list[str]:
    """Where it looked, and what it found, in lines without a word of what was said."""
    number = f"{len(done.posts)} post{'s' * (len(done.posts) != 1)}"
    head = f"{number} erased" if done.found else "nothing was found"
    if done.found and not sum(done.removed.values()):
        head = "nothing was held in the index; if it comes, it will not be taken in"
    until = f", the last goes by itself on {done.topics.until:%Y-%m-%d %H:%M} UTC" if done.topics.until else ""
    lines = [f"{kind} (index): {number} removed, reposts included" for kind, number in done.removed.items()]
    lines += [f"topic {name}: {number} records{until}" for name, number in done.topics.records.items()]
    return [
        head,
        *lines,
        "topics cannot be changed: what is erased is passed over by whoever reads them",
        "quarantine: sealed, cannot be searched; nothing there is older than 7 days",
        f"alerts: {done.alerts} name it by its id and show it no more; {done.told} notices of them were sent",
        "e-mails, messages and papers that went out: cannot be recalled",
        "volumes, firestorms: counts and ids only; themes: these, and titles of a few words; they stay",
        "our own answers: keep the pseudonym of whom they answer until their 90 days are over",
        "a live source's list of what it delivered: ids and a keyed hash of the author, 90 days",
        "digests in files: Soundings does not know where they are; remove or make them anew",
    ]


def _check(post: str, voice: str) -> None:
    from soundings.services.redactions.erasure import check_post, check_voice

    try:
        if bool(post) == bool(voice):
            raise ValueError("erase wants either --post or --voice")
        if post:
            check_post(post)
        else:
            check_voice(voice)
    except ValueError as error:
        typer.echo(f"soundings: {error}", err=True)
        raise typer.Exit(2) from None


def _check_servers(settings: "Settings") -> None:
    """Both must answer before anything is begun."""
    from soundings.deploy.local.probes import elasticsearch_answers, kafka_answers

    for name, why in (
        ("Kafka", kafka_answers(settings.kafka)),
        ("Elasticsearch", elasticsearch_answers(settings.elasticsearch)),
    ):
        if why:
            typer.echo(f"soundings: {name} is down ({why}); nothing was erased", err=True)
            raise typer.Exit(1)


def _refuse(held: "Held") -> None:
    typer.echo("soundings: nothing was erased, a legal hold stands against it (--despite-hold WHY):", err=True)
    for post, hold in sorted(held.holds.items()):
        typer.echo(f"  {post}: held with {hold.item}, by {hold.last.who}: {hold.last.why}", err=True)
