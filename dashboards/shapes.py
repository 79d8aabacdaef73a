"""Whether what came back is what a panel needs: pure, so that every complaint can be tested without a server."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from soundings.dashboards.grafana import Search

Json = Mapping[str, Any]

FIELD = re.compile(r'"(?:\\.|[^"\\])*"|\$\{[^}]*\}|([@A-Za-z_][\w.@]*):')
"""A field name of a Lucene query, outside of quotation marks and variables."""

NUMBERS = ("sum",)
"""Metrics that need a number."""


def named_fields(search: Search) -> frozenset[str]:
    """Every field of the index that a search asks for, counts by, or shows."""
    query = search.query
    names = {found[1] for found in FIELD.finditer(query.get("query", "")) if found[1]}
    names |= {part["field"] for part in (*query.get("bucketAggs", ()), *query.get("metrics", ())) if "field" in part}
    names |= {query[name] for name in ("timeField", "timeEndField", "textField", "tagsField", "field") if name in query}
    return frozenset(names)


def complaints(search: Search, types: Mapping[str, str], shown: frozenset[str], answer: Json) -> Iterator[str]:
    """What is wrong with an answer; nothing if the panel would draw it.

    `types` has the type of every mapped field; `shown` the columns of the panel's table, empty for graphs.
    """
    unknown = sorted((named_fields(search) | shown) - set(types))
    if unknown:
        yield f"no such field: {', '.join(unknown)}"
        return
    for metric in search.query.get("metrics", ()):
        if metric["type"] in NUMBERS and types[metric["field"]] not in ("long", "double"):
            yield f"{metric['field']} is not a number"
    if "error" in answer:
        yield f"refused: {answer['error'].get('type')}"
    elif answer.get("_shards", {}).get("failed"):
        yield "a part of the index failed"
    elif "aggs" in search.body:
        yield from _buckets(search.body["aggs"], answer.get("aggregations", {}))
    else:
        yield from _hits(search, shown, answer["hits"]["hits"])


def _buckets(asked: Json, answer: Json) -> Iterator[str]:
    for name, aggregation in asked.items():
        if not ("terms" in aggregation or "date_histogram" in aggregation):
            continue
        buckets = [bucket for bucket in answer[name]["buckets"] if bucket["doc_count"]]
        if not buckets:
            yield "no bucket holds a document"
            return
        for below, metric in aggregation.get("aggs", {}).items():
            if "terms" in metric or "date_histogram" in metric:
                yield from _buckets({below: metric}, max(buckets, key=lambda bucket: int(bucket["doc_count"])))
            elif not any(bucket[below]["value"] for bucket in buckets):
                yield f"{metric} is nought everywhere"


def _hits(search: Search, shown: frozenset[str], hits: list[Any]) -> Iterator[str]:
    if not hits:
        yield "no document"
        return
    needed = shown or {search.query[name] for name in ("timeField", "timeEndField", "textField", "tagsField")}
    held = {name for hit in hits for name in flattened(hit["_source"])}
    if missing := sorted(set(needed) - held):
        yield f"no document has {', '.join(missing)}"
    times = [hit["_source"][search.query["timeField"]] for hit in hits] if "sort" in search.body else []
    if times != sorted(times, reverse=True):
        yield "the newest does not come first"


def flattened(source: Json, above: str = "") -> Iterator[str]:
    """The columns that Grafana makes of a document."""
    for name, value in source.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{above}{name}.")
        else:
            yield above + name
