"""Panels of one look: what a title says, the description explains."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.builders import barchart, stat, table, timeseries
from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    StackingConfig,
    TableSortByFieldState,
    VizLegendOptions,
)
from grafana_foundation_sdk.builders.dashboard import DashboardLink
from grafana_foundation_sdk.builders.elasticsearch import Dataquery
from grafana_foundation_sdk.models.common import (
    BigValueGraphMode,
    GraphDrawStyle,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
    VisibilityMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig, DynamicConfigValue

from soundings.dashboards.datasources import DataSource
from soundings.services.index.fields import TIMESTAMP

Panel = timeseries.Panel | barchart.Panel | stat.Panel | table.Panel

WIDTH = 24
"""Columns of Grafana's grid."""
HEIGHT = 8

NOTHING = "Nothing in this time"


def lines(
    title: str, what: str, source: DataSource, queries: Sequence[Dataquery], width: int = WIDTH
) -> timeseries.Panel:
    panel = timeseries.Panel().title(title).description(what).datasource(source.ref).span(width).height(HEIGHT)
    panel = panel.min(0).unit("short").line_width(1).fill_opacity(10).show_points(VisibilityMode.NEVER)
    panel = panel.no_value(NOTHING).legend(_legend())
    for query in queries:
        panel = panel.with_target(query)
    return panel


def bars(title: str, what: str, source: DataSource, query: Dataquery, width: int = WIDTH) -> timeseries.Panel:
    """Stacked bars over time."""
    panel = lines(title, what, source, [query], width).draw_style(GraphDrawStyle.BARS).fill_opacity(80)
    return panel.stacking(StackingConfig().mode(StackingMode.NORMAL).group("A"))


def ranking(title: str, what: str, source: DataSource, query: Dataquery, width: int = WIDTH // 3) -> barchart.Panel:
    """One bar for each value of a field."""
    panel = barchart.Panel().title(title).description(what).datasource(source.ref).span(width).height(HEIGHT)
    panel = panel.orientation(VizOrientation.HORIZONTAL).no_value(NOTHING).unit("short")
    return panel.with_target(query)


def number(title: str, what: str, source: DataSource, query: Dataquery, width: int = WIDTH // 4) -> stat.Panel:
    """A large figure for each row."""
    panel = stat.Panel().title(title).description(what).datasource(source.ref).span(width).height(HEIGHT)
    panel = panel.graph_mode(BigValueGraphMode.NONE).reduce_options(ReduceDataOptions().values(True).calcs(["last"]))
    return panel.no_value("none").with_target(query)


def counts(title: str, what: str, source: DataSource, query: Dataquery, width: int = WIDTH // 2) -> table.Panel:
    """A table of what was counted."""
    panel = table.Panel().title(title).description(what).datasource(source.ref).span(width).height(HEIGHT)
    return panel.no_value(NOTHING).with_target(query)


def documents(
    title: str, what: str, source: DataSource, query: Dataquery, columns: Mapping[str, str], width: int = WIDTH
) -> table.Panel:
    """A table of documents: these fields, in this order, under these names; the time comes first."""
    shown = {TIMESTAMP: "when", **columns}
    panel = counts(title, what, source, query, width).height(HEIGHT + 2)
    panel = panel.with_transformation(
        DataTransformerConfig(id_val="filterFieldsByName", options={"include": {"names": list(shown)}})
    )
    order = {name: position for position, name in enumerate(shown)}
    return panel.with_transformation(
        DataTransformerConfig(id_val="organize", options={"indexByName": order, "renameByName": shown})
    )


def sorted_by(panel: table.Panel, *columns: str) -> table.Panel:
    """Largest first, by columns under their shown names."""
    return panel.sort_by([TableSortByFieldState().display_name(column).desc(True) for column in columns])


def with_link(panel: table.Panel, column: str, title: str, url: str) -> table.Panel:
    """Make a column (under its shown name) lead somewhere."""
    link = DashboardLink(title).url(url).target_blank(True).build()
    return panel.override_by_name(column, [DynamicConfigValue(id_val="links", value=[link])])


def _legend() -> VizLegendOptions:
    return VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM).show_legend(True)
