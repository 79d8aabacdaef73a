"""The real servers, started once a run and only if a test asks for them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundings.deploy.local.stack import Stack, local_stack

# The servers of the tests live for a minute or two: compiling them to the last degree costs more than it gives (of a
# short run of contract tests, 24 s of processor time against 15 s).
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Real Kafka and real Elasticsearch on free ports of the loopback address."""
    with local_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def measuring_data() -> Path:
    """The folder of real data; tests that need it are skipped where it is absent."""
    folder = os.environ.get("SOUNDINGS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SOUNDINGS_DATA names no folder: the measuring data is not part of the project")
    return Path(folder)
