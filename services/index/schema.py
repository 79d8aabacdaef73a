"""Templates, first indices and aliases: what must be there before the first document."""

from elasticsearch import AsyncElasticsearch, BadRequestError

from soundings.services.index.connection import kind_of, named_errors
from soundings.services.index.documents import FIRST
from soundings.services.index.fields import Kind, alias
from soundings.services.index.mappings import template
from soundings.services.index.port import IndexMismatch
from soundings.services.index.shapes import PROPERTIES

EXISTS = "resource_already_exists_exception"


async def prepare(client: AsyncElasticsearch, prefix: str) -> None:
    """Make what is missing; each step may be repeated, and lose a race against another process, without harm.

    Raises:
        IndexMismatch: an index there has another type for one of the fields.
    """
    for kind in Kind:
        with named_errors():
            body = template(prefix, kind)
            await client.indices.put_index_template(
                name=alias(prefix, kind),
                index_patterns=body["index_patterns"],
                priority=body["priority"],
                template=body["template"],
            )
            await _first_index(client, f"{alias(prefix, kind)}-{FIRST}")
            await _new_fields(client, prefix, kind)


async def forget(client: AsyncElasticsearch, prefix: str) -> None:
    """Remove every index and template of a prefix: for what was made to try something."""
    with named_errors():
        names = list((await client.indices.get(index=[f"{alias(prefix, kind)}-*" for kind in Kind])).body)
        if names:
            await client.indices.delete(index=names)
        for kind in Kind:
            await client.options(ignore_status=404).indices.delete_index_template(name=alias(prefix, kind))


async def _first_index(client: AsyncElasticsearch, name: str) -> None:
    try:
        await client.indices.create(index=name)
    except BadRequestError as error:
        if kind_of(error) != EXISTS:
            raise


async def _new_fields(client: AsyncElasticsearch, prefix: str, kind: Kind) -> None:
    """Months that are there already learn the fields that a newer version adds."""
    try:
        await client.indices.put_mapping(index=alias(prefix, kind), properties=PROPERTIES[kind])
    except BadRequestError as error:
        # No document is involved, so the server's words name fields and types only.
        words = error.body["error"]["reason"] if isinstance(error.body, dict) else error.message
        raise IndexMismatch(f"{alias(prefix, kind)}: {words}; index it anew under another prefix") from None
