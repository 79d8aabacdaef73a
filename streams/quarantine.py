"""The quarantine: what could not be read, with its reason, sealed."""

import base64
from datetime import datetime
from hashlib import blake2b

from cryptography.fernet import Fernet, InvalidToken

from soundings.streams.records import Quarantined

CONTENT_KEPT = 16 * 1024
"""Bytes: enough to see what is wrong; the rest of a 1 MB line adds nothing."""


class Seal:
    """Seals content that may hold what has not been pseudonymised; only who has the pseudonym key can open it."""

    def __init__(self, secret: str) -> None:
        key = blake2b(secret.encode(), person=b"quarantine", digest_size=32).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def quarantined(self, source: str, position: int, reason: str, content: bytes, at: datetime) -> Quarantined:
        sealed = self._fernet.encrypt(content[:CONTENT_KEPT]).decode()
        return Quarantined(source=source, position=position, reason=reason, at=at, sealed=sealed)

    def open(self, quarantined: Quarantined) -> bytes:
        """The content.

        Raises:
            ValueError: it was sealed under another key.
        """
        try:
            return self._fernet.decrypt(quarantined.sealed.encode())
        except InvalidToken:
            raise ValueError("sealed under another pseudonym key") from None
