"""What runs, in a file: so that `status`, `down` and a second `up` find it."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from soundings.deploy.local.processes import Identity, find
from soundings.services.folders import private

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    name: str
    process: Identity | None
    """None while it waits for its next start, and for a server that is not ours."""
    since: float
    """When this process was started, seconds since the epoch."""
    restarts: int = 0
    ready: bool = False
    """As the supervisor last saw it; `reports` asks anew."""
    external: bool = False
    address: str = ""
    ports: dict[str, int] = field(default_factory=dict)
    health_file: str = ""
    log: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpState:
    supervisor: Identity
    started: float
    phase: str
    """starting, running or stopping."""
    kafka: str
    """host:port"""
    elasticsearch: str
    """Base address."""
    accounts: str = ""
    """Path of the accounts file that the workers were given, so that a replay addresses the same departments."""
    parts: tuple[PartState, ...] = ()


def file_of(state: Path) -> Path:
    return state / "up.json"


def lock_of(state: Path) -> Path:
    """Held by the supervisor for as long as it lives."""
    return state / "up.lock"


def write_state(folder: Path, state: UpState) -> None:
    """Whole or not at all."""
    fresh = file_of(private(folder)).with_suffix(".new")
    fresh.write_text(json.dumps({"version": VERSION, **asdict(state)}, indent=1), encoding="utf-8")
    os.replace(fresh, file_of(folder))


def remove_state(folder: Path) -> None:
    file_of(folder).unlink(missing_ok=True)


def last_state(folder: Path) -> UpState | None:
    """What the file says, whether its supervisor still lives or not; None if there is none to be read."""
    try:
        data = json.loads(file_of(folder).read_text(encoding="utf-8"))
        return _from_json(data) if data.get("version") == VERSION else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        # Written whole by us, so anything else was never ours or is of another version: there is nothing to find.
        return None


def read_state(folder: Path) -> UpState | None:
    """What runs now; None if nothing does, also when the supervisor died without tidying up."""
    state = last_state(folder)
    return state if state and find(state.supervisor) else None


def _from_json(data: dict[str, Any]) -> UpState:
    parts = tuple(
        PartState(**{**part, "process": Identity(**part["process"]) if part["process"] else None})
        for part in data["parts"]
    )
    known = {key: data[key] for key in ("started", "phase", "kafka", "elasticsearch", "accounts")}
    return UpState(supervisor=Identity(**data["supervisor"]), parts=parts, **known)
