"""Settings: the first source that has a value wins, each wrong one is named, and no secret is shown."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from soundings.services.settings import REMOVED, ChannelSettings, Settings, SettingsError, config_file, load, shown

SECRET = "a secret of enough characters"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting of the machine counts; the configuration's folder is empty."""
    for name in [name for name in os.environ if name.startswith("SOUNDINGS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    return tmp_path


def fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every setting, also those of sections, with its meaning; a section's is its docstring."""
    for name, field in model.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            own = section.__dict__.get("__doc__")
            yield f"{prefix}{name}", own or ""
            yield from fields(section, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field.description or ""


def test_every_setting_says_what_it_means() -> None:
    meanings = dict(fields(Settings))
    assert len(meanings) > 60
    assert [name for name, meaning in meanings.items() if not meaning] == []


def test_every_setting_of_a_channel_says_what_it_means() -> None:
    """Channels are a list, which the walk over sections does not enter."""
    assert all(meaning for _, meaning in fields(ChannelSettings))


def test_defaults_need_no_file_and_no_environment() -> None:
    settings = load()
    assert settings.kafka.partitions == 4
    assert settings.alerts.channels[0].rehearsal


def test_the_environment_beats_secrets_and_secrets_beat_the_file(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = alone / "secrets"
    secrets.mkdir()
    (alone / "soundings.toml").write_text('[kafka]\nbootstrap = "file:1"\nusername = "file"\nprefix = "file-"\n')
    (secrets / "soundings_kafka__username").write_text("secret")
    (secrets / "soundings_kafka__prefix").write_text("secret-")
    monkeypatch.setenv("SOUNDINGS_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("SOUNDINGS_KAFKA__PREFIX", "env-")
    kafka = load().kafka
    assert (kafka.bootstrap, kafka.username, kafka.prefix) == ("file:1", "secret", "env-")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOUNDINGS_KAFKA__PARTITIONS", "0"),
        ("SOUNDINGS_KAFKA__PARTITIONS", "many"),
        ("SOUNDINGS_KAFKA__PREFIX", "Capital"),
        ("SOUNDINGS_KAFKA__NO_SUCH", "1"),
        ("SOUNDINGS_STACK__KAFKA_HEAP", "big"),
        ("SOUNDINGS_ELASTICSEARCH__PREFIX", "9lives"),
        ("SOUNDINGS_PRIVACY__TEXT_DAYS", "-1"),
        ("SOUNDINGS_SMTP__PORT", "70000"),
        ("SOUNDINGS_ALERTS__CHANNELS", '[{"kind": "pigeon", "name": "p"}]'),
        ("SOUNDINGS_ALERTS__CHANNELS", "not json"),
        ("SOUNDINGS_X__COUNTRY", "England"),
        ("SOUNDINGS_MASTODON__STREAM", "everything"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(name)):
        load()


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_KAFKA__PARTITIONS", "0")
    monkeypatch.setenv("SOUNDINGS_SMTP__PORT", "0")
    with pytest.raises(SettingsError) as problem:
        load()
    assert len(str(problem.value).splitlines()) == 2


@pytest.mark.parametrize("content", ["kafka = [", "[kafka]\npartitions = 0", "colour = 'red'"])
def test_a_wrong_file_is_no_traceback(alone: Path, content: str) -> None:
    (alone / "soundings.toml").write_text(content)
    with pytest.raises(SettingsError, match="soundings.toml|SOUNDINGS_KAFKA__PARTITIONS|SOUNDINGS_COLOUR"):
        load()


def test_a_removed_setting_names_what_replaced_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REMOVED, "SOUNDINGS_OLD", "use SOUNDINGS_NEW")
    monkeypatch.setenv("SOUNDINGS_OLD", "1")
    with pytest.raises(SettingsError, match="SOUNDINGS_OLD is gone: use SOUNDINGS_NEW"):
        load()


def test_secrets_are_masked_where_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA__PASSWORD", "PRIVACY__PSEUDONYM_KEY", "SMTP__PASSWORD", "X__BEARER_TOKEN", "GRAFANA__TOKEN"):
        monkeypatch.setenv(f"SOUNDINGS_{name}", SECRET)
    channel = f'[{{"kind": "webhook", "name": "w", "url": "https://w.example", "secret": "{SECRET}"}}]'
    monkeypatch.setenv("SOUNDINGS_ALERTS__CHANNELS", channel)
    settings = load()
    assert settings.pseudonym_key() == SECRET
    assert SECRET not in str(shown(settings)) and SECRET not in repr(settings)
    assert shown(settings)["kafka"]["partitions"] == 4


def test_a_wrong_secret_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_ALERTS__CHANNELS", f'[{{"kind": "{SECRET}", "name": "w", "secret": ["{SECRET}"]}}]')
    with pytest.raises(SettingsError) as problem:
        load()
    assert SECRET not in str(problem.value)


@pytest.mark.parametrize("key", [None, "", "fifteen letters"])
def test_a_missing_or_short_pseudonym_key_is_refused(key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if key is not None:
        monkeypatch.setenv("SOUNDINGS_PRIVACY__PSEUDONYM_KEY", key)
    with pytest.raises(SettingsError, match="SOUNDINGS_PRIVACY__PSEUDONYM_KEY: needs a secret of 16"):
        load().pseudonym_key()


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().kafka.partitions = 8


def test_the_file_lies_in_the_folder_that_is_named(alone: Path) -> None:
    assert config_file() == alone / "soundings.toml"
