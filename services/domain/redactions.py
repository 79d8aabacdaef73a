"""What must go: a post that its author or its platform has taken back, and whose text may no longer be held."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RedactionReason(StrEnum):
    DELETED = "deleted"
    EDITED = "edited"
    """The text is no longer what the author says; a newer version may follow."""
    WITHHELD = "withheld"
    """The platform no longer shows it here: a court, a copyright claim."""
    ACCOUNT_GONE = "account_gone"
    """Its author's account was deleted, suspended, deactivated or made private."""
    ERASED = "erased"
    """Somebody asked us, and we erased it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """A deletion to be honoured, wherever the text of the post is held.

    EDITED takes back what was said before `at`; under the same id (Mastodon, Bluesky) or under `replaced_by` (X) the
    source may deliver the new version, which stands. Every other reason is final.
    """

    post: str
    """Id of the post, `platform:instance:native id`."""
    reason: RedactionReason
    at: datetime
    """When it was taken back, as far as the platform says; otherwise when the source heard of it. UTC."""
    source: str
    replaced_by: str | None = None
    """Id of the newer version, where that has an id of its own."""
    note: str = ""
    """Of an erasure: what it goes back to (a reference number), in words that name no person."""

    @property
    def final(self) -> bool:
        """Nothing may follow under this id."""
        return self.reason is not RedactionReason.EDITED or self.replaced_by is not None

    @property
    def key(self) -> str:
        """On the compacted topic: an edit must never take the place of what is final."""
        return self.post if self.final else f"{self.post} edited"
