"""`soundings themes`: a file or a command, and what a decision takes and says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from soundings.deploy.commands import register_desk
from soundings.deploy.commands.register_desk import Desk
from soundings.deploy.commands.themes import app
from soundings.services.domain.accounts import Account, AccountBook, Department, Platform, PolicyArea
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, Tags
from soundings.services.domain.themes import Evidence, Recurrence, Theme, ThemesRead, ThemeWeek, Trend
from soundings.services.index.memory import MemoryIndex
from soundings.services.themes.deciding import week_name
from soundings.services.themes.register_store import MemoryRegister

D = "department-of-examples"
NOW = datetime.now(UTC)
WEEK = week_name(NOW.date())
BOOK = AccountBook(
    departments=(
        Department(
            key=D,
            name="Department of Examples",
            timezone="UTC",
            accounts=(Account(platform=Platform.X, handle="ExampleGov"),),
            policy_areas=(PolicyArea(name="Ferries", owner="f@example.org"), PolicyArea(name="Roads")),
        ),
    )
)


def week(number: int, title: str, people: int, areas: tuple[str, ...] = (), trend: Trend = Trend.NEW) -> ThemeWeek:
    evidence = Evidence(posts=people + 2, reposts=1, texts=people, voices=people, hostile=0, questions=1, suggestions=0)
    theme = Theme(
        id=f"{D}:{number}",
        title=title,
        keywords=(),
        evidence=evidence,
        weeks={WEEK: people + 3},
        recurrence=Recurrence(trend=trend, weeks_present=5, weeks_looked_at=8, first_week=WEEK, reason="so"),
        representatives=("x::1",),
        questions=("x::2",),
        suggestions=(),
        campaign=number == 3,
    )
    return ThemeWeek(department=D, week=WEEK, at=NOW, theme=theme, areas=areas)


def mention(number: int, text: str, *, offensive: bool = False) -> Mention:
    post = Post(
        id=f"x::{number}",
        created_at=NOW,
        voice=f"v{number}",
        text=text,
        kind=PostKind.ORIGINAL,
        source="x",
        departments=(D,),
    )
    return Mention(
        post=post,
        tags=Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.1, offensive=offensive, acts=()),
    )


THEMES = (
    week(1, "Late ferries", 120, ("Ferries",), Trend.STEADY),
    week(2, "Potholes on Mill Lane", 40, ("Roads",), Trend.GROWING),
    week(3, "Sign the charter", 9),
)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryRegister:
    index, register = MemoryIndex(), MemoryRegister()
    read = ThemesRead(department=D, week=WEEK, at=NOW, themes=tuple(w.theme.id for w in THEMES), counts={"received": 9})
    asyncio.run(
        index.put([*THEMES, read, mention(1, "@user_1 the \x1b[31mferry is late"), mention(2, "why is it late?")])
    )

    @contextmanager
    def connected(accounts: Path | None) -> Iterator[Desk]:
        with asyncio.Runner() as runner:
            yield Desk(book=BOOK, index=index, store=register, runner=runner)

    monkeypatch.setattr(register_desk, "connected", connected)
    return register


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, " ".join(result.output.split())


def decide(*words: str) -> tuple[int, str]:
    return run(*words, "--note", "agreed on Monday", "--who", "r.rowe")


def test_the_first_word_is_a_command_or_a_file(tmp_path: Path) -> None:
    """A file's name is taken as such, a misspelt command is named with those that there are."""
    file = tmp_path / "posts.jsonl"
    file.write_text('{"id": "1", "text": "the ferry is late"}\n')
    assert run(str(file), "--assignments", str(tmp_path / "out.jsonl"))[0] == 0
    assert (tmp_path / "out.jsonl").exists()
    assert run("--assignments", str(tmp_path / "two.jsonl"), str(file))[0] == 0
    code, said = run("adpot")
    assert code == 2
    assert "'adpot' is neither a file nor one of list, show, adopt" in said
    assert "--assignments" in run(str(file))[1]


def test_help_shows_both_ways_and_each_has_its_own() -> None:
    """Whoever asks for help learns of the file and of the commands, and gets the file's options by name."""
    code, said = run("--help")
    assert code == 0
    assert "FILE --assignments OUT.jsonl" in said
    assert "adopt" in said
    assert " file " not in said.partition("Commands")[2]
    assert "--words-only" in run("posts.jsonl", "--help")[1]
    assert "--area" in run("adopt", "--help")[1]


def test_a_week_is_listed_by_people_with_campaigns_last(store: MemoryRegister) -> None:
    """The table has people before posts, the trend in words and who decided what."""
    code, said = run("list")
    assert code == 0, said
    assert said.index("Late ferries") < said.index("Potholes") < said.index("Sign the charter")
    assert "120 │ 123 │ recurring, in its 5th of 8 weeks │ candidate │ Ferries" in said
    assert "new, campaign" in said
    assert "received 9" in said


def test_a_list_is_narrowed_to_an_area_and_an_owner(store: MemoryRegister) -> None:
    """An adopted theme is in the list of its area and its owner, also where its words say another."""
    assert decide("adopt", f"{D}:2", "--area", "ferries", "--owner", "b@example.org")[0] == 0
    listed = run("list", "--area", "Ferries")[1]
    assert "Late ferries" in listed
    assert "Potholes" in listed
    assert "Potholes" not in run("list", "--area", "Roads")[1]
    mine = run("list", "--owner", "b@example.org")[1]
    assert "Potholes" in mine
    assert "Late ferries" not in mine


