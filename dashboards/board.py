"""A dashboard under construction: numbered panels, storms on every graph, nothing to be edited by hand."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import dashboard as model

from soundings.dashboards.panels import Panel
from soundings.dashboards.storms import Storms

TAG = "soundings"
REFRESH = "1m"
"""Storms are decided once a minute; more often shows nothing new."""


class Board:
    def __init__(self, uid: str, title: str, what: str, since: str) -> None:
        self._panels = 0
        self._builder = (
            Dashboard(title)
            .uid(uid)
            .description(what)
            .tags([TAG])
            .time(since, "now")
            .refresh(REFRESH)
            .timezone("browser")
            .readonly()
            .annotation(Storms())
        )

    def variables(self, *variables: Builder[model.VariableModel]) -> None:
        for variable in variables:
            self._builder.with_variable(variable)

    def row(self, row: Row) -> None:
        self._builder.with_row(row.id(self._next()))

    def panel(self, panel: Panel) -> None:
        """Panels are numbered in order, so that a link to one keeps its meaning between two builds."""
        self._builder.with_panel(panel.id(self._next()))

    def build(self) -> model.Dashboard:
        return self._builder.build()

    def _next(self) -> int:
        self._panels += 1
        return self._panels
