"""The dashboards as they are built: committed, complete, and free of names that nobody maps."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from soundings.dashboards.build import HERE, dashboards, files, write
from soundings.dashboards.check import shown
from soundings.dashboards.datasources import BY_UID, METRICS
from soundings.dashboards.grafana import searches
from soundings.dashboards.shapes import named_fields
from soundings.services.index.mappings import paths
from soundings.services.index.shapes import PROPERTIES

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
CHOSEN = {"department": "*", "post": "*"}

Board = dict[str, Any]


@pytest.fixture(params=dashboards(), ids=lambda board: board["uid"])
def board(request: pytest.FixtureRequest) -> Board:
    found: Board = request.param
    return found


def test_what_is_committed_is_what_is_built() -> None:
    """The JSON in the repository is that of the code: `soundings dashboards build` was run after the last change."""
    assert {path.name: path.read_text() for path in HERE.iterdir()} == files()


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    """Built twice, the files are the same to the byte, and only the first time they are written."""
    assert len(write(tmp_path)) == len(files())
    assert write(tmp_path) == ()


def test_every_field_of_a_panel_is_mapped(board: Board) -> None:
    """A field that a panel, an annotation or a variable names exists in the index that it asks."""
    columns = shown(board)
    for search in searches(board, NOW, CHOSEN):
        mapped = set(paths(PROPERTIES[search.source.kind]))
        assert named_fields(search) | columns.get(search.title, frozenset()) <= mapped, search.title


def test_every_panel_asks_something_and_says_what(board: Board) -> None:
    """Each panel has a title, an explanation and a query; its place on the grid overlaps no other."""
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    assert len(panels) >= 8
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert panel["title"] and panel["description"] and panel["targets"]
        grid = panel["gridPos"]
        place = {(grid["x"] + x, grid["y"] + y) for x in range(grid["w"]) for y in range(grid["h"])}
        assert not place & taken and max(x for x, _ in place) < 24, panel["title"]
        taken |= place


def test_ids_and_data_sources_are_fixed(board: Board) -> None:
    """Panels keep their numbers, and name data sources by the uids that `push` and provisioning make."""
    numbers = [panel["id"] for panel in board["panels"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for panel in board["panels"]:
        for holder in (panel, *panel.get("targets", ())):
            assert panel["type"] == "row" or holder["datasource"]["uid"] in {*BY_UID, METRICS.uid}


def test_storms_are_a_band_from_opening_to_close(board: Board) -> None:
    """Every graph shows the firestorms of the departments chosen, with severity and kind."""
    (annotation,) = board["annotations"]["list"]
    assert (annotation["timeField"], annotation["timeEndField"]) == ("opened_at", "closed_at")
    assert annotation["textField"] == "title" and "$department" in annotation["query"]


def test_the_provisioning_file_names_every_data_source() -> None:
    """Compose mounts it: one entry for each uid, with the alias and the time that the panels use, and no secret."""
    text = files()["datasources.yaml"]
    for uid, source in BY_UID.items():
        assert f"uid: {uid}\n" in text and f"index: soundings-{source.kind.value}\n" in text
    assert text.count("$ELASTICSEARCH_API_KEY") == text.count('timeField: "@timestamp"') == len(BY_UID)


def test_every_metric_of_a_panel_is_registered(board: Board) -> None:
    """What a panel asks of Prometheus is a metric that the workers have; the data source is the provisioned one."""
    asked = [
        target["expr"]
        for panel in board["panels"]
        for target in panel.get("targets", ())
        if target["datasource"]["uid"] == METRICS.uid
    ]
    known = {sample.name for metric in REGISTRY.collect() for sample in metric.samples} | {
        f"{metric.name}_total" for metric in REGISTRY.collect() if metric.type == "counter"
    }
    names = {name for expression in asked for name in re.findall(r"soundings_\w+", expression)}
    assert names and names <= known
    provisioned = Path(__file__).parents[2] / "deploy/provisioning/grafana-prometheus.yaml"
    assert f"uid: {METRICS.uid}\n" in provisioned.read_text()
