"""A signed webhook as a channel: JSON by HTTPS to an address that was checked and is the one connected to."""

import asyncio
import hashlib
import hmac
import ssl
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import httpx
import orjson

from soundings.services.alerts.addresses import Address, public, resolve
from soundings.services.alerts.message import Message
from soundings.services.alerts.notifier import Refused, TryAgain

TIMESTAMP = "Soundings-Timestamp"
SIGNATURE = "Soundings-Signature"
_TIMEOUT = 15.0
"""Seconds for the whole call; chat services answer within one."""
_AGAIN = frozenset({408, 409, 425, 429})
"""Client errors that pass: too slow, being handled already, too early, too many."""
_LONGEST_WAIT = 300.0
"""Seconds; a Retry-After beyond it would outlast the alert."""


class WebhookNotifier:
    def __init__(
        self,
        name: str,
        url: str,
        secret: str,
        *,
        allow_private: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._name = name
        self._url = httpx.URL(url)
        self._secret = secret.encode()
        self._allow_private = allow_private
        self._now = now

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._send(message)
        except TimeoutError as error:
            raise TryAgain("the webhook does not answer in time") from error

    async def _send(self, message: Message) -> None:
        host, port = self._url.host, self._url.port or (443 if self._url.scheme == "https" else 80)
        addresses = await resolve(host, port, allow_private=self._allow_private)
        if self._url.scheme != "https" and any(public(address) for address in addresses):
            raise Refused("a webhook outside of our own network must use https")
        body = payload(message)
        last: httpx.TransportError | None = None
        for address in addresses:
            try:
                answer, after = await self._post(address, body, message.id)
            except httpx.TransportError as error:
                if _untrusted(error):
                    raise Refused("the webhook's certificate is not trusted") from error
                last = error
                continue
            return _judge(answer, after)
        raise TryAgain(f"the webhook cannot be reached: {type(last).__name__}") from last

    async def _post(self, address: Address, body: bytes, identifier: str) -> tuple[int, str]:
        # By address with the name beside it: a second look-up could give another address than the checked one.
        # No environment: a proxy would do that second look-up.
        url = self._url.copy_with(host=str(address))
        headers = {
            "Host": self._url.netloc.decode("ascii"),
            "Content-Type": "application/json",
            "User-Agent": "soundings",
            "Idempotency-Key": quote(identifier, safe="/:+"),
            **signed(self._secret, body, int(self._now())),
        }
        extensions = {"sni_hostname": self._url.host} if self._url.scheme == "https" else {}
        context = ssl.create_default_context()
        async with (
            httpx.AsyncClient(verify=context, trust_env=False, follow_redirects=False, timeout=_TIMEOUT) as client,
            client.stream("POST", url, content=body, headers=headers, extensions=extensions) as answer,
        ):
            # The body is not read: nothing in it matters, and it may have no end.
            return answer.status_code, answer.headers.get("Retry-After", "")


def payload(message: Message) -> bytes:
    return orjson.dumps(
        {"id": message.id, "subject": message.subject, "text": message.text, "data": dict(message.data)}
    )


def signed(secret: bytes, body: bytes, now: int) -> dict[str, str]:
    """The headers that a receiver checks: HMAC-SHA256 over `timestamp.body`; old timestamps are to be refused."""
    mac = hmac.new(secret, f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: str(now), SIGNATURE: f"v1={mac}"}


def _judge(status: int, after: str) -> None:
    if 200 <= status < 300:
        return
    if status >= 500 or status in _AGAIN:
        raise TryAgain(f"the webhook answers {status}", min(_seconds(after), _LONGEST_WAIT))
    if 300 <= status < 400:
        raise Refused(f"the webhook redirects ({status}); configure its final address")
    raise Refused(f"the webhook answers {status}")


def _untrusted(error: BaseException | None) -> bool:
    """Whether a certificate that does not verify lies at the bottom of it."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _seconds(header: str) -> float:
    """Of a Retry-After header in seconds; the form with a date is rare and taken as none."""
    return float(header) if header.isascii() and header.isdigit() else 0.0


def problem(url: str, allow_private: bool) -> str:
    """What is wrong with a configured address; empty if nothing can be said without looking it up."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "the address cannot be read"
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        return "the address must begin with https://"
    if not parts.hostname:
        return "the address has no host"
    return "the address must hold no user name" if parts.username or parts.password else ""
