"""Free ports on loopback."""

import random
import socket

LOOPBACK = "127.0.0.1"

# Below what Linux (32768) and macOS (49152) give to outgoing connections: a port found free here is not taken by
# somebody's browser in the seconds until the node binds it.
LOWEST, HIGHEST = 20_000, 32_000
TRIES = 200
"""With a handful of ports taken out of 12,000, two hundred misses in a row do not happen."""


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a connection that lingers from the last run is no reason to move.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose(wanted: int = 0, *, taken: frozenset[int] = frozenset()) -> int:
    """`wanted` if it is free, else a free port that is not in `taken`.

    Raises:
        OSError: there is none.
    """
    if wanted and wanted not in taken and is_free(wanted):
        return wanted
    for _ in range(TRIES):
        port = random.randrange(LOWEST, HIGHEST)  # noqa: S311 - no secret
        if port not in taken and is_free(port):
            return port
    raise OSError(f"no free port between {LOWEST} and {HIGHEST} on {LOOPBACK}")


def choose_many(*wanted: int) -> tuple[int, ...]:
    found: list[int] = []
    for one in wanted:
        found.append(choose(one, taken=frozenset(found)))
    return tuple(found)
