"""Handles of Bluesky into DIDs: a handle is a name that can be changed, a DID is the account."""

import threading
import time
from collections.abc import Callable

import structlog

from soundings.services.domain.accounts import Account, AccountBook, Platform

RETRY_EVERY = 600.0
"""Seconds between attempts for handles that did not resolve: a name server may be back, nobody waits for a typo."""

UNANSWERED_EVERY = 15.0
"""Seconds between attempts while nobody answers: the network may be back any moment."""

AGAIN_EVERY = 86400.0
"""Seconds after which a resolved handle is resolved again: a department may move to a new account."""

log = structlog.get_logger()

Resolve = Callable[[str], str | None]
"""A handle to its DID, None where there is none. Raises Unanswered."""


class Unanswered(Exception):
    """Nobody could be asked."""


class Names:
    """Our accounts and the configured public ones by DID. `dids` and `public` grow as handles are resolved."""

    def __init__(self, book: AccountBook, resolve: Resolve) -> None:
        accounts = [account for department in book.departments for account in department.accounts]
        self._ours = [account for account in accounts if account.platform is Platform.BLUESKY]
        prefix = f"{Platform.BLUESKY}:"
        self._named = sorted(key for key in book.public_accounts if key.startswith(prefix))
        self._resolve = resolve
        self._due = 0.0
        self._lock = threading.Lock()
        self.dids: dict[str, Account] = {account.native_id: account for account in self._ours if account.native_id}
        self.public: dict[str, str] = {}

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Handles of ours without a DID: they cannot be listened to."""
        known = {account.key for account in self.dids.values()}
        return tuple(account.handle for account in self._ours if account.key not in known)

    def look(self) -> None:
        """Resolve what is due; asks the network, so never from where frames are read."""
        with self._lock:
            if time.monotonic() < self._due:
                return
            try:
                self._ask()
                pause = RETRY_EVERY if self.unresolved else AGAIN_EVERY
            except Unanswered:
                pause = UNANSWERED_EVERY
            self._due = time.monotonic() + pause
        for handle in self.unresolved:
            log.warning("handle does not resolve, its mentions are missed", source="bluesky", handle=handle)

    def _ask(self) -> None:
        for account in self._ours:
            if not account.native_id and (did := self._resolve(account.handle)):
                # A DID from before stays too: answers to what the old account said still come.
                self.dids[did] = account
        for key in self._named:
            if did := self._resolve(key.partition(":")[2]):
                self.public[did] = key


def resolver(url: str) -> Resolve:
    """Asks the server at `url` (com.atproto.identity.resolveHandle), which needs no account."""
    from atproto import Client
    from atproto.exceptions import AtProtocolError, BadRequestError

    client = Client(base_url=url)

    def resolve(handle: str) -> str | None:
        try:
            return str(client.com.atproto.identity.resolve_handle({"handle": handle}).did)
        except (BadRequestError, ValueError):
            return None
        except AtProtocolError:
            raise Unanswered from None

    return resolve
