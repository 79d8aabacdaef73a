"""The port of a channel: one message out, or an error that says what to do."""

from typing import Protocol

from soundings.services.alerts.message import Message


class TryAgain(Exception):
    """The channel cannot be reached just now; `after`: seconds that it asks to be left alone, 0 if it does not."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


class Refused(Exception):
    """The channel will never take this message: do not repeat it. The reason holds no address of a person."""


class Notifier(Protocol):
    """A channel to the press office. A message that is sent again carries the same id; receivers may see it twice."""

    @property
    def name(self) -> str:
        """As in settings, records and 'who is told'."""

    async def send(self, message: Message) -> None:
        """Returns when the channel has taken the message; never blocks the event loop.

        Raises:
            TryAgain: it may work later.
            Refused: it will not.
        """
