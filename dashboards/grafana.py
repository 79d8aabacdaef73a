"""What Grafana's Elasticsearch data source sends for a dashboard: the searches of an `_msearch` request.

Follows Grafana 11.6 to 12.4 (pkg/tsdb/elasticsearch and public/app/plugins/datasource/elasticsearch), in what these
dashboards use: terms and date histograms, count, sum and unique count, raw data, annotations, terms variables. Objects
are written with sorted keys, as Go writes them: the order of the fields to sort by depends on it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from soundings.dashboards.datasources import BY_UID, DataSource

Json = dict[str, Any]

DEFAULT_SIZE = 500
MOST_ANNOTATIONS = 10_000
POINTS = 1_000
"""Grafana asks for about a point a pixel; a panel is some hundred to some thousand wide."""

CALENDAR = ("1w", "1M", "1q", "1y")
"""Intervals that Grafana asks for by the calendar; a day is 24 hours long in its requests, in the zone that is set."""

SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

SPECIAL = re.compile(r'([!*+\-=<>\s&|()\[\]{}^~?:\\/"])')
"""What Grafana escapes in the value of a variable inside a Lucene query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    start: datetime
    end: datetime

    @property
    def millis(self) -> tuple[int, int]:
        return int(self.start.timestamp() * 1000), int(self.end.timestamp() * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search of a dashboard."""

    title: str
    """Panel, annotation or variable that it is for."""
    source: DataSource
    query: Json
    """As the dashboard holds it."""
    body: Json
    """As it is sent."""

    def header(self, index: str) -> Json:
        return {"ignore_unavailable": True, "index": index, "search_type": "query_then_fetch"}


def searches(board: Mapping[str, Any], now: datetime, chosen: Mapping[str, str]) -> Iterator[Search]:
    """Everything that opening a dashboard sends; `chosen` has each variable's value as it stands in a query."""
    span = _since(board["time"]["from"].removeprefix("now-"), now)
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            query = json.loads(variable["query"])
            yield _search(f"variable {variable['name']}", variable, query, _terms_variable(query, span))
    for annotation in board["annotations"]["list"]:
        yield _search(f"annotation {annotation['name']}", annotation, annotation, _annotation(annotation, span, chosen))
    for panel in board["panels"]:
        own = _since(panel["timeFrom"], now) if "timeFrom" in panel else span
        for target in targets(panel):
            title = f"{panel['title']} ({target['refId']})"
            yield _search(title, target, target, _panel(target, own, panel.get("interval", "1m"), chosen))


def targets(panel: Mapping[str, Any]) -> list[Json]:
    """What a panel asks of Elasticsearch; not what it asks of Prometheus."""
    return [target for target in panel.get("targets", ()) if target["datasource"]["uid"] in BY_UID]


def lucene(*values: str) -> str:
    """How Grafana writes the values chosen of a variable that allows several."""
    escaped = (SPECIAL.sub(r"\\\1", value) for value in values)
    return "(" + " OR ".join(f'"{value}"' for value in escaped) + ")"


def filled(text: str, chosen: Mapping[str, str]) -> str:
    """The text with every variable replaced by its value.

    Raises:
        KeyError: a variable that the dashboard does not have.
    """
    return re.sub(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)", lambda found: chosen[found[1] or found[2]], text)


def _search(title: str, holder: Mapping[str, Any], query: Json, body: Json) -> Search:
    return Search(title=title, source=BY_UID[holder["datasource"]["uid"]], query=query, body=json.loads(_sorted(body)))


def _sorted(body: Json) -> str:
    return json.dumps(body, sort_keys=True)


def _since(back: str, now: datetime) -> Span:
    return Span(start=now - int(back[:-1]) * SPANS[back[-1]], end=now)


def _in(field: str, span: Span) -> Json:
    start, end = span.millis
    return {"range": {field: {"gte": start, "lte": end, "format": "epoch_millis"}}}


def _panel(target: Json, span: Span, least: str, chosen: Mapping[str, str]) -> Json:
    time_field = target["timeField"]
    text = {"query_string": {"query": filled(target["query"], chosen), "analyze_wildcard": True}}
    body: Json = {"size": 0, "query": {"bool": {"filter": [_in(time_field, span), text]}}}
    if target["metrics"][0]["type"] == "raw_data":
        return body | _newest(target["metrics"][0], time_field)
    below: Json = {metric["id"]: _metric(metric) for metric in target["metrics"] if metric["type"] != "count"}
    for bucket in reversed(target["bucketAggs"]):
        made = _terms(bucket, target) if bucket["type"] == "terms" else _histogram(bucket, time_field, span, least)
        below = {bucket["id"]: made | ({"aggs": made.get("aggs", {}) | below} if below else {})}
    return body | {"aggs": below}


def _newest(metric: Json, time_field: str) -> Json:
    return {
        "size": int(metric["settings"]["size"]),
        "sort": {time_field: {"order": "desc", "unmapped_type": "boolean"}, "_doc": {"order": "desc"}},
        "fields": [{"field": time_field, "format": "strict_date_optional_time_nanos"}],
    }


def _metric(metric: Json) -> Json:
    return {metric["type"]: {"field": metric["field"], **metric.get("settings", {})}}


def _terms(bucket: Json, target: Json) -> Json:
    settings = bucket["settings"]
    by, order = settings["orderBy"], settings["order"]
    metric = next((metric for metric in target["metrics"] if metric["id"] == by), None)
    name = "_count" if metric is not None and metric["type"] == "count" else by
    made: Json = {
        "terms": {
            "field": bucket["field"],
            "size": int(settings.get("size") or DEFAULT_SIZE),
            "min_doc_count": int(settings["min_doc_count"]),
            "order": {name: order},
        }
    }
    if metric is not None and metric["type"] != "count":
        made["aggs"] = {by: {metric["type"]: {"field": metric["field"]}}}
    return made


def _histogram(bucket: Json, time_field: str, span: Span, least: str) -> Json:
    settings = bucket["settings"]
    start, end = span.millis
    interval = settings["interval"]
    if interval == "auto":
        smallest = int(least[:-1]) * SPANS[least[-1]] / timedelta(milliseconds=1)
        interval = f"{int(max(smallest, (end - start) / POINTS))}ms"
    made: Json = {
        "field": bucket.get("field") or time_field,
        "calendar_interval" if interval in CALENDAR else "fixed_interval": interval,
        "min_doc_count": int(settings["min_doc_count"]),
        "extended_bounds": {"min": start, "max": end},
        "format": "epoch_millis",
    }
    if "timeZone" in settings:
        made["time_zone"] = settings["timeZone"]
    return {"date_histogram": made}


def _annotation(annotation: Json, span: Span, chosen: Mapping[str, str]) -> Json:
    """From Grafana 12.2.4 and 12.3.2 on; older ones send `from` and `to`, which Elasticsearch 9 refuses."""
    ranges = [_in(annotation[name], span) for name in ("timeField", "timeEndField")]
    inside = {"bool": {"should": ranges, "minimum_should_match": 1}}
    text = {"query_string": {"query": filled(annotation["query"], chosen)}}
    return {"query": {"bool": {"filter": [inside, text]}}, "size": MOST_ANNOTATIONS}


def _terms_variable(query: Json, span: Span) -> Json:
    return {
        "size": 0,
        "query": {"bool": {"filter": [_in("@timestamp", span)]}},
        "aggs": {"1": {"terms": {"field": query["field"], "size": query["size"], "order": {"_key": "asc"}}}},
    }
