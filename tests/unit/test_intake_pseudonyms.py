"""Pseudonyms: nobody of the public can be recognised, and nobody followed for longer than a quarter."""

from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.domain.accounts import Platform
from soundings.services.intake.pseudonyms import Pseudonyms, period

NAMED = {
    "x:ministrygov",
    "x:thegazette",
    "bluesky:ministry.example",
    "mastodon:ministry@social.example",
    "mastodon:ministry",
}
PSEUDONYMS = Pseudonyms("a key of enough characters", NAMED)
AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
QUARTER = timedelta(weeks=13)


def begin_of_period(at: datetime) -> datetime:
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    while period(day - timedelta(days=1)) == period(at):
        day -= timedelta(days=1)
    return day


def test_a_period_is_thirteen_weeks_from_a_monday() -> None:
    begin = begin_of_period(AT)
    assert begin.isoweekday() == 1
    last = begin + QUARTER - timedelta(microseconds=1)
    assert period(last) == period(begin)
    assert period(last + timedelta(microseconds=1)) == period(begin) + 1


def test_a_voice_is_the_same_within_a_period_and_another_in_the_next() -> None:
    begin = begin_of_period(AT)
    first = PSEUDONYMS.voice("x", "17", begin)
    assert PSEUDONYMS.voice("x", "17", begin + QUARTER - timedelta(seconds=1)) == first
    assert PSEUDONYMS.voice("x", "17", begin + QUARTER) != first


def test_a_process_that_starts_anew_makes_the_same_pseudonyms() -> None:
    again = Pseudonyms("a key of enough characters")
    assert again.voice("x", "17", AT) == PSEUDONYMS.voice("x", "17", AT)


def test_another_key_another_platform_or_another_author_is_another_voice() -> None:
    other_key = Pseudonyms("another key of enough characters")
    voices = {
        PSEUDONYMS.voice("x", "17", AT),
        PSEUDONYMS.voice("mastodon", "17", AT),
        PSEUDONYMS.voice("x", "18", AT),
        other_key.voice("x", "17", AT),
    }
    assert len(voices) == 4


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 characters"):
        Pseudonyms("fifteen letters")


def test_a_lasting_hash_outlives_the_period_and_keeps_ends_apart() -> None:
    assert PSEUDONYMS.lasting("post", "17") != PSEUDONYMS.lasting("author", "17")
    assert PSEUDONYMS.lasting("post", "17") == Pseudonyms("a key of enough characters").lasting("post", "17")


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("x", "@jane_public what do you think?"),
        ("x", "thanks@jane_public"),
        ("x", "x@@jane_public"),
        ("x", "this/@jane_public/that"),
        ("x", "full width ＠jane_public sign"),
        ("x", "grazie@jane_public, 谢谢@jane_public、"),
        ("x", "see x.com/jane_public/status/123"),
        ("x", "see https://www.twitter.com/@jane_public."),
        ("x", "see https://mobile.twitter.com/jane_public?s=20"),
        ("x", "over at https://social.example/@jane_public/1"),
        ("x", "over at https://social.example/users/jane_public"),
        ("x", "write to jane_public@mail.example please"),
        ("x", "mailto:jane_public@mail.example"),
        ("x", "jane_public+office@mail.example.org,other@mail.example"),
        ("bluesky", "@jane_public.bsky.example hello"),
        ("bluesky", "thanks@jane_public"),
        ("bluesky", "on the other site I am @jane_public"),
        ("bluesky", "https://bsky.app/profile/jane_public.example/post/3k"),
        ("bluesky", "did:plc:jane_public said so"),
        ("bluesky", "https://bsky.app/profile/did:plc:jane_public"),
        ("bluesky", "jane_public@mail.example"),
        ("mastodon", "@jane_public@social.example hello"),
        ("mastodon", "thanks@jane_public@social.example"),
        ("mastodon", "@jane_public: hello"),
        ("mastodon", "https://social.example/@jane_public"),
        ("mastodon", "https://social.example/@jane_public@far.example/12"),
        ("mastodon", "jane_public@social.example"),
    ],
)
def test_no_handle_address_or_profile_of_the_public_is_left_in_a_text(platform: str, text: str) -> None:
    left = PSEUDONYMS.text(Platform(platform), text, AT)
    assert "jane" not in left.casefold() and "public" not in left.casefold()


def test_an_e_mail_address_becomes_one_word() -> None:
    """It is no handle stuck to a word: neither its name nor its host is left."""
    said = "write to jane@mail.example.org, or else"
    assert PSEUDONYMS.text(Platform.X, said, AT) == "write to [e-mail address], or else"


def test_the_same_handle_is_the_same_stand_in_within_a_text_whatever_its_case() -> None:
    first, second = PSEUDONYMS.text(Platform.X, "@Someone @someone", AT).split()
    assert first == second and first.startswith("@user_")


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("x", "@MinistryGov and .@TheGazette, thanks@ministrygov!"),
        ("x", "https://x.com/MinistryGov/status/12"),
        ("bluesky", "hello @ministry.example."),
        ("bluesky", "https://bsky.app/profile/ministry.example/post/3k"),
        ("mastodon", "@ministry@social.example, @ministry"),
        ("mastodon", "https://social.example/@ministry/12"),
    ],
)
def test_our_own_and_public_accounts_stay_readable(platform: str, text: str) -> None:
    assert PSEUDONYMS.text(Platform(platform), text, AT) == text


@pytest.mark.parametrize(
    "text",
    ["5 @ 3 pounds", "a@ b", "@", "@ @", "and/or", "https://netflix.example/title", "netflix.com/title", "a = b @\n"],
)
def test_what_names_nobody_is_left_as_it_is(text: str) -> None:
    assert PSEUDONYMS.text(Platform.X, text, AT) == text
