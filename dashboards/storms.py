"""Firestorms as annotations: a band from opening to close on every graph, with severity and kind."""

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import AnnotationQuery

from soundings.dashboards.datasources import FIRESTORMS
from soundings.dashboards.variables import of_department
from soundings.services.index.fields import FirestormField

RED = "#d4351c"


class StormAnnotation(AnnotationQuery):
    """Adds what the Elasticsearch data source reads of an annotation, and the SDK does not know."""

    def to_json(self) -> dict[str, object]:
        query = of_department(FirestormField.DEPARTMENT)
        return super().to_json() | {
            "query": query,
            "target": {"refId": "storms", "query": query},
            "timeField": FirestormField.OPENED_AT,
            "timeEndField": FirestormField.CLOSED_AT,
            "textField": FirestormField.TITLE,
            "tagsField": FirestormField.SEVERITY,
        }


class Storms(Builder[AnnotationQuery]):
    def build(self) -> AnnotationQuery:
        return StormAnnotation(name="Firestorms", datasource=FIRESTORMS.ref, enable=True, icon_color=RED)
