"""A channel that keeps what it was given: for tests, and to look at what would have been sent."""

from soundings.services.alerts.message import Message
from soundings.services.alerts.notifier import Refused, TryAgain


class MemoryNotifier:
    def __init__(self, name: str = "memory") -> None:
        self._name = name
        self.sent: list[Message] = []
        self.failures: list[TryAgain | Refused] = []
        """Raised one after the other, before anything is taken."""

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
