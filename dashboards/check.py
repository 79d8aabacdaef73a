"""Runs every search of every dashboard on a real Elasticsearch, over made-up records, and looks at what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch

from soundings.dashboards import sample
from soundings.dashboards.build import dashboards
from soundings.dashboards.grafana import Search, lucene, searches
from soundings.dashboards.shapes import complaints
from soundings.dashboards.variables import DEPARTMENT, EVERY, POST
from soundings.services.index.connection import named_errors
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.fields import Kind, alias
from soundings.services.index.mappings import paths
from soundings.services.index.register import ElasticsearchRegister
from soundings.services.index.schema import forget

Board = Mapping[str, Any]

CHOICES = (
    {DEPARTMENT: EVERY, POST: EVERY},
    {DEPARTMENT: lucene(sample.DEPARTMENT), POST: f'"{sample.STATEMENT}"'},
)
"""As a dashboard opens, and after somebody chose a department and a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    dashboard: str
    search: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    searches: int
    findings: tuple[Finding, ...]


async def check(client: AsyncElasticsearch, prefix: str, now: datetime) -> Report:
    """Check the dashboards as they are built, under a prefix of the check's own, which it leaves empty behind it."""
    await forget(client, prefix)  # what an interrupted check left would hide what is missing now
    index = ElasticsearchIndex(client, prefix)
    try:
        rejected = await index.put(sample.records(now))
        register = ElasticsearchRegister(client, prefix)
        for entry in sample.decisions(now):
            await register.put(entry)
        await index.refresh()
        report = await run(client, prefix, dashboards(), now)
    finally:
        await forget(client, prefix)
    refused = tuple(Finding(dashboard="made-up records", search=each.id, words=each.reason) for each in rejected)
    return Report(searches=report.searches, findings=refused + report.findings)


async def run(client: AsyncElasticsearch, prefix: str, boards: tuple[Board, ...], now: datetime) -> Report:
    """Send what Grafana would send for these dashboards, and judge each answer."""
    types = {kind: await _types(client, alias(prefix, kind)) for kind in Kind}
    sent = 0
    findings: list[Finding] = []
    for board in boards:
        for chosen in CHOICES:
            asked = tuple(searches(board, now, chosen))
            columns = shown(board)
            for search, answer in zip(asked, await _answers(client, prefix, asked), strict=True):
                sent += 1
                held = columns.get(search.title, frozenset())
                for words in complaints(search, types[search.source.kind], held, answer):
                    findings.append(Finding(dashboard=board["title"], search=search.title, words=words))
    return Report(searches=sent, findings=tuple(dict.fromkeys(findings)))


def shown(board: Board) -> dict[str, frozenset[str]]:
    """The columns of each table of documents, by the title of its search."""
    return {
        f"{panel['title']} ({target['refId']})": frozenset(step["options"]["include"]["names"])
        for panel in board["panels"]
        for target in panel.get("targets", ())
        for step in panel.get("transformations", ())
        if step["id"] == "filterFieldsByName"
    }


async def _types(client: AsyncElasticsearch, name: str) -> dict[str, str]:
    """The type of every field that is mapped behind an alias."""
    with named_errors():
        found = (await client.indices.get_mapping(index=name)).body
    return {field: of for index in found.values() for field, of in paths(index["mappings"]["properties"]).items()}


async def _answers(client: AsyncElasticsearch, prefix: str, asked: tuple[Search, ...]) -> list[Any]:
    lines: list[Mapping[str, Any]] = []
    for search in asked:
        lines += (search.header(alias(prefix, search.source.kind)), search.body)
    with named_errors():
        answers: list[Any] = (await client.msearch(searches=lines, max_concurrent_shard_requests=5))["responses"]
    return answers
