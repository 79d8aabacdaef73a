"""How each part is, asked now: also right in the second after one was killed."""

from dataclasses import dataclass, field
from pathlib import Path

from soundings.deploy.local import probes
from soundings.deploy.local.processes import find, memory_of
from soundings.deploy.local.state import PartState, UpState, read_state
from soundings.deploy.local.supervised import health_address
from soundings.services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    name: str
    running: bool
    """Its process lives; for a server that is not ours: it answers."""
    ready: bool
    why_not: str
    """Empty when ready."""
    since: float
    """Start of this process, seconds since the epoch."""
    restarts: int
    memory: int
    """Bytes resident; 0 for a server that is not ours."""
    external: bool
    address: str
    ports: dict[str, int] = field(default_factory=dict)
    log: str = ""


def probe_parts(settings: Settings) -> tuple[PartReport, ...]:
    """Every part of the running stack; nothing when it is not up."""
    state = read_state(settings.state)
    return tuple(probe(settings, state, part) for part in state.parts) if state else ()


def probe(settings: Settings, state: UpState, part: PartState) -> PartReport:
    process = find(part.process) if part.process else None
    if process or part.external:
        why_not = ask(settings, state, part)
    elif part.since:
        why_not = "its process has ended; the supervisor starts it again"
    else:
        why_not = "not started yet"
    return PartReport(
        name=part.name,
        running=not why_not if part.external else process is not None,
        ready=not why_not,
        why_not=why_not,
        since=part.since,
        restarts=part.restarts,
        memory=memory_of(process) if process else 0,
        external=part.external,
        address=part.address,
        ports=part.ports,
        log=part.log,
    )


def ask(settings: Settings, state: UpState, part: PartState) -> str:
    """The part's own word; empty when ready."""
    if part.name == "kafka":
        return probes.kafka_answers(settings.kafka.model_copy(update={"bootstrap": state.kafka}))
    if part.name == "elasticsearch":
        return probes.elasticsearch_answers(settings.elasticsearch.model_copy(update={"url": state.elasticsearch}))
    return probes.health_answers(health_address(Path(part.health_file)) if part.health_file else "")
