"""The register of themes in Elasticsearch: nobody's decision is overwritten, and a merge or split is kept whole.

Elasticsearch changes one document at a time. So a decision is written twice:
1. whole, as the department's *last decision*: one document, replaced only if nobody replaced it since it was read
   (sequence number and primary term). With that it is taken.
2. into the documents of the entries that it changes, each only over an older version of itself.
Who reads lays the last decision over the entries, so a process that dies between the two has half-done nothing; who
decides next repeats step 2 before anything else.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch, ConflictError

from soundings.services.domain.register import Entry
from soundings.services.index import queries, schema
from soundings.services.index.connection import connect, named_errors
from soundings.services.index.documents import FIRST
from soundings.services.index.fields import Kind, RegisterField, alias
from soundings.services.index.port import IndexUnavailable
from soundings.services.index.register_forms import decided, decision_body, entry_body, entry_of
from soundings.services.index.scan import scan
from soundings.services.settings import ElasticsearchSettings
from soundings.services.themes.register_store import Outdated, check_belong, check_follows, department_of

MISSING = 404
KEPT_ALREADY = 409
ATTEMPTS = 20
"""Decisions of a department that may come between reading and writing: each takes some 20 ms and a person to take."""

Token = tuple[int, int] | None
"""Sequence number and primary term of the last decision; None: there is none yet."""


class ElasticsearchRegister:
    def __init__(self, client: AsyncElasticsearch, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._prepared = False

    @classmethod
    def at(cls, settings: ElasticsearchSettings) -> "ElasticsearchRegister":
        """Raises SettingsError where the settings cannot be meant; sends nothing yet."""
        return cls(connect(settings), settings.prefix)

    async def get(self, theme: str) -> Entry | None:
        department = department_of(theme)
        if not department:
            return None
        last, _ = await self._last(department)
        with named_errors():
            answer = await self._client.options(ignore_status=MISSING).get(index=self._index(Kind.REGISTER), id=theme)
        kept = [entry_of(answer["_source"])] if answer.get("found") else []
        return _overlaid(kept, last).get(theme)

    async def of_department(self, department: str) -> tuple[Entry, ...]:
        for _ in range(ATTEMPTS):
            last, before = await self._last(department)
            kept = [entry_of(source) async for source in self._kept(department)] if before else []
            _, after = await self._last(department)
            if before == after:
                # Everything older than the last decision was readable before that was taken.
                return tuple(entry for _, entry in sorted(_overlaid(kept, last).items()))
        raise IndexUnavailable("the register is being changed all the time")

    async def put(self, *entries: Entry) -> None:
        department = check_belong(entries)
        if not self._prepared:  # without its template, the index would be born with guessed field types
            await schema.prepare(self._client, self._prefix)
            self._prepared = True
        for entry in entries:
            entry_body(entry)  # a decision that cannot be carried out must not be taken: it would stand in the way
        decision = decision_body(department, entries)
        for _ in range(ATTEMPTS):
            last, token = await self._last(department)
            await self._carry_out(last)
            for entry in entries:
                check_follows(await self.get(entry.theme), entry)
            if await self._take(department, decision, token):
                await self._carry_out(entries)
                return
        raise Outdated(f"others decide about themes of {department} all the time: try again")

    async def close(self) -> None:
        await self._client.close()

    async def _last(self, department: str) -> tuple[tuple[Entry, ...], Token]:
        """The last decision; read from the log of writes, so that it is the last also if it was taken just now."""
        with named_errors():
            answer = await self._client.options(ignore_status=MISSING).get(
                index=self._index(Kind.DECISIONS), id=department
            )
        if not answer.get("found"):
            return (), None
        return decided(answer["_source"]), (answer["_seq_no"], answer["_primary_term"])

    async def _take(self, department: str, decision: bytes, token: Token) -> bool:
        """Whether nobody else took one since."""
        condition: dict[str, Any] = (
            {"op_type": "create"} if token is None else {"if_seq_no": token[0], "if_primary_term": token[1]}
        )
        with named_errors():
            try:
                await self._client.index(
                    index=self._index(Kind.DECISIONS), id=department, document=orjson.loads(decision), **condition
                )
            except ConflictError:
                return False
        return True

    async def _carry_out(self, entries: Iterable[Entry]) -> None:
        """Write each entry over an older version of itself, readable at once; again is harmless."""
        operations: list[Any] = []
        for entry in entries:
            target = {"_id": entry.theme, "version": entry.version, "version_type": "external"}
            operations += ({"index": target}, orjson.loads(entry_body(entry)))
        if not operations:
            return
        with named_errors():
            answer = await self._client.bulk(
                index=self._index(Kind.REGISTER),
                operations=operations,
                refresh=True,
                include_source_on_error=False,
            )
        refused = [item["index"]["status"] for item in answer["items"] if item["index"]["status"] >= 300]
        if bad := [status for status in refused if status != KEPT_ALREADY]:
            raise IndexUnavailable(f"Elasticsearch refuses {len(bad)} entries of the register with {bad[0]}")

    async def _kept(self, department: str) -> AsyncIterator[Mapping[str, Any]]:
        query = queries.every(queries.term(RegisterField.DEPARTMENT, department))
        async for source in scan(self._client, alias(self._prefix, Kind.REGISTER), query, (RegisterField.THEME,)):
            yield source

    def _index(self, kind: Kind) -> str:
        return f"{alias(self._prefix, kind)}-{FIRST}"


def _overlaid(kept: Iterable[Entry], last: Iterable[Entry]) -> Mapping[str, Entry]:
    found = {entry.theme: entry for entry in kept}
    for entry in last:
        if entry.theme not in found or found[entry.theme].version < entry.version:
            found[entry.theme] = entry
    return found
