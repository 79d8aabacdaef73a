"""The state file, identities of processes, restarts, the key, logs, ports."""

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundings.deploy.local import key, logs, ports
from soundings.deploy.local.errors import StackError
from soundings.deploy.local.filelock import locked
from soundings.deploy.local.processes import Identity, find, identity_of, put_an_end_to
from soundings.deploy.local.restarts import CALM_SECONDS, FIRST_SECONDS, LONGEST_SECONDS, next_start
from soundings.deploy.local.state import PartState, UpState, file_of, last_state, read_state, write_state


def myself() -> Identity:
    found = identity_of(os.getpid())
    assert found
    return found


def state_of(supervisor: Identity) -> UpState:
    part = PartState(
        name="kafka",
        process=supervisor,
        since=5.0,
        restarts=2,
        ready=True,
        address="127.0.0.1:9092",
        ports={"broker": 9092},
    )
    waiting = PartState(name="elasticsearch", process=None, since=6.0)
    return UpState(
        supervisor=supervisor, started=4.0, phase="running", kafka="a", elasticsearch="b", parts=(part, waiting)
    )


def test_the_state_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_state(tmp_path, state_of(myself()))
    assert read_state(tmp_path) == state_of(myself())


def test_a_state_whose_supervisor_is_dead_is_stale(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    gone = identity_of(child.pid)
    child.wait()
    write_state(tmp_path, state_of(gone or Identity(pid=child.pid, created=0.0)))
    assert read_state(tmp_path) is None
    assert last_state(tmp_path) is not None


def test_a_reused_process_id_is_not_mistaken_for_the_supervisor(tmp_path: Path) -> None:
    earlier = Identity(pid=os.getpid(), created=myself().created - 60.0)
    write_state(tmp_path, state_of(earlier))
    assert read_state(tmp_path) is None
    assert find(earlier) is None
    assert find(myself()) is not None


def test_a_process_that_nobody_asked_for_counts_as_ended() -> None:
    """`down` must not wait for a parent that never collects its child."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    identity = identity_of(child.pid)
    assert identity
    assert put_an_end_to([identity], seconds=5.0) == 1
    assert find(identity) is None
    assert child.wait(0) == -15


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"version": 1}', '{"version": 99}', "\x00"])
def test_a_state_file_that_is_not_ours_counts_as_none(tmp_path: Path, content: str) -> None:
    file_of(tmp_path).write_text(content)
    assert last_state(tmp_path) is None


def test_the_first_restart_comes_at_once_and_later_ones_wait_longer() -> None:
    waits = [next_start(failures=failures, ran=1.0).after for failures in range(12)]
    assert waits[0] == FIRST_SECONDS
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_SECONDS


def test_a_part_that_ran_well_is_forgiven_its_past() -> None:
    plan = next_start(failures=9, ran=CALM_SECONDS)
    assert (plan.after, plan.failures) == (FIRST_SECONDS, 1)


@given(st.integers(0, 10**9), st.floats(0, 1e9))
def test_no_wait_is_ever_longer_than_the_longest(failures: int, ran: float) -> None:
    assert 0 < next_start(failures=failures, ran=ran).after <= LONGEST_SECONDS


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = key.provide(tmp_path / "data")
    assert key.provide(tmp_path / "data") == first
    assert len(first) >= 43  # 32 bytes in base64
    assert stat.S_IMODE(key.file_of(tmp_path / "data").stat().st_mode) == 0o600


def test_a_key_that_others_can_read_stops_the_start_without_being_shown(tmp_path: Path) -> None:
    secret = key.provide(tmp_path)
    key.file_of(tmp_path).chmod(0o644)
    with pytest.raises(StackError) as caught:
        key.provide(tmp_path)
    assert secret not in str(caught.value)


def test_an_empty_key_file_stops_the_start(tmp_path: Path) -> None:
    """Going on with an empty key would make every pseudonym guessable."""
    os.close(os.open(key.file_of(tmp_path), os.O_CREAT | os.O_WRONLY, 0o600))
    with pytest.raises(StackError, match="is empty"):
        key.provide(tmp_path)


def test_a_log_that_a_process_holds_open_is_capped_without_losing_what_comes_next(tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    with log.open("ab", buffering=0) as held:
        held.write(b"old\n" * 10)
        assert logs.cap(log, largest=20)
        held.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "kafka.log.1").read_bytes() == b"old\n" * 10
    assert not logs.cap(log, largest=20)
    assert not logs.cap(tmp_path / "absent.log")


def test_a_taken_port_is_not_chosen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.choose(port) != port


def test_free_ports_are_all_different_and_below_those_of_outgoing_connections() -> None:
    found = ports.choose_many(0, 0, 0, 0)
    assert len(set(found)) == 4
    assert all(ports.LOWEST <= port < ports.HIGHEST for port in found)


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from soundings.deploy.local.filelock import locked\n"
        "with locked(Path(sys.argv[1])) as held: print(held, flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True)
    assert holder.stdout and holder.stdout.readline() == "True\n"
    with locked(tmp_path / "lock") as held:
        assert not held
    holder.kill()
    holder.communicate()
    began = time.monotonic()
    with locked(tmp_path / "lock", wait=5.0) as held:
        assert held
    assert time.monotonic() - began < 1.0
