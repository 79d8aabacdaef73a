"""What commands ask of the streams: where the servers are, how fast, and the truth about what cannot be asked."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr

from soundings.deploy import standing
from soundings.deploy.commands import replay
from soundings.deploy.commands.target import target_of
from soundings.deploy.local import key
from soundings.services.domain.ledger import Fate
from soundings.services.settings import KafkaSettings, Settings, SettingsError
from soundings.streams.connection import bootstrap_servers, client_options
from soundings.streams.ledger import Ledger
from soundings.streams.records import LedgerEntry

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Servers are configured, and nobody answers there: port 1 of this machine."""
    for name in [name for name in os.environ if name.startswith("SOUNDINGS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    settings = Settings(state=tmp_path / "state", data_dir=tmp_path / "data")
    return settings.model_copy(
        update={
            "kafka": settings.kafka.model_copy(update={"bootstrap": "127.0.0.1:1"}),
            "elasticsearch": settings.elasticsearch.model_copy(update={"url": "http://127.0.0.1:1"}),
        }
    )


def entry(name: str, received: int = 0, **counts: int) -> LedgerEntry:
    return LedgerEntry(name=name, received=received, counts=counts, at=AT)


def test_without_a_stack_and_without_servers_it_is_said_what_to_do(nowhere: Settings) -> None:
    with pytest.raises(SettingsError, match="soundings up.*SOUNDINGS_KAFKA__BOOTSTRAP"):
        target_of(nowhere.model_copy(update={"kafka": KafkaSettings()}))


def test_configured_servers_are_used_as_they_are(nowhere: Settings) -> None:
    assert target_of(nowhere) == nowhere


def test_the_key_of_the_stack_is_found_where_none_is_set(nowhere: Settings) -> None:
    made = key.provide(nowhere.data_dir)
    assert target_of(nowhere).pseudonym_key() == made
    own = nowhere.privacy.model_copy(update={"pseudonym_key": SecretStr("a key of one's own, long")})
    assert target_of(nowhere.model_copy(update={"privacy": own})).pseudonym_key() == "a key of one's own, long"


def test_servers_that_do_not_answer_are_named_and_nothing_is_claimed(nowhere: Settings) -> None:
    found = standing.gather(nowhere)
    assert found.up and not found.healthy
    assert (found.received, found.counts, found.under_way, found.index) == (None, {}, None, {})
    assert [line.split(":")[0] for line in found.unknown] == ["what waits", "the ledger", "the index"]


def test_a_stack_that_is_not_up_is_not_healthy(nowhere: Settings) -> None:
    found = standing.gather(nowhere.model_copy(update={"kafka": KafkaSettings()}))
    assert not found.up and not found.healthy
    assert "not up" in found.unknown[0]


def test_what_is_under_way_is_what_was_received_and_has_met_no_fate() -> None:
    ledger = Ledger(
        sources={"a": entry("source/a", 10, quarantined=1), "b": entry("source/b", 5, **{"off-topic": 2})},
        departments={"m": entry("department/m", mentions=6, duplicate=1), "n": entry("department/n", statements=2)},
    )
    assert ledger.received == 15
    assert ledger.tally.of(Fate.MENTION) == 6
    assert ledger.under_way == 15 - 12


@pytest.mark.parametrize(
    ("live", "ended", "silent", "stale"),
    [(True, False, 300, True), (True, False, 5, False), (True, True, 300, False), (False, False, 300, False)],
)
def test_only_a_live_source_that_is_silent_is_stale(live: bool, ended: bool, silent: int, stale: bool) -> None:
    heard = datetime.now(UTC) - timedelta(seconds=silent)
    said = LedgerEntry(name="source/x", counts={}, live=live, ended=ended, at=heard)
    assert standing._source(said).stale is stale


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("1", 1.0), ("0.5", 0.5), ("3600", 3600.0)])
def test_a_speed_is_max_or_a_number(text: str, speed: float | None) -> None:
    assert replay._speed(text) == speed


@pytest.mark.parametrize("text", ["0", "-1", "fast", "inf", "nan", ""])
def test_a_speed_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="neither `max` nor a number above 0"):
        replay._speed(text)


def test_brokers_are_listed_and_a_password_needs_encryption() -> None:
    assert bootstrap_servers(KafkaSettings(bootstrap="a:1, b:2,")) == ["a:1", "b:2"]
    with pytest.raises(SettingsError, match="SOUNDINGS_KAFKA__BOOTSTRAP"):
        bootstrap_servers(KafkaSettings())
    assert client_options(KafkaSettings(bootstrap="a:1"))["security_protocol"] == "PLAINTEXT"
    with pytest.raises(SettingsError, match="SOUNDINGS_KAFKA__CA_FILE"):
        client_options(KafkaSettings(bootstrap="a:1", username="somebody"))
