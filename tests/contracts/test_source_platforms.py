"""What is each platform's own: X's rules, limits and cuts, Jetstream's old cursors and zstd, Mastodon's streams."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.settings import BlueskySettings, MastodonSettings, SettingsError, XSettings
from soundings.streams.sources import x_batch, x_http
from soundings.streams.sources.bluesky import bluesky
from soundings.streams.sources.live import LiveSource
from soundings.streams.sources.mastodon import mastodon
from soundings.streams.sources.rehearsal import (
    BOOK,
    bluesky_event,
    known,
    mastodon_status,
    pseudonyms,
    said,
    x_payload,
)
from soundings.streams.sources.source import Delivered, Event, Gap, SourceFailed
from soundings.streams.sources.stand_in_bluesky import JetstreamStandIn
from soundings.streams.sources.stand_in_http import TOKEN
from soundings.streams.sources.stand_in_mastodon import MastodonStandIn
from soundings.streams.sources.stand_in_x import XStandIn
from soundings.streams.sources.x import x

QUICK: dict[str, Any] = {"tick_every": 0.1}
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x_http, "SERVER_ERROR", 0.1)


@contextmanager
def listening(source: LiveSource, cursor: str = "") -> Iterator[list[Event]]:
    events: list[Event] = []

    def listen() -> None:
        for event in source.events(cursor):
            events.append(event)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield events
    finally:
        source.close()
        thread.join(PATIENCE)


def until(condition: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)


def heard(events: list[Event], number: int) -> bool:
    posts = [event.post for event in events if isinstance(event, Delivered) and event.post]
    return any(said(number) in post.text for post in posts)


def gaps(events: list[Event]) -> list[Gap]:
    return [event for event in events if isinstance(event, Gap)]


def cursor(ago: timedelta) -> str:
    return str(round((datetime.now(UTC) - ago).timestamp() * 1_000_000))


def x_source(address: str, folder: Path, **options: Any) -> LiveSource:
    settings = XSettings(url=address, bearer_token=SecretStr(TOKEN), **options)
    return x(settings, BOOK, pseudonyms(), known(folder), settle=timedelta(seconds=0.5), **QUICK)


def test_x_has_our_rules_after_connecting_and_keeps_those_of_others(tmp_path: Path) -> None:
    stand_in = XStandIn()
    stand_in.rules = [
        {"id": "1", "value": "from:formerdept", "tag": "soundings"},
        {"id": "2", "value": "cats", "tag": "somebody else"},
    ]
    with stand_in.running() as address, listening(x_source(address, tmp_path)) as events:
        until(lambda: stand_in.connections == 1)
        assert sorted(rule["tag"] for rule in stand_in.rules) == ["somebody else", "soundings"]
        ours = next(rule["value"] for rule in stand_in.rules if rule["tag"] == "soundings")
        assert "@exampledept" in ours and "formerdept" not in ours
        assert not gaps(events)


def test_x_is_asked_again_when_its_limit_is_lifted_and_not_before(tmp_path: Path) -> None:
    stand_in = XStandIn()
    reset = str(int(time.time()) + 2)
    stand_in.refuse = [(429, {"x-rate-limit-reset": reset, "x-rate-limit-remaining": "0"})]
    with stand_in.running() as address, listening(x_source(address, tmp_path)):
        until(lambda: stand_in.connections == 1)
        assert time.time() >= int(reset)


def test_a_token_that_x_does_not_accept_ends_the_source_with_the_settings_name(tmp_path: Path) -> None:
    with XStandIn().running() as address:
        wrong = XSettings(url=address, bearer_token=SecretStr("a-wrong-token"))
        source = x(wrong, BOOK, pseudonyms(), known(tmp_path), **QUICK)
        with pytest.raises(SourceFailed, match="SOUNDINGS_X__BEARER_TOKEN") as caught:
            list(source.events(""))
        assert "wrong" not in str(caught.value)


def test_an_operational_disconnect_makes_a_new_connection_and_nothing_is_quarantined(tmp_path: Path) -> None:
    stand_in = XStandIn()
    kind = "https://api.twitter.com/2/problems/operational-disconnect"
    with stand_in.running() as address, listening(x_source(address, tmp_path)) as events:
        until(lambda: stand_in.connections == 1)
        stand_in.send_raw(json.dumps({"errors": [{"title": "operational-disconnect", "type": kind}]}).encode())
        until(lambda: stand_in.connections == 2)
        stand_in.add(x_payload(1, datetime.now(UTC)))
        until(lambda: heard(events, 1))
        assert not [event for event in events if isinstance(event, Delivered) and event.problem]


def test_errors_beside_data_do_not_hide_the_data(tmp_path: Path) -> None:
    stand_in = XStandIn()
    with stand_in.running() as address, listening(x_source(address, tmp_path)) as events:
        until(lambda: stand_in.connections == 1)
        missing = {"type": "https://api.twitter.com/2/problems/resource-not-found", "title": "Not Found Error"}
        stand_in.add(x_payload(1, datetime.now(UTC)) | {"errors": [missing]})
        until(lambda: heard(events, 1))
        assert stand_in.connections == 1


def test_x_is_asked_for_the_minutes_that_the_plan_has_only_after_a_cut(tmp_path: Path) -> None:
    stand_in = XStandIn()
    with stand_in.running() as address, listening(x_source(address, tmp_path, backfill_minutes=3)) as events:
        until(lambda: stand_in.connections == 1 and events)
        until(lambda: any(getattr(event, "cursor", "") for event in events))
        stand_in.cut()
        until(lambda: stand_in.connections == 2)
        assert stand_in.backfills == ["", "3"]


def test_what_lies_further_back_than_a_search_reaches_is_a_gap_and_the_rest_is_fetched(tmp_path: Path) -> None:
    stand_in = XStandIn()
    stand_in.add(x_payload(1, datetime.now(UTC) - timedelta(days=2)), streamed=False)
    with stand_in.running() as address, listening(x_source(address, tmp_path), cursor(timedelta(days=9))) as events:
        until(lambda: heard(events, 1))
        (gap,) = gaps(events)
        assert timedelta(days=1, hours=23) < gap.end - gap.begin < timedelta(days=2, hours=1)


def test_a_search_that_the_plan_does_not_have_is_a_gap_and_ticks_go_on(tmp_path: Path) -> None:
    stand_in = XStandIn()
    stand_in.searchable = False
    with stand_in.running() as address:
        source = x_source(address, tmp_path)
        with listening(source, cursor(timedelta(hours=1))) as events:
            until(lambda: gaps(events))
            assert "403" in gaps(events)[0].why
            until(lambda: (told := source.status().told) and datetime.now(UTC) - told < timedelta(seconds=5))


def test_batch_compliance_asks_about_what_we_hold_and_takes_back_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x_batch, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(x_batch, "FIRST_AFTER", 0.05)
    stand_in = XStandIn()
    with stand_in.running() as address:
        with listening(x_source(address, tmp_path, compliance_hours=0)) as events:
            until(lambda: stand_in.connections == 1)
            for number in (1, 2):
                stand_in.add(x_payload(number, datetime.now(UTC)))
            until(lambda: heard(events, 1) and heard(events, 2))
        first, second = (event.post.id for event in events if isinstance(event, Delivered) and event.post)
        stand_in.gone = {first.rpartition(":")[2]}
        with listening(x_source(address, tmp_path)) as events:
            until(lambda: any(isinstance(event, Redaction) for event in events))
    assert stand_in.asked_about == [first.rpartition(":")[2], second.rpartition(":")[2]]
    redactions = [event for event in events if isinstance(event, Redaction)]
    assert [(each.post, each.reason) for each in redactions] == [(first, RedactionReason.DELETED)]


def test_a_cursor_older_than_jetstream_keeps_is_a_gap(tmp_path: Path) -> None:
    stand_in = JetstreamStandIn()
    stand_in.oldest = round((datetime.now(UTC) - timedelta(minutes=10)).timestamp() * 1_000_000)
    stand_in.add(bluesky_event(1, datetime.now(UTC) - timedelta(minutes=9)))
    for path in ("/xrpc", "/subscribe"):
        with stand_in.running() as address:
            settings = BlueskySettings(url=f"ws://{address}{path}")
            source = bluesky(settings, BOOK, pseudonyms(), known(tmp_path), **QUICK)
            with listening(source, cursor(timedelta(hours=5))) as events:
                until(lambda: heard(events, 1))
                (gap,) = gaps(events)
        assert gap.end - gap.begin > timedelta(hours=4)


def test_jetstream_sends_compressed_what_we_read(tmp_path: Path) -> None:
    stand_in = JetstreamStandIn()
    with stand_in.running() as address:
        source = bluesky(BlueskySettings(url=f"ws://{address}/xrpc"), BOOK, pseudonyms(), known(tmp_path), **QUICK)
        with listening(source) as events:
            until(lambda: source.status().connected)
            stand_in.add(bluesky_event(1, datetime.now(UTC)))
            until(lambda: heard(events, 1))
    assert stand_in.compressed == 1


@pytest.mark.parametrize(
    ("stream", "hashtag", "route"),
    [
        ("user", "", "/api/v1/streaming/user"),
        ("public", "", "/api/v1/streaming/public"),
        ("public:local", "", "/api/v1/streaming/public/local"),
        ("hashtag", "ferries", "/api/v1/streaming/hashtag"),
    ],
)
def test_mastodon_streams_are_asked_for_and_filled(tmp_path: Path, stream: str, hashtag: str, route: str) -> None:
    stand_in = MastodonStandIn()
    with stand_in.running() as address:
        settings = MastodonSettings(url=address, token=SecretStr(TOKEN), stream=stream, hashtag=hashtag)
        source = mastodon(settings, BOOK, pseudonyms(), known(tmp_path), **QUICK)
        stand_in.post(mastodon_status(1, datetime.now(UTC)), streamed=False)
        with listening(source, cursor(timedelta(minutes=1))) as events:
            until(lambda: heard(events, 1))
            stand_in.post(mastodon_status(2, datetime.now(UTC)))
            until(lambda: heard(events, 2))
    assert stand_in.streams == [route]


def test_a_token_that_the_instance_does_not_accept_ends_the_source(tmp_path: Path) -> None:
    with MastodonStandIn().running() as address:
        settings = MastodonSettings(url=address, token=SecretStr("a-wrong-token"))
        source = mastodon(settings, BOOK, pseudonyms(), known(tmp_path), **QUICK)
        with pytest.raises(SourceFailed, match="SOUNDINGS_MASTODON__TOKEN") as caught:
            list(source.events(""))
        assert "wrong" not in str(caught.value)


def test_settings_that_cannot_work_are_refused_before_anything_is_connected(tmp_path: Path) -> None:
    posts = known(tmp_path)
    token = SecretStr(TOKEN)
    url = "https://social.example"
    with pytest.raises(SettingsError, match="SOUNDINGS_MASTODON__URL"):
        mastodon(MastodonSettings(token=token), BOOK, pseudonyms(), posts)
    with pytest.raises(SettingsError, match="SOUNDINGS_MASTODON__TOKEN"):
        mastodon(MastodonSettings(url=url), BOOK, pseudonyms(), posts)
    with pytest.raises(SettingsError, match="SOUNDINGS_MASTODON__HASHTAG"):
        mastodon(MastodonSettings(url=url, token=token, stream="hashtag"), BOOK, pseudonyms(), posts)
    with pytest.raises(SettingsError, match="SOUNDINGS_X__BEARER_TOKEN"):
        x(XSettings(), BOOK, pseudonyms(), posts)
