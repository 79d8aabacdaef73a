"""Whether a configured account exists on its platform: each is asked by the name that people know it by."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from soundings.services.domain.accounts import Account, Platform
from soundings.services.settings import Settings

PATIENCE = 10.0
"""Seconds for one answer: somebody waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a platform said of an account."""

    exists: bool
    native_id: str = ""
    """The platform's own id, where it exists."""


class NotAsked(Exception):
    """Why an account could not be looked up; says nothing about the account."""


Lookup = Callable[[Account], Known]
"""Raises NotAsked."""


def lookups(settings: Settings) -> dict[Platform, Lookup]:
    """How to ask each platform; nothing is sent yet. X is asked only if there is a token."""
    found = {Platform.BLUESKY: _bluesky(settings), Platform.MASTODON: _mastodon(settings)}
    if settings.x.bearer_token is not None:
        found[Platform.X] = _x(settings)
    return found


def _bluesky(settings: Settings) -> Lookup:
    base = settings.bluesky.resolver.rstrip("/")

    def look(account: Account) -> Known:
        answer = _get(f"{base}/xrpc/com.atproto.identity.resolveHandle", {"handle": account.handle.casefold()}, {})
        if answer.status_code == 400:  # so it says that there is no such handle
            return Known(exists=False)
        return Known(exists=True, native_id=str(_content(answer, base).get("did", "")))

    return look


def _mastodon(settings: Settings) -> Lookup:
    def look(account: Account) -> Known:
        name, _, host = account.handle.partition("@")
        base = _instance(host or account.instance, settings.mastodon.url)
        answer = _get(f"{base}/api/v1/accounts/lookup", {"acct": name}, {})
        if answer.status_code in (404, 410):
            return Known(exists=False)
        return Known(exists=True, native_id=str(_content(answer, base).get("id", "")))

    return look


def _instance(host: str, configured: str) -> str:
    if not host:
        if not configured:
            raise NotAsked("neither its instance nor SOUNDINGS_MASTODON__URL is set")
        return configured.rstrip("/")
    # Plain text is spoken to this machine only.
    return f"http://{host}" if _here(host) else f"https://{host}"


def _here(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _x(settings: Settings) -> Lookup:
    token = settings.x.bearer_token.get_secret_value() if settings.x.bearer_token else ""

    def look(account: Account) -> Known:
        base = settings.x.url.rstrip("/")
        answer = _get(f"{base}/2/users/by", {"usernames": account.handle}, {"Authorization": f"Bearer {token}"})
        users = _content(answer, base).get("data", [])
        return Known(exists=bool(users), native_id=str(users[0].get("id", "")) if users else "")

    return look


def _get(url: str, query: dict[str, str], headers: dict[str, str]) -> httpx.Response:
    try:
        return httpx.get(url, params=query, headers=headers, timeout=PATIENCE, follow_redirects=False)
    except httpx.HTTPError as error:
        # The error's words may hold the request; its name says enough.
        raise NotAsked(f"{urlsplit(url).netloc} does not answer ({type(error).__name__})") from None


def _content(answer: httpx.Response, base: str) -> dict[str, Any]:
    try:
        content = answer.json() if answer.status_code == 200 else None
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise NotAsked(f"{urlsplit(base).netloc} answers {answer.status_code}")
    return content
