"""What Grafana sends: the form of its requests, and what is said of the answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from soundings.dashboards import queries
from soundings.dashboards.board import Board
from soundings.dashboards.build import dashboards
from soundings.dashboards.datasources import MENTIONS, VOLUMES
from soundings.dashboards.grafana import Search, filled, lucene, searches
from soundings.dashboards.panels import documents, lines
from soundings.dashboards.shapes import complaints, named_fields
from soundings.dashboards.variables import department
from soundings.services.index.mappings import paths
from soundings.services.index.shapes import PROPERTIES

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
START, END = 1782885600000, 1782907200000
CHOSEN = {"department": lucene("home-office")}


def a_board(*panels: Any) -> dict[str, Any]:
    board = Board("test", "Test", "For a test.", "now-6h")
    board.variables(department())
    for panel in panels:
        board.panel(panel)
    found: dict[str, Any] = orjson.loads(JSONEncoder().encode(board.build()))
    return found


def sent(board: dict[str, Any], title: str) -> Search:
    return next(search for search in searches(board, NOW, CHOSEN) if search.title == title)


def test_a_graph_asks_for_a_date_histogram() -> None:
    """The range of the dashboard, the Lucene query with the variable filled in, a bucket a minute, a sum in each."""
    query = queries.over_time(VOLUMES, "department:$department", queries.total("voices"), every="1m")
    search = sent(a_board(lines("Voices", "For a test.", VOLUMES, [query])), "Voices (A)")
    assert search.header("soundings-volumes") == {
        "ignore_unavailable": True,
        "index": "soundings-volumes",
        "search_type": "query_then_fetch",
    }
    assert search.body == {
        "size": 0,
        "query": {
            "bool": {
                "filter": [
                    {"range": {"@timestamp": {"gte": START, "lte": END, "format": "epoch_millis"}}},
                    {"query_string": {"query": 'department:("home\\-office")', "analyze_wildcard": True}},
                ]
            }
        },
        "aggs": {
            "3": {
                "date_histogram": {
                    "field": "@timestamp",
                    "fixed_interval": "1m",
                    "min_doc_count": 0,
                    "extended_bounds": {"min": START, "max": END},
                    "format": "epoch_millis",
                },
                "aggs": {"1": {"sum": {"field": "voices"}}},
            }
        },
    }


def test_a_split_graph_has_the_terms_outside_and_days_in_london() -> None:
    """One histogram for each value; a day begins at midnight in London, whoever looks."""
    query = queries.over_time(MENTIONS, "lang:en", queries.voices(), every="1d", split="kind")
    search = sent(a_board(lines("Days", "For a test.", MENTIONS, [query])), "Days (A)")
    outer = search.body["aggs"]["4"]
    assert outer["terms"] == {"field": "kind", "size": 10, "min_doc_count": 1, "order": {"_count": "desc"}}
    inner = outer["aggs"]["3"]
    assert inner["date_histogram"]["time_zone"] == "Europe/London"
    assert inner["aggs"] == {"2": {"cardinality": {"field": "voice", "precision_threshold": "40000"}}}


def test_an_automatic_interval_grows_with_the_span() -> None:
    """Six hours in about a thousand buckets, but none shorter than the panel's own interval."""
    query = queries.over_time(MENTIONS, "*", queries.posts())
    free = sent(a_board(lines("Free", "For a test.", MENTIONS, [query])), "Free (A)")
    held = sent(a_board(lines("Held", "For a test.", MENTIONS, [query]).interval("5m")), "Held (A)")
    assert free.body["aggs"]["3"]["date_histogram"]["fixed_interval"] == "60000ms"
    assert held.body["aggs"]["3"]["date_histogram"]["fixed_interval"] == "300000ms"


def test_raw_documents_are_sorted_by_time_before_doc() -> None:
    """Grafana writes the fields to sort by in the order of their names; the first one decides."""
    panel = documents("Posts", "For a test.", MENTIONS, queries.newest(MENTIONS, "*", 5), {"text": "text"})
    search = sent(a_board(panel), "Posts (A)")
    assert list(search.body["sort"]) == ["@timestamp", "_doc"]
    assert search.body["size"] == 5


def test_an_annotation_asks_for_storms_that_begin_or_end_in_the_span() -> None:
    """With `gte` and `lte`: Elasticsearch 9 knows no `from` and `to`."""
    body = sent(a_board(), "annotation Firestorms").body
    either = body["query"]["bool"]["filter"][0]["bool"]
    assert [list(part["range"]) for part in either["should"]] == [["opened_at"], ["closed_at"]]
    assert either["minimum_should_match"] == 1
    assert either["should"][0]["range"]["opened_at"] == {"gte": START, "lte": END, "format": "epoch_millis"}


