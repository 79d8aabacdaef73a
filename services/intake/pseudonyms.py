"""Pseudonyms: made by the source, before anything is stored or sent on.

A keyed hash (BLAKE2b with a key, RFC 7693) of platform and author. The key is derived anew for every 13 ISO weeks, so
that a voice cannot be followed for longer than a quarter, and nobody without the secret can test a guess.
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b

from soundings.services.domain.accounts import Platform, account_key

PERIOD_WEEKS = 13
"""A quarter: long enough that 'has not spoken before' means something, short enough that it is no profile."""

_MONDAY = date(1970, 1, 5)

# Whatever stands before the sign: platforms link no handle that is stuck to a word (`thanks@name`), people read it.
_HANDLES = {
    Platform.X: re.compile(r"[@＠](\w{1,50})"),
    Platform.BLUESKY: re.compile(r"[@＠](\w(?:[\w.-]*\w)?)"),
    Platform.MASTODON: re.compile(r"[@＠](\w(?:[\w.-]*\w)?(?:@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)?)"),
}
_EMAIL = re.compile(r"(?<![@\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MAYBE_EMAIL = re.compile(r"[\w+.-]@")
_DID = re.compile(r"\bdid:[a-z]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-]")
_SITES = (
    # Longest first: an account by its number, then by its name.
    r"(?<![\w-])(?:twitter|x)\.com/i/user/",
    r"(?<![\w-])(?:(?:fx|vx)?twitter|x|fixupx|fixvx|instagram|facebook|fb)\.com/",
    r"(?<![\w-])(?:nitter\.[a-z.]+|t\.me|telegram\.me|threads\.net)/",
    r"linkedin\.com/in/|reddit\.com/u(?:ser)?/|youtube\.com/(?:c/|user/|channel/)",
    r"bsky\.app/profile/|(?<![\w-])at://",
    r"://[A-Za-z0-9.-]+/(?:@|users/)",
    # Parameters of links that name an account.
    r"[?&](?:screen_name|user_id|via|related)=",
)
_PROFILE_LINK = re.compile(rf"(?P<site>{'|'.join(_SITES)})(?P<name>@?\w(?:[\w.@-]*\w)?)", re.IGNORECASE)
_WITH_SLASH = re.compile(r"\S*/\S*")
"""Only such words are searched for links: each alternative costs a look at every letter."""
_BARE_HANDLE = re.compile(r"(?<![\w.@/-])[\w-]+\.bsky\.social\b", re.IGNORECASE)
"""Bluesky's own handles look like nothing else, also without a sign before them."""
_ENCODED_HANDLE = re.compile(r"%40(\w{1,50})")


def period(at: datetime) -> int:
    """Number of the 13-ISO-week period that the time lies in."""
    return (at.date() - _MONDAY).days // 7 // PERIOD_WEEKS


class Pseudonyms:
    """Makes pseudonyms from one secret."""

    def __init__(self, secret: str, named: Collection[str] = ()) -> None:
        """`named`: keys of the accounts that stay readable in texts (our own and the configured public ones)."""
        if len(secret) < 16:
            raise ValueError("the pseudonym key must have 16 characters or more")
        self._secret = blake2b(secret.encode()).digest()  # of the length that a key may have
        self._lasting = blake2b(b"soundings lasting", key=self._secret, digest_size=32).digest()
        self._named = frozenset(named)
        self._key = lru_cache(maxsize=64)(self._derive)

    def _derive(self, number: int) -> bytes:
        return blake2b(f"soundings pseudonyms {number}".encode(), key=self._secret, digest_size=32).digest()

    def voice(self, platform: str, author: str, at: datetime) -> str:
        """Pseudonym of an author, 16 hexadecimal digits, the same throughout a period."""
        # A lone surrogate in an author's name must not stop a record.
        name = f"{platform}\0{author}".encode("utf-8", "surrogatepass")
        return blake2b(name, key=self._key(period(at)), digest_size=8).hexdigest()

    def lasting(self, what: str, name: str) -> str:
        """Keyed hash, 24 hexadecimal digits, that does not change with the period.

        For two things only: the id of a post whose own id holds its author's (Bluesky), and finding the posts of an
        account that is gone, so that a deletion a year later still meets them. Never stored beside a text.

        Args:
            what: Keeps hashes for different ends apart, e.g. `bluesky post`.
        """
        content = f"{what}\0{name}".encode("utf-8", "surrogatepass")
        return blake2b(content, key=self._lasting, digest_size=12).hexdigest()

    def text(self, platform: Platform, text: str, at: datetime) -> str:
        """The text with handles, DIDs, profile links and e-mail addresses of the public made unrecognisable."""

        def handle(name: str) -> str:
            if account_key(platform, name) in self._named:
                return name
            return "user_" + self.voice(platform, name.casefold(), at)[:12]

        def link(found: re.Match[str]) -> str:
            name = found["name"].lstrip("@")
            # Without the sign, so that what is made unrecognisable here is not taken for a handle afterwards.
            return found[0] if handle(name) == name else found["site"].rstrip("@") + handle(name)

        def bare(name: str) -> str:
            if account_key(Platform.BLUESKY, name) in self._named:
                return name
            return "user_" + self.voice(Platform.BLUESKY, name.casefold(), at)[:12]

        # What a text cannot hold is not searched for: these searches are half of the cost of reading a post.
        if _MAYBE_EMAIL.search(text):
            text = _EMAIL.sub("[e-mail address]", text)
        if "did:" in text:
            text = _DID.sub(lambda found: "user_" + self.voice(platform, found[0], at)[:12], text)
        if "/" in text:
            text = _WITH_SLASH.sub(lambda found: _PROFILE_LINK.sub(link, found[0]), text)
        if ".bsky." in text:
            text = _BARE_HANDLE.sub(lambda found: bare(found[0]), text)
        if "%40" in text:
            text = _ENCODED_HANDLE.sub(lambda found: "%40" + handle(found[1]), text)
        return _HANDLES[platform].sub(lambda found: "@" + handle(found[1]), text)
