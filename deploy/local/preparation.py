"""What must be there before the first worker starts: topics, index templates.

`soundings up` calls it; in containers it is a step of its own: `python -m soundings.deploy.local.preparation`.
"""

import asyncio
import sys

from kafka.errors import KafkaError

from soundings.deploy.local.errors import StackError
from soundings.services.index.elastic import ElasticsearchIndex
from soundings.services.index.port import IndexMismatch, IndexUnavailable
from soundings.services.settings import ElasticsearchSettings, Settings, SettingsError, load
from soundings.streams import topics


def prepare(settings: Settings) -> None:
    """Creates what is missing; does no harm when repeated.

    Raises:
        StackError: a server refuses, or holds something that does not fit.
    """
    try:
        topics.create(settings.kafka)
    except (KafkaError, ValueError) as error:
        raise StackError(f"The topics cannot be prepared: {error}") from error
    try:
        asyncio.run(_prepare_index(settings.elasticsearch))
    except (IndexUnavailable, IndexMismatch, SettingsError) as error:
        raise StackError(f"The index cannot be prepared: {error}") from error


async def _prepare_index(settings: ElasticsearchSettings) -> None:
    index = ElasticsearchIndex.at(settings)
    try:
        await index.prepare()
    finally:
        await index.close()


def main() -> int:
    try:
        prepare(load())
    except (StackError, SettingsError) as error:
        sys.stderr.write(f"soundings: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