def test_the_variable_asks_for_the_departments() -> None:
    """Their keys in alphabetical order."""
    body = sent(a_board(), "variable department").body
    assert body["aggs"]["1"]["terms"] == {"field": "department", "size": 200, "order": {"_key": "asc"}}


def test_values_are_escaped_and_unknown_variables_refused() -> None:
    """A value cannot end its quotation marks, and a variable that no dashboard has is an error."""
    assert lucene('a" OR *', "b:c") == '("a\\"\\ OR\\ \\*" OR "b\\:c")'
    assert filled("a:$one AND b:${two:raw}", {"one": "1", "two": "2"}) == "a:1 AND b:2"
    with pytest.raises(KeyError):
        filled("a:$three", {"one": "1"})


def test_fields_are_found_in_queries_but_not_in_their_values() -> None:
    """Quoted values and variables hold colons too."""
    body: dict[str, Any] = {"query": 'lang:en AND (id:"x:y:1" OR trigger.post:${post:raw}) AND @timestamp:*'}
    assert named_fields(Search(title="t", source=MENTIONS, query=body, body={})) == {
        "lang",
        "id",
        "trigger.post",
        "@timestamp",
    }


GRAPH = {"bucketAggs": [{"field": "@timestamp"}], "metrics": [{"type": "sum", "field": "voices"}], "query": "lang:en"}
SUM = {"3": {"date_histogram": {}, "aggs": {"1": {"sum": {"field": "voices"}}}}}
RAW: dict[str, Any] = {"sort": {}}
FULL = {"aggregations": {"3": {"buckets": [{"doc_count": 0, "1": {"value": 0}}, {"doc_count": 2, "1": {"value": 3}}]}}}
TYPES = {"@timestamp": "date", "voices": "long", "lang": "keyword", "text": "text"}


@pytest.mark.parametrize(
    ("query", "body", "types", "answer", "words"),
    [
        (GRAPH, {"aggs": SUM}, TYPES, FULL, []),
        (GRAPH, {"aggs": SUM}, {"@timestamp": "date"}, FULL, ["no such field: lang, voices"]),
        (GRAPH, {"aggs": SUM}, TYPES | {"voices": "keyword"}, FULL, ["voices is not a number"]),
        (GRAPH, {"aggs": SUM}, TYPES, {"error": {"type": "parsing_exception"}}, ["refused: parsing_exception"]),
        (GRAPH, {"aggs": SUM}, TYPES, {"_shards": {"failed": 1}}, ["a part of the index failed"]),
        (
            GRAPH,
            {"aggs": SUM},
            TYPES,
            {"aggregations": {"3": {"buckets": [{"doc_count": 0}]}}},
            ["no bucket holds a document"],
        ),
        (
            GRAPH,
            {"aggs": SUM},
            TYPES,
            {"aggregations": {"3": {"buckets": [{"doc_count": 2, "1": {"value": 0}}]}}},
            ["{'sum': {'field': 'voices'}} is nought everywhere"],
        ),
        ({"timeField": "@timestamp"}, RAW, TYPES, {"hits": {"hits": []}}, ["no document"]),
        (
            {"timeField": "@timestamp"},
            RAW,
            TYPES,
            {"hits": {"hits": [{"_source": {"@timestamp": "1"}}, {"_source": {"@timestamp": "2"}}]}},
            ["no document has text", "the newest does not come first"],
        ),
    ],
)
def test_each_complaint(
    query: Mapping[str, Any],
    body: Mapping[str, Any],
    types: Mapping[str, str],
    answer: Mapping[str, Any],
    words: list[str],
) -> None:
    """A panel that would stay empty, or a field that is gone, is named; a good answer is left alone."""
    search = Search(title="t", source=MENTIONS, query=dict(query), body=dict(body))
    shown = frozenset({"@timestamp", "text"}) if body is RAW else frozenset()
    assert list(complaints(search, types, shown, answer)) == words


@pytest.mark.parametrize("field", ["voices", "text", "severity", "outcome", "opened_at", "own_account", "acts"])
def test_a_renamed_field_is_noticed_by_name(field: str) -> None:
    """Were a field mapped under another name, some panel would be called broken before anything is sent."""
    unknown: set[str] = set()
    for board in dashboards():
        for search in searches(board, NOW, {"department": "*", "post": "*"}):
            types = {name: of for name, of in paths(PROPERTIES[search.source.kind]).items() if name != field}
            shown = frozenset({field}) if search.body.get("sort") else frozenset()
            unknown |= set(complaints(search, types, shown, {"error": {}}))
    assert f"no such field: {field}" in unknown
