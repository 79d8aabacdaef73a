"""What is sent: one message for every channel, as text, as a page and as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Heading(StrEnum):
    """What stands above a message that is not a live call."""

    NONE = ""
    EXERCISE = "EXERCISE"
    LATE = "LATE"


class Urgency(StrEnum):
    HIGH = "high"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a section: plain words, somebody else's words (`quote`) or a link. Cleaned, not yet escaped."""

    text: str
    url: str = ""
    quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Invariant: `subject` is one line without control characters, shorter than 120 characters."""

    id: str
    """The same for a repeated sending; receivers may drop what they have by it."""
    subject: str
    text: str
    html: str
    data: Mapping[str, object] = field(default_factory=dict)
    """For machines: JSON values only, ids and counts, no text of a post."""
    thread: str = ""
    """Id of the first message about the same storm, for mail programs to keep together."""
    urgency: Urgency = Urgency.NORMAL
