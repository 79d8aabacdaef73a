"""`soundings accounts check`: every mistake at once, each with its place and what to do; and what the platforms say."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from soundings.deploy.cli import app
from soundings.deploy.scenario import ACCOUNTS_TOML
from soundings.services.intake.findings import findings
from soundings.streams.sources.stand_in_http import TOKEN, Exchange, serving
from soundings.streams.sources.stand_in_mastodon import MastodonStandIn
from soundings.streams.sources.stand_in_x import XStandIn

DOCS = Path(__file__).parents[2] / "docs"
SOUND = """
[[department]]
name = "Ministry of Tests"

[[department.account]]
handle = "@TestMin"

[[department.policy_area]]
name = "Forms"
keywords = ["form"]
accounts = ["x:testmin"]
owner = "forms@tests.example"

[[public_account]]
handle = "TheGazette"
name = "The Gazette"
"""


def said(text: str) -> list[str]:
    return [str(each) for each in findings(tomllib.loads(text))]


def test_a_sound_file_has_no_findings() -> None:
    assert said(SOUND) == []
    assert said(ACCOUNTS_TOML.read_text()) == []


def test_the_example_in_the_documents_is_sound_and_says_that_it_is_incomplete() -> None:
    example = (DOCS / "accounts-example.toml").read_text(encoding="utf-8")
    assert said(example) == []
    assert "PLAINLY INCOMPLETE" in example
    assert "23 November 2026" in example


SECOND = '\n[[department]]\nname = "Office of Trials"\n[[department.account]]\nhandle = '
AGAIN = SECOND.replace("Office of Trials", "Ministry of Tests")


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (("keywords", "keyword"), "department 'Ministry of Tests', policy area 'Forms'", "field 'keyword' is unknown"),
        (('name = "Forms"', 'name = "Forms"\nlead = "x"'), "policy area 'Forms'", "field 'lead' is unknown"),
        (('handle = "@TestMin"', 'platform = "twitter"\nhandle = "@TestMin"'), "account 1", "'twitter' is unknown"),
        (('handle = "@TestMin"', 'handle = ""'), "department 'Ministry of Tests', account 1", "has no handle"),
        (('"@TestMin"', '"@Test Min"'), "account 1 (x:test min)", "is no handle of this platform"),
        (
            ('"@TestMin"', '"@TestMin"\n[[department.account]]\nhandle = "TESTMIN"'),
            "department 'Ministry of Tests', account 2 (x:testmin)",
            "stands there already, as department 'Ministry of Tests', account 1 (x:testmin)",
        ),
        (
            ("[[public", f'{SECOND}"testMIN"\n[[public'),
            "department 'Office of Trials', account 1 (x:testmin)",
            "is an account of 'Ministry of Tests' too",
        ),
        (
            ('"TheGazette"', '"testmin"'),
            "public account 1 (x:testmin)",
            "is an account of 'Ministry of Tests' too",
        ),
        (("[[public", "[[publik"), "the file", "field 'publik_account' is unknown"),
        (('"x:testmin"', '"x:nobody"'), "policy area 'Forms'", "account 'x:nobody' is nobody's"),
        (
            ('accounts = ["x:testmin"]', 'accounts = ["trialoffice"]\n'),
            "policy area 'Forms'",
            "account 'trialoffice' is nobody's",
        ),
        (('owner = "forms@tests.example"', ""), "policy area 'Forms'", "has no owner"),
        (("forms@tests.example", "the forms team"), "policy area 'Forms'", "is no e-mail address"),
        (('["form"]', '["form", " "]'), "policy area 'Forms'", "has an empty keyword"),
        (('["form"]', '["th"]'), "policy area 'Forms'", "would find nearly every post"),
        (('["form"]', '["The"]'), "policy area 'Forms'", "would find nearly every post"),
        (('name = "Ministry of Tests"', ""), "department 1", "has no name"),
        (('"@TestMin"', '"@TestMin"\npurpose = "shouting"'), "account 1", "purpose 'shouting' is unknown"),
        (('"@TestMin"', '"@TestMin"\npolicy_page = "our page"'), "account 1", "policy_page 'our page' is no address"),
        (("[[public", f'{AGAIN}"b"\n[[public'), "'ministry-of-tests'", "stands there twice"),
        (('"Ministry of Tests"', '"Ministry of Tests"\ntimezone = "Mars"'), "Ministry", "'Mars' does not exist"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_place_and_what_to_do(change: tuple[str, str], where: str, what: str) -> None:
    assert change[0] in SOUND
    found = [line for line in said(SOUND.replace(*change, 1)) if where in line.split(": ")[0] and what in line]
    assert len(found) == 1, said(SOUND.replace(*change, 1))
    assert len(found[0].split(". ")[-1]) > 8, "it says what to do"


def test_several_mistakes_are_told_at_once() -> None:
    """Who corrects a file must not find the next mistake only after mending the one before."""
    text = SOUND.replace("forms@tests.example", "nobody").replace('["form"]', '[""]').replace("TheGazette", "")
    assert len(said(text)) == 3


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    monkeypatch.setenv("SOUNDINGS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("SOUNDINGS_X__BEARER_TOKEN", TOKEN)

    def check(text: str, *words: str) -> tuple[int, str]:
        file = tmp_path / "accounts.toml"
        file.write_text(text)
        done = CliRunner().invoke(app, ["accounts", "check", str(file), *words])
        assert TOKEN not in done.output
        return done.exit_code, done.output

    return check


def test_the_command_ends_with_one_if_anything_is_wrong(call: Any) -> None:
    assert call(SOUND)[0] == 0
    assert call(SOUND.replace("forms@tests.example", "nobody"))[0] == 1
    code, output = call("[[department]\n")
    assert (code, "Correct the TOML" in output) == (1, True)


def names(exchange: Exchange) -> None:
    """A resolver of Bluesky's that knows one handle."""
    if exchange.query.get("handle") == "tests.example.gov.uk":
        return exchange.answer(200, {"did": "did:plc:tests"})
    return exchange.answer(400, {"error": "InvalidRequest", "message": "Unable to resolve handle"})


