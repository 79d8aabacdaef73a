"""The terminal as a channel: a box where a person looks on, plain text where a program does."""

import sys
from typing import TextIO

from rich.box import HEAVY, ROUNDED
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from soundings.services.alerts.message import Message, Urgency
from soundings.services.alerts.notifier import Refused

_WIDEST = 100
"""Columns: longer lines are hard to read, whatever the window."""


class TerminalNotifier:
    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = name
        self._stream = stream

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message) -> None:
        # Looked up at each sending: a test or a supervisor may have replaced it since.
        stream = self._stream or sys.stdout
        try:
            if stream.isatty():
                self._box(message, stream)
            else:
                stream.write(f"{message.subject}\n[{message.id}]\n\n{message.text}\n")
            stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed, or cannot write such a character
            raise Refused(f"the terminal does not take text: {type(error).__name__}") from error

    def _box(self, message: Message, stream: TextIO) -> None:
        console = Console(file=stream, highlight=False, emoji=False)
        urgent = message.urgency is Urgency.HIGH
        # Text, not markup: brackets in a post are brackets.
        console.print(
            Panel(
                Text(message.text.rstrip("\n")),
                title=Text(message.subject, style="bold red" if urgent else "bold"),
                title_align="left",
                subtitle=Text(message.id, style="dim"),
                subtitle_align="right",
                box=HEAVY if urgent else ROUNDED,
                border_style="red" if urgent else "blue",
                width=min(console.width, _WIDEST),
                padding=(1, 2),
            )
        )
