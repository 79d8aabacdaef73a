"""What a reader can choose on top of a dashboard."""

import json

from grafana_foundation_sdk.builders.dashboard import QueryVariable, TextBoxVariable
from grafana_foundation_sdk.models.dashboard import VariableOption, VariableRefresh, VariableSort

from soundings.dashboards.datasources import VOLUMES
from soundings.services.index.fields import PostField, VolumeField

DEPARTMENT = "department"
POST = "post"

EVERY = "*"
MOST_DEPARTMENTS = 200
"""More than any government has."""


def department() -> QueryVariable:
    query = {"find": "terms", "field": VolumeField.DEPARTMENT, "size": MOST_DEPARTMENTS}
    variable = QueryVariable(DEPARTMENT).label("Department").query(json.dumps(query)).datasource(VOLUMES.ref)
    variable = variable.multi(True).include_all(True).all_value(EVERY).sort(VariableSort.ALPHABETICAL_ASC)
    variable = variable.current(VariableOption(selected=True, text="All", value="$__all"))
    return variable.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)


def post() -> TextBoxVariable:
    """A post id in quotation marks; `*` for all."""
    return TextBoxVariable(POST).label("About the post").default_value(EVERY).current(_just(EVERY))


def of_department(field: str) -> str:
    """The Lucene query for the departments chosen."""
    return f"{field}:${DEPARTMENT}"


def about_post() -> str:
    """The Lucene query for a post and what answers, quotes or reposts it; as typed, so that `*` means every post."""
    fields = (PostField.ID, PostField.REFERENCE, PostField.THREAD)
    return "(" + " OR ".join(f"{field}:${{{POST}:raw}}" for field in fields) + ")"


def _just(value: str) -> VariableOption:
    return VariableOption(selected=True, text=value, value=value)
