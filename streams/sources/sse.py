"""Server-sent events out of bytes (https://html.spec.whatwg.org/multipage/server-sent-events.html). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 4 * 1024 * 1024
"""Bytes of one event; the longest real one, a post with many pictures, has some 20 kB."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    name: str
    data: bytes


HEARTBEAT = ServerEvent("", b"")
"""A comment line: the server says that it lives."""


class EventLines:
    """Takes bytes as they come, gives events as they are whole."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = b""
        self._data: list[bytes] = []

    def feed(self, content: bytes) -> Iterator[ServerEvent]:
        *lines, self._rest = (self._rest + content).split(b"\n")
        for line in lines:
            yield from self._line(line.removesuffix(b"\r"))
        if len(self._rest) > LONGEST:
            # Without an end of line nothing can be told from this; what comes after the next one can.
            cut, self._rest = self._rest[:LONGEST], b""
            yield ServerEvent("", cut)

    def _line(self, line: bytes) -> Iterator[ServerEvent]:
        if not line:
            if self._name or self._data:
                yield ServerEvent(self._name.decode("utf-8", "replace"), b"\n".join(self._data))
            self._name, self._data = b"", []
        elif line.startswith(b":"):
            yield HEARTBEAT
        else:
            field, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if field == b"event":
                self._name = value
            elif field == b"data":
                self._data.append(value)
            elif field not in (b"id", b"retry", b"stream"):
                yield ServerEvent("", line)  # no field of the protocol: the quarantine shows it
