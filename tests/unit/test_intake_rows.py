"""Rows of an archive: what is wrong with one is said without quoting it, and nothing stops the reading."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.posts import Post, PostKind
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import MAX_TEXT, Malformed, parse_row

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BOOK = AccountBook(
    departments=(
        Department(
            key="ministry",
            name="Ministry",
            timezone="Europe/London",
            accounts=(
                Account(platform=Platform.X, handle="MinistryGov"),
                Account(platform=Platform.BLUESKY, handle="ministry.example"),
            ),
        ),
        Department(
            key="agency",
            name="Agency",
            timezone="Europe/London",
            accounts=(Account(platform=Platform.X, handle="AgencyGov"),),
        ),
    ),
    public_accounts={"x:thegazette": "The Gazette"},
)
PSEUDONYMS = Pseudonyms("a key of enough characters", BOOK.named)


def row(**changes: Any) -> dict[str, Any]:
    """A sound row; a change to None takes the field out."""
    sound = {
        "id": "101",
        "created_at": "2026-05-04T10:00:00Z",
        "author": "author-1",
        "text": "When does the office open, @MinistryGov?",
        "accounts": ["MinistryGov"],
    }
    return {name: value for name, value in {**sound, **changes}.items() if value is not None}


def parse(raw: bytes | dict[str, Any]) -> Post:
    return parse_row(raw if isinstance(raw, bytes) else orjson.dumps(raw), BOOK, PSEUDONYMS, "replay:test", NOW)


def refused(raw: bytes | dict[str, Any]) -> str:
    with pytest.raises(Malformed) as problem:
        parse(raw)
    return str(problem.value)


def test_a_sound_row_becomes_a_post_of_its_department() -> None:
    post = parse(row())
    assert post.id == "x:x.com:101"
    assert post.created_at == datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    assert post.accounts == ("x:ministrygov",)
    assert post.departments == ("ministry",)
    assert "author-1" not in orjson.dumps(post).decode()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"id": "101", "created_at": "2026-05-04T10:00', "not JSON (column"),
        (b'{"id": "101", "text": "caf\xe9"}', "not UTF-8"),
        (b"[" * 200_000, "not JSON"),
        (b'{"a":' * 100_000, "not JSON"),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, "not JSON"),
        (b'"only text"', "not a JSON object"),
        (b"[1, 2]", "not a JSON object"),
        (b'{"text": "half a sign \\ud83d"}', "not JSON"),
        (row(created_at=None), "created_at is missing"),
        (row(created_at="yesterday"), "created_at is not an ISO 8601 time"),
        (row(created_at=1_777_000_000), "created_at is not an ISO 8601 time"),
        (row(created_at=True), "created_at is not an ISO 8601 time"),
        (row(created_at="2026-05-04T10:00:00"), "created_at has no time zone"),
        (row(created_at="0001-01-01T00:00:00+14:00"), "created_at is out of range"),
        (row(created_at="2026-05-04T12:05:01Z"), "created_at lies in the future"),
        (row(created_at="2005-12-31T23:59:59Z"), "created_at lies before 2006"),
        (row(id=None), "id is missing or no identifier"),
        (row(id="has blanks"), "id is missing or no identifier"),
        (row(id="101\n"), "id is missing or no identifier"),
        (row(id="1" * 201), "id is missing or no identifier"),
        (row(id=True), "id is missing or no identifier"),
        (row(id=1.5), "id is missing or no identifier"),
        (row(ref_id=["101"]), "ref_id is missing or no identifier"),
        (row(author=None), "author is missing"),
        (row(author=""), "author is missing"),
        (row(author={"name": "somebody"}), "author is not text"),
        (row(text=None), "text is missing"),
        (row(text=["words"]), "text is missing"),
        (row(text="a" * 1_000_000), f"text is longer than {MAX_TEXT} characters"),
        (row(kind="boost"), "kind is none of original"),
        (row(kind=["reply"]), "kind is none of original"),
        (row(platform="carrier pigeon"), "platform is none of x"),
        (row(platform=["x"]), "platform is none of x"),
        (row(instance="x.com:80/path"), "instance is no host name"),
        (row(accounts="MinistryGov"), "accounts is not a list"),
        (row(media={"photo": 1}), "media is not a list"),
    ],
)
def test_each_kind_of_bad_row_is_refused_with_its_reason(raw: bytes | dict[str, Any], reason: str) -> None:
    assert refused(raw).startswith(reason)


def test_a_clock_that_is_a_little_ahead_is_forgiven() -> None:
    ahead = NOW + timedelta(minutes=5)
    assert parse(row(created_at=ahead.isoformat())).created_at == ahead


@pytest.mark.parametrize(
    "text",
    ["👩‍👩‍👧‍👦🏳️‍🌈 thank you", "متى يفتح المكتب؟", "מתי נפתח המשרד \u202e?", "e\u0301" * 500, "\x00 \x1b[31m", ""],
)
def test_emoji_and_right_to_left_text_come_through_unchanged(text: str) -> None:
    assert parse(row(text=text)).text == text


def test_a_post_for_nobody_we_know_addresses_no_department() -> None:
    """An unknown account is no mistake of the row: the ledger counts it as off-topic."""
    post = parse(row(accounts=["SomebodyElse", 7, None, {"x": 1}]))
    assert (post.accounts, post.departments) == ((), ())


def test_accounts_are_known_whatever_their_case_and_named_once_in_order() -> None:
    post = parse(row(accounts=["@ministrygov", "AGENCYGOV", "MinistryGov"]))
    assert post.accounts == ("x:agencygov", "x:ministrygov")
    assert post.departments == ("agency", "ministry")


def test_a_post_of_ours_belongs_to_its_own_department_only() -> None:
    post = parse(row(own_account="AgencyGov", accounts=["MinistryGov"]))
    assert post.own_account == "x:agencygov"
    assert post.departments == ("agency",)


def test_an_account_of_somebody_else_is_not_ours() -> None:
    assert parse(row(own_account="SomebodyElse")).own_account is None


def test_a_public_account_is_named_as_author_and_nobody_else_is() -> None:
    assert parse(row(author_handle="TheGazette")).public_author == "x:thegazette"
    assert parse(row(author_handle="a_person")).public_author is None


def test_a_repost_is_the_text_of_its_original() -> None:
    post = parse(row(kind="retweet", text="RT @AgencyGov: Doors open at nine.", ref_id=99))
    assert (post.kind, post.text, post.reference) == (PostKind.REPOST, "Doors open at nine.", "x:x.com:99")


def test_entities_of_x_are_read_once() -> None:
    text = "tea &amp; cake &lt;3 &gt;_&gt;, &amp;lt; stays an entity, &copy; too"
    assert parse(row(text=text)).text == "tea & cake <3 >_>, &lt; stays an entity, &copy; too"


def test_text_of_other_platforms_has_no_entities() -> None:
    assert parse(row(platform="bluesky", text="&amp;")).text == "&amp;"


def test_a_handle_behind_an_entity_is_made_unrecognisable() -> None:
    assert "a_person" not in parse(row(text="you &amp;@a_person")).text


def test_unknown_fields_are_not_kept() -> None:
    post = parse(row(phone="0113 496 0000", author_name="A Person"))
    kept = orjson.dumps(post).decode()
    assert "496" not in kept and "A Person" not in kept and post.unknown == {}


def test_what_is_attached_is_told_by_its_kind_and_nothing_else() -> None:
    assert parse(row(media=["photo", {"owner": "a_person"}, "video"])).media == ("photo", "video")


@pytest.mark.parametrize("value", [-1, 2**53, 1.5, "7", True, None])
def test_a_count_that_is_none_is_unknown_and_not_zero(value: object) -> None:
    post = parse(row(likes=value, ref_likes=value, ref_answers=value))
    assert (post.likes, post.reference_likes, post.reference_answers) == (None, None, None)


def test_the_counts_of_the_post_it_refers_to_are_kept() -> None:
    post = parse(row(ref_id="7", ref_likes=0, ref_answers=31))
    assert (post.reference_likes, post.reference_answers) == (0, 31)


@pytest.mark.parametrize(("followers", "reach"), [(None, None), (0, 0), (8, 0), (9, 1), (99_999, 5), (100_000, 5)])
def test_reach_is_as_coarse_as_promised(followers: int | None, reach: int | None) -> None:
    assert parse(row(followers=followers)).reach == reach


def test_a_text_that_was_cut_is_marked() -> None:
    assert parse(row(text_full=False)).text_complete is False
    assert parse(row()).text_complete is True
