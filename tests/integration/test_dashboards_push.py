"""Pushing to a small server that speaks the endpoints of Grafana that are used."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from soundings.dashboards.push import PushFailed, push
from soundings.services.settings import ElasticsearchSettings, GrafanaSettings, SettingsError

TOKEN = "glsa_example"
SEARCH = ElasticsearchSettings(url="http://127.0.0.1:9200", prefix="test", api_key=SecretStr("search-key"))


@dataclass
class Grafana:
    """What a Grafana holds, and how often it was written to."""

    url: str = ""
    datasources: dict[str, Any] = field(default_factory=dict)
    folders: dict[str, Any] = field(default_factory=dict)
    dashboards: dict[str, Any] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, sent: Any) -> tuple[int, Any]:
        if found := re.fullmatch(r"/api/(datasources/uid|folders)/([\w-]+)", path):
            held = self.datasources if found[1].startswith("datasources") else self.folders
            if method == "PUT":
                held[found[2]] = sent
            return (200, held[found[2]]) if found[2] in held else (404, {"message": "not found"})
        self.created.append(path)
        if path == "/api/dashboards/db":
            if sent["folderUid"] not in self.folders:
                return 400, {"message": "folder not found"}
            self.dashboards[sent["dashboard"]["uid"]] = sent
            return 200, {"status": "success", "url": f"/d/{sent['dashboard']['uid']}/slug"}
        held = self.datasources if path == "/api/datasources" else self.folders
        held[sent["uid"]] = sent
        return 200, sent


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    held = Grafana()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = json.loads(self.rfile.read(length)) if length else None
            allowed = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            status, body = held.answer(self.command, self.path, sent) if allowed else (401, {"message": "no"})
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Silent: a test says by itself what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    held.url = f"http://127.0.0.1:{server.server_port}"
    yield held
    server.shutdown()
    server.server_close()


def settings(grafana: Grafana, token: str = TOKEN) -> GrafanaSettings:
    return GrafanaSettings(url=grafana.url, token=SecretStr(token))


def test_everything_is_pushed_once_and_again(grafana: Grafana) -> None:
    """Data sources, folder and dashboards arrive; a second push updates them and adds nothing."""
    pushed = push(settings(grafana), SEARCH)
    assert pushed.dashboards == (
        f"{grafana.url}/d/soundings-press-office/slug",
        f"{grafana.url}/d/soundings-policy/slug",
    )
    assert set(grafana.datasources) == set(pushed.datasources) and len(pushed.datasources) == 9
    mentions = grafana.datasources["soundings-mentions"]
    assert mentions["jsonData"]["index"] == "test-mentions" and mentions["jsonData"]["timeField"] == "@timestamp"
    assert mentions["secureJsonData"] == {"httpHeaderValue1": "ApiKey search-key"}
    assert grafana.folders["soundings"]["title"] == "Soundings"
    before = (dict(grafana.datasources), dict(grafana.folders), dict(grafana.dashboards))
    grafana.created.clear()
    assert push(settings(grafana), SEARCH) == pushed
    assert (grafana.datasources, grafana.folders, grafana.dashboards) == before
    assert set(grafana.created) == {"/api/dashboards/db"}


def test_grafana_may_find_elasticsearch_elsewhere(grafana: Grafana) -> None:
    """Inside a network of containers the address is another one than ours."""
    push(settings(grafana), SEARCH, "http://elasticsearch:9200")
    assert {source["url"] for source in grafana.datasources.values()} == {"http://elasticsearch:9200"}


def test_a_wrong_token_is_told_without_naming_it(grafana: Grafana) -> None:
    """Grafana's refusal is the message; the token is not in it."""
    with pytest.raises(PushFailed, match="401") as raised:
        push(settings(grafana, "glsa_wrong"), SEARCH)
    assert "glsa" not in str(raised.value)


def test_a_grafana_that_is_away_is_told() -> None:
    """Nobody listens: a failure with words, not a trace."""
    with pytest.raises(PushFailed, match="cannot be reached"):
        push(GrafanaSettings(url="http://127.0.0.1:9", token=SecretStr(TOKEN)), SEARCH)


@pytest.mark.parametrize(
    ("grafana_settings", "words"),
    [
        (GrafanaSettings(), "GRAFANA__URL"),
        (GrafanaSettings(url="http://127.0.0.1:3000"), "GRAFANA__TOKEN"),
        (GrafanaSettings(url="http://grafana.example", token=SecretStr(TOKEN)), "https"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(grafana_settings: GrafanaSettings, words: str) -> None:
    """No address, no token, or a token in clear over a network: nothing is sent."""
    with pytest.raises(SettingsError, match=words):
        push(grafana_settings, SEARCH)
