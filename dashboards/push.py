"""Brings data sources, folder and dashboards into a Grafana; by fixed uids, so that a second push changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException

from soundings.dashboards.build import dashboards
from soundings.dashboards.datasources import ALL, configured
from soundings.services.index.connection import loopback
from soundings.services.settings import ElasticsearchSettings, GrafanaSettings, SettingsError

FOLDER_UID = "soundings"
FOLDER = "Soundings"
SECONDS = 15.0
"""For one request; Grafana answers in well under one, unless it is starting."""

NOT_FOUND = 404


class PushFailed(Exception):
    """Grafana cannot be reached, or refuses; what was pushed before stays, and pushing again is harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    datasources: tuple[str, ...]
    dashboards: tuple[str, ...]
    """Address of each."""


def push(grafana: GrafanaSettings, elasticsearch: ElasticsearchSettings, seen_from_grafana: str = "") -> Pushed:
    """Push everything.

    `seen_from_grafana` is where Grafana finds Elasticsearch, if not at the address that we use.

    Raises:
        SettingsError: no address or token, or a token that would go unencrypted over a network.
        PushFailed: Grafana is away or refuses.
    """
    api = _api(grafana)
    key = elasticsearch.api_key.get_secret_value() if elasticsearch.api_key else None
    url = seen_from_grafana or elasticsearch.url
    if not url:
        raise SettingsError("SOUNDINGS_ELASTICSEARCH__URL: the address of Elasticsearch is not set")
    try:
        for source in ALL:
            _datasource(api, configured(source, url, elasticsearch.prefix, key))
        _folder(api)
        found = tuple(_dashboard(api, board) for board in dashboards())
    except (GrafanaException, OSError) as error:
        raise PushFailed(_words(error)) from None
    base = grafana.url.rstrip("/")
    return Pushed(datasources=tuple(source.uid for source in ALL), dashboards=tuple(base + path for path in found))


def _api(grafana: GrafanaSettings) -> Any:
    """The client, which has no types of its own."""
    address = urlsplit(grafana.url)
    if not address.hostname:
        raise SettingsError("SOUNDINGS_GRAFANA__URL: the address of Grafana is not set")
    if grafana.token is None:
        raise SettingsError("SOUNDINGS_GRAFANA__TOKEN: the token of a service account with the role Admin is not set")
    if address.scheme != "https" and not (address.scheme == "http" and loopback(address.hostname)):
        raise SettingsError("SOUNDINGS_GRAFANA__URL: outside of this machine the address must begin with https://")
    make: Callable[..., Any] = GrafanaApi.from_url
    return make(grafana.url, credential=grafana.token.get_secret_value(), timeout=SECONDS)


def _datasource(api: Any, wanted: dict[str, object]) -> None:
    uid = wanted["uid"]
    if _there(lambda: api.datasource.get_datasource_by_uid(uid)):
        api.datasource.update_datasource_by_uid(uid, wanted)
    else:
        api.datasource.create_datasource(wanted)


def _folder(api: Any) -> None:
    if not _there(lambda: api.folder.get_folder(FOLDER_UID)):
        api.folder.create_folder(FOLDER, uid=FOLDER_UID)


def _dashboard(api: Any, board: Mapping[str, Any]) -> str:
    """Returns the dashboard's path."""
    answer = api.dashboard.update_dashboard(
        {"dashboard": dict(board), "folderUid": FOLDER_UID, "overwrite": True, "message": "soundings dashboards push"}
    )
    return str(answer["url"])


def _there(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except GrafanaClientError as error:
        if error.status_code == NOT_FOUND:
            return False
        raise
    return True


def _words(error: Exception) -> str:
    if isinstance(error, GrafanaException):
        return f"Grafana answers {error.status_code}: {error.message}"
    return f"Grafana cannot be reached: {type(error).__name__}"
