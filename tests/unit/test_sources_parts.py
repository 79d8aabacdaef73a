"""The parts that every live source is made of: pauses, memory, the told time, events out of bytes, text out of HTML."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from soundings.services.settings import SettingsError, XSettings
from soundings.streams.sources.backoff import LONGEST, Backoff
from soundings.streams.sources.html_text import plain
from soundings.streams.sources.known import Known, KnownPosts
from soundings.streams.sources.mastodon_fill import reset_in
from soundings.streams.sources.source import Gap
from soundings.streams.sources.sse import HEARTBEAT, EventLines, ServerEvent
from soundings.streams.sources.tokens import token
from soundings.streams.sources.told import Told
from soundings.streams.sources.x_http import RATE_LIMITED, asked_to_wait

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
KEPT = timedelta(days=90)


def test_pauses_double_up_to_the_longest_and_vary() -> None:
    backoff = Backoff(chance=random.Random(1))
    waits = [backoff.after(0.0) for _ in range(20)]
    assert waits[0] <= 0.25 and max(waits) <= LONGEST
    assert all(later > earlier / 2 for earlier, later in zip(waits, waits[1:], strict=False))
    assert len(set(waits[10:])) == 10


def test_a_connection_that_lived_makes_the_next_pause_short_again() -> None:
    backoff = Backoff(chance=random.Random(1))
    for _ in range(10):
        backoff.after(0.0)
    assert backoff.after(3600.0) <= 0.25


def test_what_the_platform_asks_for_is_never_undercut() -> None:
    assert Backoff().after(0.0, 900.0) == 900.0


def known(author: str = "a", day: date = DAY) -> Known:
    return Known(day=day, author=author, accounts=("x:exampledept",))


def test_what_was_delivered_is_known_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.known"
    first = KnownPosts(path, DAY, KEPT)
    first.add("x:x.com:1", known("a"))
    first.add("x:x.com:2", known("a"))
    first.add("x:x.com:3", known("b"))
    again = KnownPosts(path, DAY, KEPT)
    assert again.by("a") == ["x:x.com:1", "x:x.com:2"]
    assert again.get("x:x.com:3") == known("b")
    assert path.stat().st_mode & 0o077 == 0


def test_the_time_of_a_post_is_known_after_a_restart_and_older_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "bluesky.known"
    timed = Known(day=DAY, author="a", accounts=(), at=datetime(DAY.year, DAY.month, DAY.day, 9, 30, 1, 5, tzinfo=UTC))
    KnownPosts(path, DAY, KEPT).add("bluesky::1", timed)
    path.write_text(path.read_text() + f"bluesky::2 {DAY.isoformat()} b x:exampledept\n")
    again = KnownPosts(path, DAY, KEPT)
    assert (again.get("bluesky::1"), again.get("bluesky::2")) == (timed, known("b"))


def test_a_line_cut_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.known"
    KnownPosts(path, DAY, KEPT).add("x:x.com:1", known())
    path.write_text(path.read_text() + "x:x.com:2 2026-0")
    assert "x:x.com:1" in KnownPosts(path, DAY, KEPT)


def test_what_is_older_than_its_text_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "x.known"
    posts = KnownPosts(path, DAY, KEPT)
    posts.add("x:x.com:1", known())
    posts.sweep(DAY + KEPT)
    assert len(posts) == 1
    posts.sweep(DAY + KEPT + timedelta(days=1))
    assert len(posts) == 0 and posts.by("a") == [] and path.read_text() == ""
    assert len(KnownPosts(path, DAY + timedelta(days=200), KEPT)) == 0


def test_an_unstamped_platform_is_told_up_to_its_last_sign_of_life() -> None:
    told = Told(stamped=False, settle=timedelta(seconds=10))
    told.alive(NOW)
    assert told.time is None, "not connected"
    told.connected(filling=False, jump=None)
    told.alive(NOW)
    assert told.time == NOW - timedelta(seconds=10)


def test_nothing_is_promised_while_what_was_missed_is_fetched() -> None:
    told = Told(stamped=False, settle=timedelta(0), time=NOW)
    told.connected(filling=True, jump=None)
    told.alive(NOW + timedelta(minutes=5))
    assert told.time == NOW
    told.filled()
    told.alive(NOW + timedelta(minutes=6))
    assert told.time == NOW + timedelta(minutes=6)


def test_the_told_time_never_goes_back() -> None:
    told = Told(stamped=True, settle=timedelta(0))
    told.connected(filling=False, jump=None)
    told.stamp(NOW)
    told.stamp(NOW - timedelta(minutes=1))
    assert told.time == NOW


@pytest.mark.parametrize(("jump", "outdated", "is_gap"), [(60, False, True), (None, False, False), (None, True, True)])
def test_a_connection_that_begins_too_late_leaves_a_gap(jump: int | None, outdated: bool, is_gap: bool) -> None:
    told = Told(stamped=True, settle=timedelta(seconds=2), time=NOW)
    told.connected(filling=False, jump=None if jump is None else timedelta(seconds=jump))
    if outdated:
        told.outdated()
    first = NOW + timedelta(hours=1)
    gap = told.stamp(first)
    assert gap == (Gap(begin=NOW, end=first, why="the platform no longer has it") if is_gap else None)
    assert told.stamp(first + timedelta(hours=1)) is None, "told once"


def test_events_come_out_of_bytes_however_they_are_cut() -> None:
    content = b":thump\nevent: update\ndata: one\ndata: two\n\nevent: delete\r\ndata: 5\r\n\r\n"
    expected = [HEARTBEAT, ServerEvent("update", b"one\ntwo"), ServerEvent("delete", b"5")]
    for size in range(1, len(content) + 1):
        lines = EventLines()
        pieces = (content[at : at + size] for at in range(0, len(content), size))
        assert [event for piece in pieces for event in lines.feed(piece)] == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One</p><p>two<br>three</p>", "One\n\ntwo\nthree"),
        (
            '<p>See <a href="https://a.example/x"><span class="invisible">https://</span>a.ex…</a>!</p>',
            "See https://a.example/x!",
        ),
        ('<p><a href="https://m.example/@jo" class="u-url mention">@jo</a> hi</p>', "@jo@m.example hi"),
        ('<p><a href="https://m.example/tags/ferry" class="mention hashtag">#<span>ferry</span></a></p>', "#ferry"),
        ("<p>Fish &amp; chips &lt;3</p>", "Fish & chips <3"),
        ("<script>alert(1)</script><p>safe</p>", "safe"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("never <b>closed <a href='https://a.example'>here", "never closed https://a.example"),
    ],
)
def test_html_becomes_text_that_keeps_links_and_mentions(markup: str, expected: str) -> None:
    assert plain(markup, {"https://m.example/@jo": "@jo@m.example"}.get) == expected


def test_a_missing_token_names_its_setting_and_a_plain_connection_is_refused() -> None:
    settings = XSettings()
    with pytest.raises(SettingsError, match="SOUNDINGS_X__BEARER_TOKEN"):
        token(settings.bearer_token, "SOUNDINGS_X__BEARER_TOKEN", settings.url, "SOUNDINGS_X__URL")
    with pytest.raises(SettingsError, match="SOUNDINGS_X__URL: must be https") as caught:
        token(SecretStr("hush-hush"), "SOUNDINGS_X__BEARER_TOKEN", "http://x.example", "SOUNDINGS_X__URL")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"x-rate-limit-reset": "1100", "x-rate-limit-remaining": "0"}, 101.0),
        (429, {"x-rate-limit-reset": "900"}, 1.0),
        (429, {}, RATE_LIMITED),
        (429, {"x-rate-limit-reset": "soon"}, RATE_LIMITED),
        (429, {"x-rate-limit-reset": "1100", "x-rate-limit-remaining": "7"}, RATE_LIMITED),
        (503, {"x-rate-limit-reset": "1100"}, 5.0),
        (200, {}, None),
    ],
)
def test_a_rate_limit_is_waited_for_by_its_headers(status: int, headers: dict[str, str], wait: float | None) -> None:
    assert asked_to_wait(status, headers, now=1000.0) == wait


def test_an_instance_says_when_its_limit_is_lifted() -> None:
    assert reset_in("2026-03-02T09:02:00.5Z", NOW) == 120.5
    assert reset_in("soon", NOW) is None
