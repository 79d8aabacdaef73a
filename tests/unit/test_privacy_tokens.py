"""No token, password or key is shown: not by settings, errors, command lines, or what is started."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer.main
from pydantic import BaseModel, SecretStr

from soundings.deploy.cli import app
from soundings.deploy.local.workers import everything
from soundings.services.settings import ChannelSettings, Settings, SettingsError, load, shown

SECRET = "hush-hush-hush-hush"


def secrets(model: type[BaseModel], prefix: str = "SOUNDINGS_") -> Iterator[str]:
    """Names in the environment of every setting that is a secret."""
    for name, field in model.model_fields.items():
        full = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from secrets(field.annotation, f"{full}__")
        elif SecretStr in (field.annotation, *get_args(field.annotation)):
            yield full


ALL = sorted(secrets(Settings))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Settings in which every secret is set."""
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    for name in ALL:
        monkeypatch.setenv(name, SECRET)
    channel = {"kind": "webhook", "name": "desk", "url": "https://desk.example", "secret": SECRET}
    return load(state=tmp_path, alerts={"channels": [channel]})


def test_there_are_secrets_to_hide() -> None:
    assert len(ALL) >= 6
    assert "SOUNDINGS_X__BEARER_TOKEN" in ALL


def test_settings_are_shown_masked(full: Settings) -> None:
    """In logs (JSON), in a representation, as text; a channel's key too."""
    for words in (str(shown(full)), repr(full), str(full), full.model_dump_json(), repr(shown(full.alerts))):
        assert SECRET not in words
    assert full.alerts.channels[0].secret == SecretStr(SECRET)


@pytest.mark.parametrize("name", ALL)
def test_a_secret_that_is_refused_is_not_quoted(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever mistypes the setting beside it must not read the secret in the error."""
    monkeypatch.setenv("SOUNDINGS_CONFIG", str(tmp_path))
    monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv(f"{name}_X", SECRET)
    monkeypatch.setenv("SOUNDINGS_STACK__KAFKA_PORT", SECRET)
    with pytest.raises(SettingsError) as refused:
        load()
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None, "what caused it would be shown too"


def test_a_wrong_channel_does_not_show_its_key() -> None:
    with pytest.raises(ValueError) as refused:
        ChannelSettings(kind="webhook", name="desk", secret=SecretStr(SECRET), departments=3)  # type: ignore[arg-type]
    assert SECRET not in str(refused.value)


def test_nothing_that_is_started_has_a_secret_on_its_command_line(full: Settings) -> None:
    """Other users of the machine see command lines; environments they do not."""
    for part in everything(full, SECRET):
        assert SECRET not in " ".join(part.argv)
        assert SECRET not in repr(part)


def test_no_command_takes_a_secret_as_an_option() -> None:
    """It would stand in the process list and in the shell's history."""
    options = {option for command in walk(typer.main.get_command(app)) for option in options_of(command)}
    assert "--accounts" in options
    assert not [each for each in options if any(word in each for word in ("token", "password", "secret", "key"))]


def walk(command: Any) -> Iterator[Any]:
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from walk(each)


def options_of(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from parameter.opts
