"""How tweepy's clients reach X: at the configured address, with time-outs, and with nothing of theirs in our logs."""

import logging
import time
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter

BUILT_IN = "https://api.twitter.com"
"""The address that tweepy has built in; X has moved to another."""

TIMEOUT = (10.0, 21.0)
"""Seconds to connect and to wait for bytes: the stream says something every 20 s."""

RATE_LIMITED = 60.0
"""Seconds to wait after a 429 that does not say for how long: X asks for a minute at least."""

SERVER_ERROR = 5.0
"""Seconds to wait after an HTTP error: the first step that X asks for."""


class _Adapter(HTTPAdapter):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if request.url and request.url.startswith(BUILT_IN):
            request.url = self._url + request.url.removeprefix(BUILT_IN)
        kwargs["timeout"] = TIMEOUT
        return super().send(request, *args, **kwargs)


def prepare(session: requests.Session, url: str) -> None:
    """Let the session speak to `url` wherever tweepy names the built-in address."""
    session.mount(BUILT_IN, _Adapter(url))
    # At level DEBUG tweepy logs the token with each request, at ERROR what the server said.
    logging.getLogger("tweepy").setLevel(logging.CRITICAL)


def asked_to_wait(status: int, headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Seconds that an answer asks us to wait; `now` as seconds since 1970."""
    if status not in (420, 429):
        return SERVER_ERROR if status >= 400 else None
    reset = headers.get("x-rate-limit-reset", "")
    limited = headers.get("x-rate-limit-remaining", "0") == "0"
    if limited and reset.isdigit() and len(reset) < 15:
        return max(1.0, int(reset) - (time.time() if now is None else now) + 1.0)
    return RATE_LIMITED
