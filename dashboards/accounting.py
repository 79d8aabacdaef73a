"""Every record is accounted for: what became of what came in."""

from grafana_foundation_sdk.builders import prometheus, timeseries
from grafana_foundation_sdk.builders.common import StackingConfig
from grafana_foundation_sdk.models.common import GraphDrawStyle, StackingMode

from soundings.dashboards import panels
from soundings.dashboards.datasources import METRICS
from soundings.services import metrics

COUNTED = f"{next(iter(metrics.RECORDS.describe())).name}_total"
"""As Prometheus names a counter."""
WHOLE = f'sum by (fate) (increase({COUNTED}{{part="intake"}}[$__rate_interval]))'


def fates() -> panels.Panel:
    """Of all departments: a record is counted once, before it is copied to several."""
    query = prometheus.Dataquery().datasource(METRICS).expr(WHOLE).legend_format("{{fate}}").ref_id("A").range()
    panel = timeseries.Panel().title("What became of each record").datasource(METRICS)
    panel = panel.description(
        "Received = mentions + statements + duplicate + off-topic + quarantined + redacted: each record is counted "
        "once, over all departments. Drawn is what intake decided; what is off-topic, or unreadable at the source, is "
        "counted there, and `soundings status` shows the whole sum. Needs Prometheus."
    )
    panel = panel.span(panels.WIDTH).height(panels.HEIGHT).min(0).unit("short").no_value(panels.NOTHING)
    panel = panel.draw_style(GraphDrawStyle.BARS).fill_opacity(80)
    return panel.stacking(StackingConfig().mode(StackingMode.NORMAL).group("A")).with_target(query)
