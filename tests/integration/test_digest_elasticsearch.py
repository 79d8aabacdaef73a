"""The commands `soundings digest` and `soundings themes` on a real Elasticsearch."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from soundings.deploy.commands.digest import digest
from soundings.deploy.commands.themes import app as themes_app
from soundings.services.digests.compose import compose
from soundings.services.digests.files import as_json
from soundings.services.digests.reading import read
from soundings.services.digests.week import Week
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.domain.themes import Evidence, Recurrence, Theme, ThemesRead, ThemeWeek, Trend
from soundings.services.index import schema
from soundings.services.index.connection import connect
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import Record
from soundings.services.intake.accounts import load_accounts
from soundings.services.settings import ElasticsearchSettings

pytestmark = pytest.mark.stack

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
THEME = "department-of-examples:7"
ACCOUNTS = """
[[department]]
name = "Department of Examples"
timezone = "Europe/London"
[[department.account]]
platform = "x"
handle = "ExampleGov"
[[department.policy_area]]
name = "Permits"
keywords = ["permit"]
"""


def said() -> list[Mention]:
    """Five weeks; in the last, people ask about permits and one text is pasted."""
    mentions = []
    for back in range(5):
        for number in range(8):
            words = (
                f"is the permit office in Mockup open on day {number}?"
                if number < 4
                else f"word {number} on hold music"
            )
            mentions.append(mention(100 * back + number, words, MONDAY - timedelta(weeks=back)))
    return mentions + [mention(900 + n, "Sign the permit charter before it is late", MONDAY, "few") for n in range(5)]


def mention(number: int, words: str, at: datetime, voice: str = "") -> Mention:
    post = Post(
        id=f"x:x.com:{number}",
        created_at=at + timedelta(minutes=number),
        voice=voice or f"voice{number}",
        text=f"@ExampleGov {words}",
        kind=PostKind.ORIGINAL,
        source="x",
        accounts=("x:examplegov",),
        departments=("department-of-examples",),
    )
    act = SpeechAct.QUESTION if words.endswith("?") else SpeechAct.OTHER
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.2, offensive=False, acts=(act,))
    return Mention(post=post, tags=tags)


def themes() -> list[Record]:
    """One theme of the area, with a post of the week that stands for it."""
    evidence = Evidence(posts=4, reposts=0, texts=4, voices=12, hostile=0, questions=4, suggestions=0)
    seen = Recurrence(trend=Trend.STEADY, weeks_present=5, weeks_looked_at=8, first_week="2026-W24", reason="so")
    theme = Theme(
        id=THEME,
        title="Permit office open",
        keywords=(),
        evidence=evidence,
        weeks={"2026-W28": 4},
        recurrence=seen,
        representatives=("x:x.com:1",),
        questions=(),
        suggestions=(),
        campaign=False,
    )
    about = {"department": "department-of-examples", "week": "2026-W28", "at": MONDAY + timedelta(days=7)}
    return [ThemeWeek(theme=theme, areas=("Permits",), **about), ThemesRead(themes=(THEME,), **about)]  # type: ignore[arg-type]


async def fill(there: ElasticsearchSettings, records: Sequence[Record]) -> None:
    index = ElasticsearchIndex.at(there)
    await index.prepare()
    assert await index.put(records) == ()
    await index.refresh()
    await index.close()


async def forget(there: ElasticsearchSettings) -> None:
    async with connect(there) as client:
        await schema.forget(client, there.prefix)


@pytest.fixture
def there(stack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ElasticsearchSettings]:
    place = ElasticsearchSettings(url=stack.elasticsearch_url, prefix=f"digest-{datetime.now(UTC):%H%M%S%f}")
    (tmp_path / "accounts.toml").write_text(ACCOUNTS)
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    monkeypatch.setenv("SOUNDINGS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("SOUNDINGS_KAFKA__BOOTSTRAP", "127.0.0.1:9")
    monkeypatch.setenv("SOUNDINGS_ELASTICSEARCH__URL", place.url)
    monkeypatch.setenv("SOUNDINGS_ELASTICSEARCH__PREFIX", place.prefix)
    asyncio.run(fill(place, [*said(), *themes()]))
    yield place
    asyncio.run(forget(place))


def run(*arguments: str) -> Any:
    app = typer.Typer()
    app.command()(digest)
    return CliRunner().invoke(app, list(arguments))


def test_the_command_writes_what_the_index_holds(there: ElasticsearchSettings, tmp_path: Path) -> None:
    accounts, out = str(tmp_path / "accounts.toml"), tmp_path / "out"
    result = run("--week", "2026-W28", "--area", "permits", "--out", str(out), "--accounts", accounts)
    assert result.exit_code == 0, result.output
    made = json.loads((out / "department-of-examples-permits-2026-W28.json").read_text())["digest"]
    assert len(list(out.iterdir())) == 4

    book = load_accounts(Path(accounts))
    now = datetime.fromisoformat(made["made_at"])

    async def expected() -> dict[str, Any]:
        index = MemoryIndex()
        await index.put([*said(), *themes()])
        department = book.departments[0]
        material = await read(index, book, department, department.policy_areas[0], Week.parse("2026-W28"), now)
        composed: dict[str, Any] = json.loads(as_json(compose(material, now)))["digest"]
        return composed

    assert made == asyncio.run(expected())
    assert (made["volume"]["people"], made["volume"]["usual_people"]) == (5, 4)
    assert made["questions"]["groups"][0]["people"] == 4
    assert [item["quotes"][0]["post"] for item in made["themes"]["items"]] == ["x:x.com:1"]
    assert [(copied["people"], copied["posts"]) for copied in made["copies"]] == [(1, 5)]


def test_what_is_decided_at_the_command_line_stands_in_the_next_digest(
    there: ElasticsearchSettings, tmp_path: Path
) -> None:
    accounts, out = str(tmp_path / "accounts.toml"), tmp_path / "out"

    def decide(*words: str) -> str:
        result = CliRunner().invoke(themes_app, [*words, "--accounts", accounts])
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    by = ("--week", "2026-W28", "--note", "asked every week")
    adopted = decide("adopt", THEME, "--area", "permits", "--owner", "p@example.gov.uk", *by)
    assert "adopted, heard; Permits, p@example.gov.uk" in adopted
    assert "12 │ 4 │ recurring, in its 5th of 8 weeks │ adopted" in decide("list", "--week", "2026-W28")
    assert "is the permit office in Mockup open on day 1?" in decide("show", THEME, "--week", "2026-W28")
    week = ("--week", "2026-W28", "--area", "permits")
    assert run(*week, "--out", str(out), "--accounts", accounts).exit_code == 0
    text = " ".join((out / "department-of-examples-permits-2026-W28.txt").read_text().split())
    assert "Permit office open: 12 people" in text
    assert "Permits, p@example.gov.uk: heard." in text


def test_an_unknown_area_and_a_server_that_is_gone_end_with_a_sentence(
    there: ElasticsearchSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts, out = str(tmp_path / "accounts.toml"), tmp_path / "out"
    unknown = run("--week", "2026-W28", "--area", "Weather", "--out", str(out), "--accounts", accounts)
    assert unknown.exit_code == 2
    assert "configured: 'Permits'" in unknown.output
    monkeypatch.setenv("SOUNDINGS_ELASTICSEARCH__URL", "http://127.0.0.1:9")
    gone = run("--week", "2026-W28", "--out", str(out), "--accounts", accounts)
    assert gone.exit_code == 1
    assert "Elasticsearch cannot be read" in gone.output
    assert not out.exists()
