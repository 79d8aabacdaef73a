"""Whatever makes the folder of the state first makes it closed to others: logs and memories of posts lie in it."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from soundings.deploy.local import key
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.running import start_detached
from soundings.deploy.local.state import UpState, write_state
from soundings.services.folders import private
from soundings.services.settings import Settings
from soundings.streams import worker
from soundings.streams.sources.build import remembered


class Stopped(Exception):
    """The worker got as far as its engine."""


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def a_worker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_engine(*_: object) -> Any:
        raise Stopped

    monkeypatch.setattr(worker, "make_app", no_engine)
    with pytest.raises(Stopped):
        asyncio.run(worker._run("intake", 0, settings, threading.Event()))


def a_source(settings: Settings, _: pytest.MonkeyPatch) -> None:
    remembered(settings, "bluesky")


def up_detached(settings: Settings, _: pytest.MonkeyPatch) -> None:
    with pytest.raises(StackError):
        start_detached(settings, [sys.executable, "-c", ""], seconds=20)


def up(settings: Settings, _: pytest.MonkeyPatch) -> None:
    myself: Any = {"pid": os.getpid(), "created": 0.0}
    write_state(settings.state, UpState(supervisor=myself, started=0, phase="starting", kafka="", elasticsearch=""))


@pytest.mark.parametrize("first", [a_worker, a_source, up_detached, up])
def test_whoever_comes_first_makes_the_folder_of_the_state_for_its_owner_only(
    first: Callable[[Settings, pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "of" / "soundings"
    first(Settings(state=state), monkeypatch)
    assert state.stat().st_mode & 0o777 == 0o700


def test_the_key_of_pseudonyms_lies_in_a_closed_folder(tmp_path: Path) -> None:
    key.provide(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_somebody_opened_with_purpose_is_left_so(tmp_path: Path) -> None:
    private(tmp_path / "state").chmod(0o750)
    assert private(tmp_path / "state").stat().st_mode & 0o777 == 0o750
