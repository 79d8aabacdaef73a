"""Metrics: every one is defined once, in one place, and says what it counts."""

import ast
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from soundings.services import metrics

ROOT = Path(__file__).parents[2]
ALL: dict[str, MetricWrapperBase] = {
    name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)
}


def sources() -> Iterator[Path]:
    for folder in ("services", "streams", "dashboards", "deploy"):
        yield from (ROOT / folder).rglob("*.py")


def test_names_are_ours_and_unique() -> None:
    names = [metric._name for metric in ALL.values()]
    assert len(set(names)) == len(names) > 5
    assert all(name.startswith("soundings_") for name in names)


def test_every_metric_says_what_it_counts() -> None:
    assert all(len(metric._documentation) > 10 for metric in ALL.values())


def test_labels_are_few_and_known() -> None:
    """A label with free values (a post, a voice, a text) would be personal data, and a series for each."""
    known = {"part", "fate", "server", "partition", "source", "step", "channel", "outcome", "kind"}
    assert {label for metric in ALL.values() for label in metric._labelnames} <= known


def test_durations_are_in_seconds() -> None:
    assert all(m._name.endswith("_seconds") for m in ALL.values() if m._type == "histogram")


def test_metrics_are_defined_in_the_registry_and_nowhere_else() -> None:
    makers = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
    elsewhere = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sources()
        if file != ROOT / "services/metrics.py"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "prometheus_client"
        if makers & {alias.name for alias in node.names}
    ]
    assert elsewhere == []


def test_every_metric_is_used() -> None:
    used = {
        node.attr
        for file in sources()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "metrics"
    }
    assert set(ALL) - used == set()
