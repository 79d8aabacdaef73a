"""`soundings themes list | show | adopt | rename | merge | split | discard | status | hand-over`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from soundings.services.domain.register import Change, Entry

Theme = Annotated[str, typer.Argument(help="Id of the theme, as `soundings themes list` shows it")]
Note = Annotated[str, typer.Option(help="Why: it is kept with the decision, for whoever asks next")]
Who = Annotated[str, typer.Option(help="Who decides; without it, the name you are logged in with on this machine")]
Accounts = Annotated[Path | None, typer.Option(help="TOML of departments, accounts and policy areas")]
WeekOf = Annotated[str, typer.Option(help="An ISO week, such as 2021-W10; without it, the latest with a report")]


def list_themes(
    department: Annotated[str, typer.Option(help="Key of the department; not needed where there is only one")] = "",
    week: WeekOf = "",
    area: Annotated[str, typer.Option(help="Only themes of this policy area")] = "",
    owner: Annotated[str, typer.Option(help="Only themes that this person owns")] = "",
    accounts: Accounts = None,
) -> None:
    """The themes of a week with the people behind them, and how far the adopted ones are."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.deploy.commands.register_tables import listed

    with desk(accounts) as at:
        found = at.run(at.themes(at.department(department, area), week, area, owner))
    listed(found)


def show(theme: Theme, week: WeekOf = "", accounts: Accounts = None) -> None:
    """One theme: its weeks, posts that stand for it, questions and suggestions in it, every decision about it."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.deploy.commands.register_tables import told

    with desk(accounts) as at:
        found = at.run(at.show(theme, week))
    told(found)


def adopt(
    theme: Theme,
    area: Annotated[str, typer.Option(help="Policy area that it belongs to")],
    note: Note,
    owner: Annotated[str, typer.Option(help="Who answers for it; without it, the owner of the area")] = "",
    title: Annotated[str, typer.Option(help="How it is called; without it, as the machine called it")] = "",
    week: WeekOf = "",
    who: Who = "",
    accounts: Accounts = None,
) -> None:
    """A candidate becomes a theme with a policy area and an owner: it has been heard."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.services.themes import deciding

    with desk(accounts) as at:
        department = at.department_of(theme)
        _say(
            at.run(
                deciding.adopt(
                    at.index,
                    at.store,
                    department,
                    theme,
                    area=area,
                    owner=owner,
                    title=title,
                    until=at.until(department, week),
                    by=at.signed(who, note),
                )
            )
        )


def rename(
    theme: Theme,
    title: Annotated[str, typer.Argument(help="The new title")],
    note: Note,
    who: Who = "",
    accounts: Accounts = None,
) -> None:
    """Give an adopted theme a better title."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.services.themes import deciding

    with desk(accounts) as at:
        _say(at.run(deciding.rename(at.store, theme, title, at.signed(who, note))))


def merge(
    theme: Annotated[str, typer.Argument(help="Id of the theme that becomes part of the other")],
    into: Annotated[str, typer.Argument(help="Id of the adopted theme that goes on")],
    note: Note,
    week: WeekOf = "",
    who: Who = "",
    accounts: Accounts = None,
) -> None:
    """Two themes become one; posts of both belong to the second from the next report on."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.services.themes import deciding

    with desk(accounts) as at:
        until = at.until(at.department_of(theme), week)
        gone, on = at.run(deciding.merge(at.index, at.store, theme, into, until=until, by=at.signed(who, note)))
        _say(gone, on)


def split(
    theme: Theme,
    part: Annotated[list[str], typer.Option(help='"Title: word, word": posts with these words; one may have none')],
    note: Note,
    who: Who = "",
    accounts: Accounts = None,
) -> None:
    """An adopted theme becomes several; which posts go where, the words of the parts say."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.services.themes import deciding

    with desk(accounts) as at:
        whole, off = at.run(deciding.split(at.store, theme, [_part(text) for text in part], at.signed(who, note)))
        _say(whole, *off)


def discard(theme: Theme, note: Note, week: WeekOf = "", who: Who = "", accounts: Accounts = None) -> None:
    """Nothing to follow up: it goes on gathering its posts and is not shown any more."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.services.themes import deciding

    with desk(accounts) as at:
        until = at.until(at.department_of(theme), week)
        _say(at.run(deciding.discard(at.index, at.store, theme, until=until, by=at.signed(who, note))))


def status(
    theme: Theme,
    progress: Annotated[str, typer.Argument(help="being-looked-at, answered, changed or will-not-change")],
    note: Note,
    change: Annotated[str, typer.Option(help="With changed: policy, delivery, legislation or communication")] = "",
    what: Annotated[str, typer.Option(help="With changed: what is different now, in words for the public")] = "",
    link: Annotated[str, typer.Option(help="With changed: address of the page that shows it")] = "",
    who: Who = "",
    accounts: Accounts = None,
) -> None:
    """The next stage of an adopted theme: being looked at, answered, then changed or will not change (why)."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.services.themes import deciding

    with desk(accounts) as at:
        stage = deciding.progress_of(progress)
        made = _change(change, what, link)
        _say(at.run(deciding.advance(at.store, theme, stage, change=made, by=at.signed(who, note))))


def hand_over(
    theme: Theme,
    note: Note,
    area: Annotated[str, typer.Option(help="Policy area; without it, as it is")] = "",
    owner: Annotated[str, typer.Option(help="Who answers for it; without it, the new area's owner")] = "",
    who: Who = "",
    accounts: Accounts = None,
) -> None:
    """An adopted theme goes to another policy area or owner."""
    from soundings.deploy.commands.register_desk import desk
    from soundings.services.themes import deciding

    with desk(accounts) as at:
        department = at.department_of(theme)
        by = at.signed(who, note)
        _say(at.run(deciding.hand_over(at.store, department, theme, area=area, owner=owner, by=by)))


def _part(text: str) -> tuple[str, tuple[str, ...]]:
    title, _, words = text.partition(":")
    return title.strip(), tuple(word.strip() for word in words.split(",") if word.strip())


def _change(kind: str, what: str, link: str) -> "Change | None":
    from soundings.services.themes.deciding import change_of

    return change_of(kind, what, link) if kind or what or link else None


def _say(*entries: "Entry") -> None:
    from soundings.services.themes.wording import entry_words

    for entry in entries:
        typer.echo(entry_words(entry))