def test_a_theme_goes_from_candidate_to_changed(store: MemoryRegister) -> None:
    """Each command adds its step; at the end stands what changed, with its link."""
    code, said = decide("adopt", f"{D}:1", "--area", "ferries")
    assert (code, said) == (0, f"{D}:1 “Late ferries”: adopted, heard; Ferries, f@example.org")
    assert decide("rename", f"{D}:1", "Ferries that come late")[0] == 0
    assert decide("status", f"{D}:1", "being-looked-at")[0] == 0
    assert decide("status", f"{D}:1", "answered")[0] == 0
    code, said = decide("status", f"{D}:1", "changed")
    assert code == 2
    assert "say what changed" in said
    code, said = decide("status", f"{D}:1", "changed", "--change", "delivery", "--what", "a later ferry")
    assert code == 2
    assert "--link" in said
    done = ("--change", "delivery", "--what", "a later ferry", "--link", "https://example.org/ferry")
    assert decide("status", f"{D}:1", "changed", *done)[0] == 0
    entry = asyncio.run(store.get(f"{D}:1"))
    assert entry is not None
    assert [step.who for step in entry.history] == ["r.rowe"] * 5
    shown = run("show", f"{D}:1")[1]
    assert "changed: a later ferry (delivery)" in shown
    assert "https://example.org/ferry" in shown
    assert "> the \ufffd[31mferry is late" in shown
    assert "user_1" not in shown


def test_what_cannot_be_done_is_said_and_changes_nothing(store: MemoryRegister) -> None:
    """Unknown theme, wrong stage, unknown area, no owner, a missing note: each ends with code 2 and a sentence."""
    for words, sentence in (
        (("adopt", f"{D}:77", "--area", "Ferries"), "there is no theme"),
        (("adopt", "elsewhere:1", "--area", "Ferries"), "is no theme: ids look like"),
        (("adopt", f"{D}:1", "--area", "Weather"), "configured: 'Ferries', 'Roads'"),
        (("adopt", f"{D}:2", "--area", "Roads"), "needs an owner"),
        (("status", f"{D}:1", "answered"), "nobody has adopted"),
        (("status", f"{D}:1", "done"), "the stages are heard, being-looked-at"),
        (("rename", f"{D}:1", "X"), "nobody has adopted"),
        (("list", "--week", "2026-99"), "write it as 2021-W10"),
    ):
        code, said = decide(*words) if words[0] != "list" else run(*words)
        assert code == 2, words
        assert sentence in said.replace(" │ ", " "), words
    assert run("discard", f"{D}:1")[0] == 2
    assert asyncio.run(store.of_department(D)) == ()
    assert decide("adopt", f"{D}:1", "--area", "Ferries")[0] == 0
    code, said = decide("status", f"{D}:1", "changed")
    assert code == 2
    assert "after heard comes being looked at, not changed" in said


def test_merged_and_discarded_themes_leave_the_list(store: MemoryRegister) -> None:
    """A candidate is merged without being adopted first; what a merged theme became is named."""
    assert decide("adopt", f"{D}:1", "--area", "Ferries")[0] == 0
    code, said = decide("merge", f"{D}:2", f"{D}:1")
    assert code == 0
    assert f"{D}:2 “Potholes on Mill Lane”: merged into {D}:1" in said
    assert decide("discard", f"{D}:3")[0] == 0
    listed = run("list")[1]
    assert "Potholes" not in listed
    assert "charter" not in listed
    code, said = decide("rename", f"{D}:2", "X")
    assert code == 2
    assert f"was merged into {D}:1" in said


def test_a_split_names_its_parts_by_their_words(store: MemoryRegister) -> None:
    """The parts get ids of their own and stand in the list until posts come to them."""
    assert decide("adopt", f"{D}:1", "--area", "Ferries")[0] == 0
    code, said = decide("split", f"{D}:1", "--part", "Late ferries: late, waiting", "--part", "Dear ferries")
    assert code == 0
    assert said.count("adopted, heard") == 2
    parts = [entry for entry in asyncio.run(store.of_department(D)) if entry.theme != f"{D}:1"]
    assert [(part.title, part.words) for part in parts] == [
        ("Late ferries", ("late", "waiting")),
        ("Dear ferries", ()),
    ]
    assert "Dear ferries" in run("list")[1]
    assert decide("split", parts[0].theme, "--part", "A: x", "--part", "B: y")[0] == 0
    assert len({entry.theme for entry in asyncio.run(store.of_department(D))}) == 5


def test_who_is_the_login_name_unless_said(store: MemoryRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody decides anonymously."""
    monkeypatch.setenv("LOGNAME", "j.doe")
    assert run("adopt", f"{D}:1", "--area", "Ferries", "--note", "n")[0] == 0
    assert run("hand-over", f"{D}:1", "--owner", "new@example.org", "--note", "n")[0] == 0
    entry = asyncio.run(store.get(f"{D}:1"))
    assert entry is not None
    assert [step.who for step in entry.history] == ["j.doe", "j.doe"]
    assert (entry.owner, entry.area) == ("new@example.org", "Ferries")


def test_a_decision_from_an_outdated_page_is_refused(store: MemoryRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else was quicker: the command says so, with a code that tells it from a mistake."""
    assert decide("adopt", f"{D}:1", "--area", "Ferries")[0] == 0
    old = asyncio.run(store.get(f"{D}:1"))
    assert decide("rename", f"{D}:1", "Ferries")[0] == 0

    async def stale(theme: str) -> Any:
        return old

    monkeypatch.setattr(store, "get", stale)
    code, said = decide("rename", f"{D}:1", "Boats")
    assert code == 1
    assert "somebody else decided meanwhile" in said
