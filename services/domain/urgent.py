"""Posts that cannot wait for a firestorm: they go to a person one by one, at once, whatever the volume."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UrgencyKind(StrEnum):
    RISK_TO_LIFE = "risk_to_life"
    THREAT_TO_STAFF = "threat_to_staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """A post that somebody should read now. Holds no text: that is fetched when it is told."""

    id: str
    """`department:urgent/post id`: a post that addresses two departments is owed to both."""
    department: str
    post: str
    """Post id."""
    kind: UrgencyKind
    reason: str
    """What was recognised, in plain words that begin with *somebody*; never a quotation."""
    at: datetime
    """The post's own time."""
    live: bool
    """False if it came from a replay: that must wake nobody."""
    appeal: str = ""
    """The same for every copy and repost of one text: a hash, from which no text can be had."""
    url: str | None = None
    """The post's public address, so that it can be told while the index is down; not kept in the index here."""


def urgent_id(department: str, post: str) -> str:
    """Begins with the department, as the id of every notice does."""
    return f"{department}:urgent/{post}"
