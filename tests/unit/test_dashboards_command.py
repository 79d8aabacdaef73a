"""`soundings dashboards`: what it says, and with which status it ends."""

import pytest
from typer.testing import CliRunner

from soundings.deploy.commands.dashboards import app
from soundings.services.settings import SettingsError

NOWHERE = "http://127.0.0.1:9"
"""The discard port: nobody listens there."""


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_ELASTICSEARCH__URL", NOWHERE)


def test_building_what_is_committed_says_that_nothing_changed() -> None:
    """Nothing is written where nothing changed."""
    result = CliRunner().invoke(app, ["build"])
    assert result.exit_code == 0 and "nothing has changed" in result.output


def test_a_grafana_that_is_away_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line of words and status 1, without the token."""
    monkeypatch.setenv("SOUNDINGS_GRAFANA__URL", NOWHERE)
    monkeypatch.setenv("SOUNDINGS_GRAFANA__TOKEN", "glsa_example")
    result = CliRunner().invoke(app, ["push"])
    assert result.exit_code == 1 and "cannot be reached" in result.output
    assert "glsa" not in result.output


def test_a_push_without_an_address_names_the_setting() -> None:
    """What is missing is named as it is set."""
    result = CliRunner().invoke(app, ["push"])
    assert isinstance(result.exception, SettingsError) and "SOUNDINGS_GRAFANA__URL" in str(result.exception)


def test_a_check_without_elasticsearch_ends_with_an_error() -> None:
    """It does not pass because nothing could be asked."""
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1 and "cannot be reached" in result.output
