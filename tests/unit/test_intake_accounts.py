"""The file of accounts: each kind of mistake is named, with the department that it is in."""

import tomllib
from pathlib import Path

import pytest

from soundings.services.domain.accounts import Platform, Purpose
from soundings.services.intake.accounts import load_accounts, parse_accounts, slug
from soundings.services.settings import SettingsError

SOUND = """
[[department]]
name = "Ministry of Tests"
timezone = "Europe/London"

[[department.account]]
platform = "x"
handle = "@TestMin"
purpose = "broadcast"

[[department.account]]
platform = "mastodon"
handle = "tests@social.example"

[[department.policy_area]]
name = "Forms"
keywords = ["form", "page"]
owner = "forms@tests.example"

[[public_account]]
handle = "TheGazette"
name = "The Gazette"
"""


def test_a_sound_file_is_read_whole() -> None:
    book = parse_accounts(tomllib.loads(SOUND))
    (department,) = book.departments
    assert (department.key, department.timezone) == ("ministry-of-tests", "Europe/London")
    assert [account.key for account in department.accounts] == ["x:testmin", "mastodon:tests@social.example"]
    assert department.accounts[0].purpose is Purpose.BROADCAST
    assert department.accounts[1].platform is Platform.MASTODON
    assert department.policy_areas[0].keywords == ("form", "page")
    assert book.named == {"x:testmin", "mastodon:tests@social.example", "x:thegazette"}


def altered(before: str, after: str) -> str:
    assert before in SOUND
    return SOUND.replace(before, after, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", r"holds no \[\[department\]\]"),
        ("title = 'x'", "the file : unknown title"),
        ("department = 'x'", r"'department' must be written as \[\[department\]\]"),
        ("[department]\nname = 'x'", r"must be written as \[\[department\]\]"),
        ("[[department]]\nname = 'Lonely'", r"'Lonely' has no \[\[department.account\]\]"),
        (altered('name = "Ministry of Tests"\n', ""), "'name' is missing"),
        (altered('"Ministry of Tests"', '"  "'), "'name' is missing"),
        (altered('"Ministry of Tests"', '"省"'), "key '' must be lower-case"),
        (altered('timezone = "Europe/London"', 'timezone = "Moon/Base"'), "'Moon/Base' is no time zone"),
        (altered('timezone = "Europe/London"', "timezone = 3"), "3 is no time zone"),
        (altered('timezone = "Europe/London"', 'key = "Über"'), "must be lower-case letters, digits and hyphens"),
        (altered('timezone = "Europe/London"', 'colour = "red"'), "department : unknown colour"),
        (altered('platform = "x"', 'platform = "fax"'), "platform 'fax' is none of x, bluesky, mastodon"),
        (altered('handle = "@TestMin"\n', ""), "'handle' is missing"),
        (altered('purpose = "broadcast"', 'purpose = "fun"'), "purpose 'fun' is none of broadcast, engagement"),
        (altered('purpose = "broadcast"', "followers = 3"), "account Ministry of Tests: unknown followers"),
        (altered('owner = "forms@tests.example"', "boss = 'x'"), "policy_area Ministry of Tests: unknown boss"),
        (altered('["form", "page"]', '"form"'), "'Ministry of Tests': 'keywords' must be a list of words"),
        (altered('["form", "page"]', "[1]"), "'keywords' must be a list of words"),
        (altered('name = "The Gazette"', 'rank = "x"'), "public_account : unknown rank"),
        (altered('name = "The Gazette"\n', ""), "'name' is missing"),
        (SOUND + SOUND, "two departments are called 'Ministry of Tests'"),
        (
            SOUND + '[[department]]\nname = "Other"\n[[department.account]]\nhandle = "testMIN"\n',
            "x:testmin belongs to 'Ministry of Tests' and to 'Other'",
        ),
        (
            altered('platform = "mastodon"\nhandle = "tests@social.example"', 'handle = "TESTMIN"'),
            "x:testmin belongs to 'Ministry of Tests' and to 'Ministry of Tests'",
        ),
    ],
)
def test_each_mistake_is_named(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_accounts(tomllib.loads(text))


def test_a_mistake_comes_with_the_name_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text("[[department]]\nname = 'Lonely'")
    with pytest.raises(SettingsError, match=f"accounts file {file}: department 'Lonely'"):
        load_accounts(file)


@pytest.mark.parametrize("content", [b"not = [toml", b"\xff\xfe"])
def test_a_file_that_does_not_parse_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "accounts.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=f"accounts file {file}"):
        load_accounts(file)


def test_a_missing_file_and_a_missing_setting_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: No such file"):
        load_accounts(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="SOUNDINGS_ACCOUNTS"):
        load_accounts(None)


def test_a_slug_is_plain_letters_digits_and_hyphens() -> None:
    assert slug("  Département of Work & Pensions (2) ") == "departement-of-work-pensions-2"


def test_a_department_may_have_an_alert_budget_of_its_own() -> None:
    """A press office that can bear less than the others says so beside its accounts."""
    own = SOUND.replace('timezone = "Europe/London"', 'timezone = "Europe/London"\nalert_budget = 0.25')
    assert parse_accounts(tomllib.loads(own)).departments[0].alert_budget == 0.25
    assert parse_accounts(tomllib.loads(SOUND)).departments[0].alert_budget is None


@pytest.mark.parametrize("wrong", ["0", "8", "true", '"few"'])
def test_a_budget_that_cannot_be_meant_is_named(wrong: str) -> None:
    text = SOUND.replace('timezone = "Europe/London"', f"alert_budget = {wrong}")
    with pytest.raises(ValueError, match="'Ministry of Tests': alert_budget"):
        parse_accounts(tomllib.loads(text))