EVERYWHERE = """
[[department]]
name = "Ministry of Tests"
[[department.account]]
handle = "TestMin"
native_id = "17"
[[department.account]]
platform = "bluesky"
handle = "tests.example.gov.uk"
[[department.account]]
platform = "mastodon"
handle = "TestMin"
instance = "INSTANCE"
[[public_account]]
handle = "TheGazette"
name = "The Gazette"
"""


def test_accounts_that_do_not_exist_or_are_somebody_elses_are_found_online(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against stand-ins for all three platforms; a platform that does not answer says nothing about an account."""
    x, mastodon = XStandIn(), MastodonStandIn()
    x.accounts = {"TestMin": "17", "TheGazette": "18"}
    mastodon.accounts = {"TestMin": "9"}
    with x.running() as at_x, mastodon.running() as at_mastodon, serving(names) as at_bluesky:
        monkeypatch.setenv("SOUNDINGS_X__URL", at_x)
        monkeypatch.setenv("SOUNDINGS_BLUESKY__RESOLVER", at_bluesky)
        text = EVERYWHERE.replace("INSTANCE", at_mastodon.removeprefix("http://"))
        assert call(text, "--online")[0] == 0

        wrong = text.replace('"17"', '"99"').replace("tests.example", "typo.example").replace("TheGazette", "Gone")
        mastodon.accounts = {}
        code, output = call(wrong, "--online")
        assert code == 1
        assert "x:testmin: has the id 17, not 99" in output
        assert "bluesky:typo.example.gov.uk: does not exist there" in output
        assert "mastodon:testmin: does not exist there" in output
        assert "public account, x:gone: does not exist there" in output
    code, output = call(text, "--online")
    assert code == 1
    assert output.count("could not be asked") == 4


def test_without_a_token_x_is_not_asked(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is no mistake of the file."""
    monkeypatch.delenv("SOUNDINGS_X__BEARER_TOKEN")
    code, output = call(SOUND, "--online")
    assert code == 0
    assert "x:testmin: not asked, there is no token" in output
