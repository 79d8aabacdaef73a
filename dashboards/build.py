"""The dashboards as JSON, as it is committed and pushed."""

from pathlib import Path
from typing import Any

import orjson
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from soundings.dashboards.datasources import ALL, TYPE
from soundings.dashboards.policy import policy
from soundings.dashboards.press_office import press_office
from soundings.services.index.fields import TIMESTAMP, alias

HERE = Path(__file__).parent / "built"

PREFIX = "soundings"
"""Of the indices in the provisioning file; `push` takes the configured one."""


def dashboards() -> tuple[dict[str, Any], ...]:
    """Each dashboard as Grafana reads it."""
    return tuple(
        orjson.loads(JSONEncoder(sort_keys=True).encode(board.build())) for board in (press_office(), policy())
    )


def files() -> dict[str, str]:
    """Name to content of everything in `built/`."""
    found = {
        f"{board['uid']}.json": orjson.dumps(board, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"
        for board in dashboards()
    }
    return found | {"datasources.yaml": provisioning()}


def provisioning() -> str:
    """The data sources for Grafana's provisioning; Grafana puts the environment's values in."""
    lines = ["# Written by `soundings dashboards build`.", "apiVersion: 1", "datasources:"]
    for source in ALL:
        lines += [
            f"  - uid: {source.uid}",
            f"    name: {source.name}",
            f"    type: {TYPE}",
            "    access: proxy",
            "    editable: false",
            "    url: $ELASTICSEARCH_URL",
            "    jsonData:",
            f"      index: {alias(PREFIX, source.kind)}",
            f'      timeField: "{TIMESTAMP}"',
            "      httpHeaderName1: Authorization",
            "    secureJsonData:",
            "      httpHeaderValue1: ApiKey $ELASTICSEARCH_API_KEY",
        ]
    return "\n".join(lines) + "\n"


def write(folder: Path = HERE) -> tuple[Path, ...]:
    """Write every file; returns those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, content in files().items():
        path = folder / name
        if not path.exists() or path.read_text() != content:
            path.write_text(content)
            changed.append(path)
    return tuple(changed)
