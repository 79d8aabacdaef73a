"""`up`, `down` and what is running: the stack as a whole."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from soundings.deploy.local import jars, key, logs
from soundings.deploy.local.assembly import embedded, servers
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.filelock import locked
from soundings.deploy.local.logs import Voice
from soundings.deploy.local.parts import Part
from soundings.deploy.local.processes import await_end, find, identity_of, put_an_end_to
from soundings.deploy.local.state import UpState, last_state, lock_of, read_state, remove_state, write_state
from soundings.deploy.local.supervisor import END_SECONDS, Supervisor
from soundings.services.folders import private
from soundings.services.settings import Settings

Prepare = Callable[[Settings], None]
"""Makes topics and index templates; given settings with the servers' addresses. Raises StackError if it cannot."""

DOWN_SECONDS = 2 * END_SECONDS + 10.0
"""Two stages of ten seconds each, and the supervisor's own end."""
LOOK_SECONDS = 0.2


Workers = Callable[[Settings, str], Sequence[Part]]
"""The parts that run on top of the servers; given those settings and the key of pseudonyms (empty: configured)."""


def run(settings: Settings, console: Console, *, prepare: Prepare, workers: Workers) -> int:
    """Runs the stack in the foreground until it is told to stop; the exit code.

    A second run finds the first, says where it is, and is content.
    """
    private(settings.state)
    private(settings.data_dir)
    voice = Voice(console, logs.folder_of(settings.state) / "up.log")
    with locked(lock_of(settings.state)) as held:
        if not held:
            console.print(already(read_state(settings.state)), highlight=False, soft_wrap=True)
            return 0
        try:
            clear_leftovers(settings.state, voice)
            announce(settings)
            supervisor = assembled(settings, voice, console, prepare=prepare, workers=workers)
        except StackError as error:
            remove_state(settings.state)
            voice.say(f"{error}", style="red")
            return 1
        except KeyboardInterrupt:
            remove_state(settings.state)
            voice.say("Stopped before anything was started")
            sys.stdout.flush()
            os._exit(0)  # not the normal way out, which waits for downloads that are under way
        return supervisor.run()


def announce(settings: Settings) -> None:
    """So that `down` finds this process while it still downloads."""
    if myself := identity_of(os.getpid()):
        early = UpState(supervisor=myself, started=time.time(), phase="starting", kafka="", elasticsearch="")
        write_state(settings.state, early)


def assembled(settings: Settings, voice: Voice, console: Console, *, prepare: Prepare, workers: Workers) -> Supervisor:
    """The supervisor of what these settings ask for; the jars are there when it returns, nothing runs yet."""
    folder = jars.folder_of(settings.cache)
    if embedded(settings):
        folder = jars.provide(settings.cache, console=console, repository=settings.stack.maven)
    found = servers(settings, folder)
    secret = "" if settings.privacy.pseudonym_key else key.provide(settings.data_dir)
    return Supervisor(
        nodes=found.nodes,
        prepare=lambda: prepare(found.settings),
        workers=workers(found.settings, secret),
        state=settings.state,
        voice=voice,
        kafka=found.settings.kafka.bootstrap,
        elasticsearch=found.settings.elasticsearch.url,
        accounts=str(settings.accounts.resolve()) if settings.accounts else "",
        external=found.external,
    )


def already(state: UpState | None) -> str:
    if state is None:
        return "Soundings is being started or stopped by another process"
    since = time.strftime("%H:%M:%S", time.localtime(state.started))
    where = f": Kafka {state.kafka}, Elasticsearch {state.elasticsearch}" if state.kafka else ""
    return f"Soundings is up already since {since} (process {state.supervisor.pid}, {state.phase}){where}"


def clear_leftovers(folder: Path, voice: Voice) -> None:
    """Ends what a supervisor that was killed may have left, and forgets it; to be called with the lock held."""
    state = last_state(folder)
    if state is None:
        return
    ended = put_an_end_to((part.process for part in state.parts if part.process), seconds=END_SECONDS)
    remove_state(folder)
    voice.say(f"The last run did not end properly: tidied up after it ({ended} processes were left)", style="yellow")


def start_detached(settings: Settings, command: Sequence[str], *, seconds: float = 300.0) -> UpState:
    """Starts `command` (an `up` in the foreground) in the background and returns when everything is ready.

    Raises:
        StackError: it ended before that, or took longer than `seconds`; with the end of its output.
    """
    terminal = logs.folder_of(private(settings.state)) / "terminal.log"
    terminal.parent.mkdir(parents=True, exist_ok=True)
    terminal.unlink(missing_ok=True)
    with terminal.open("ab") as output:  # for appending, or emptying it once it is large would leave a hole
        process = subprocess.Popen(  # noqa: S603 - the command is our own
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env={**os.environ, **folders(settings)},
        )
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        state = read_state(settings.state)
        if state and state.phase == "running":
            return state
        if process.poll() is not None:
            raise StackError(f"Soundings did not start\n{logs.tail(terminal)}")
        time.sleep(LOOK_SECONDS)
    process.terminate()
    raise StackError(f"Soundings was not ready after {seconds:.0f} s\n{logs.tail(terminal)}")


def folders(settings: Settings) -> dict[str, str]:
    values = {name: str(getattr(settings, name)) for name in ("data_dir", "state", "cache", "accounts")}
    return {f"SOUNDINGS_{name.upper()}": value for name, value in values.items() if value != "None"}


def this_python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "soundings.deploy.commands.stack", *arguments)


def stop(settings: Settings) -> str:
    """Stops what runs; says what it did. Nothing of it lives when this returns."""
    state = last_state(settings.state)
    if state is None:
        return "Soundings is not running"
    supervisor = find(state.supervisor)
    parts = [part.process for part in state.parts if part.process]
    if supervisor is None:
        with locked(lock_of(settings.state), wait=END_SECONDS):
            left = put_an_end_to(parts, seconds=END_SECONDS)
            remove_state(settings.state)
        return f"Soundings was not running any more; {left} processes that it had left were ended"
    supervisor.terminate()
    unwilling = await_end([state.supervisor], seconds=DOWN_SECONDS)
    if unwilling:
        supervisor.kill()
        put_an_end_to(parts, seconds=END_SECONDS)
    if unwilling or last_state(settings.state) == state:  # killed, or stopped while it still downloaded
        remove_state(settings.state)
    return "Soundings did not stop by itself and was ended by force" if unwilling else "Soundings is down"
