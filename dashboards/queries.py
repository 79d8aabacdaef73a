"""Queries of panels, in the few forms that the dashboards use.

Ids of metrics and buckets are numbers: Grafana orders a terms bucket by a metric only if the metric's id is one.
"""

from grafana_foundation_sdk.builders import elasticsearch as es
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.elasticsearch import BucketAggregation, MetricAggregation, TermsOrder

from soundings.dashboards.datasources import DataSource
from soundings.services.index.fields import TIMESTAMP, PostField
from soundings.services.index.queries import EXACT_VOICES

Metric = Builder[MetricAggregation]
Bucket = Builder[BucketAggregation]

POSTS = "1"
VOICES = "2"
BUCKET = "3"
SPLIT = "4"
SUM = "5"

DAY_ZONE = "Europe/London"
"""Where days begin: departments of one government share a clock, and a day must not depend on who looks at it."""


def posts() -> Metric:
    """How many documents."""
    return es.Count().id(POSTS)


def voices() -> Metric:
    """How many distinct people wrote them."""
    settings = es.ElasticsearchUniqueCountSettings().precision_threshold(str(EXACT_VOICES))
    return es.UniqueCount().id(VOICES).field(PostField.VOICE).settings(settings)


def total(field: str) -> Metric:
    """The sum of a number that was counted already."""
    return es.Sum().id(POSTS).field(field)


def total_of(field: str) -> Metric:
    """The same beside a number of documents."""
    return es.Sum().id(SUM).field(field)


def over_time(
    source: DataSource,
    where: str,
    metric: Metric,
    *,
    every: str = "auto",
    split: str | None = None,
    called: str = "",
    ref: str = "A",
    quiet: bool = True,
    by: str = "_count",
) -> es.Dataquery:
    """One line, or one for each value of the field `split`.

    `every` is `auto`, or a span such as `1m`; `quiet` draws times without a document as nought, otherwise as unknown;
    `by` is what the values of `split` are ordered by, as in `by_value`: the ten first are drawn.
    """
    settings = es.ElasticsearchDateHistogramSettings().interval(every).min_doc_count("0" if quiet else "1")
    if every.endswith("d"):
        settings = settings.time_zone(DAY_ZONE)
    buckets: list[Bucket] = [_top(split, SPLIT, size=10, by=by)] if split else []
    buckets.append(es.DateHistogram().id(BUCKET).field(TIMESTAMP).settings(settings))
    query = es.Dataquery().datasource(source.ref).time_field(TIMESTAMP).query(where).ref_id(ref)
    query = query.bucket_aggs(buckets).metrics([metric])
    return query.alias(called) if called else query


def by_value(
    source: DataSource, where: str, field: str, *metrics: Metric, size: int = 20, by: str = "_count"
) -> es.Dataquery:
    """A row for each value of a field, the largest first; `by` is `_count` or a metric's id."""
    query = es.Dataquery().datasource(source.ref).time_field(TIMESTAMP).query(where).ref_id("A")
    return query.bucket_aggs([_top(field, BUCKET, size=size, by=by)]).metrics(list(metrics))


def newest(source: DataSource, where: str, size: int) -> es.Dataquery:
    """Whole documents, the newest first."""
    raw = es.RawData().id(POSTS).settings(es.ElasticsearchRawDataSettings().size(str(size)))
    query = es.Dataquery().datasource(source.ref).time_field(TIMESTAMP).query(where).ref_id("A")
    return query.bucket_aggs([]).metrics([raw])


def _top(field: str, identifier: str, *, size: int, by: str) -> Bucket:
    settings = es.ElasticsearchTermsSettings().order(TermsOrder.DESC).order_by(by).size(str(size)).min_doc_count("1")
    return es.Terms().id(identifier).field(field).settings(settings)
