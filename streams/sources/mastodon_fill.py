"""What was missed while an instance was out of reach: pages of its REST API, newest first, back to where we were."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import requests

from soundings.services.intake.rows import Malformed
from soundings.streams.sources.backoff import Backoff
from soundings.streams.sources.fields import moment
from soundings.streams.sources.mastodon_events import PAGE
from soundings.streams.sources.source import Gap
from soundings.streams.sources.wire import Frame, Put

FEDERATED = timedelta(minutes=15)
"""A post from another instance can arrive late and is then listed under its own time: so much further back we look."""

PAGES = 250
"""Most pages asked for: the usual limit is 300 requests in five minutes; 10,000 posts, a day of a large department."""

TIMEOUT = (10.0, 30.0)
"""Seconds to connect and to wait for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of the API."""

    route: str
    kind: str
    """What is in it: `update` (statuses) or `notification`."""
    params: dict[str, Any] = field(default_factory=dict)


class Fill:
    def __init__(self, session: requests.Session, url: str, token: str, put: Put, over: threading.Event) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._put = put
        self._over = over

    def run(self, listings: list[Listing], since: datetime) -> None:
        """Hand over everything in the lists since then, or the gap where the instance will not give it."""
        for listing in listings:
            reached = self._all(listing, since - FEDERATED)
            if reached is not None and reached > since:
                self._put(Gap(begin=since, end=reached, why="the instance does not give what is older"))

    def _all(self, listing: Listing, since: datetime) -> datetime | None:
        """Pages until `since`; if they end before, the time that they reached back to."""
        reached = datetime.now(UTC)
        address: str | None = self._url + listing.route
        params: dict[str, Any] | None = listing.params
        for _ in range(PAGES):
            answer = self._get(address or "", params)
            if answer is None:
                return reached
            self._put(Frame(raw=answer.content, kind=PAGE + listing.kind))
            oldest = _oldest(answer.content)
            if oldest is not None:
                reached = min(reached, oldest)
            address, params = answer.links.get("next", {}).get("url"), None
            if oldest is None or oldest < since or not self._ours(address):
                return None  # the list's own end: there is nothing older
        return reached

    def _ours(self, address: str | None) -> bool:
        """The token goes to the instance and nowhere else, wherever it may point us."""
        return address is not None and address.startswith(self._url + "/")

    def _get(self, address: str, params: dict[str, Any] | None) -> requests.Response | None:
        backoff = Backoff()
        while not self._over.is_set():
            wait: float | None = None
            try:
                answer = self._session.get(
                    address, params=params, headers=self._headers, timeout=TIMEOUT, allow_redirects=False
                )
                if answer.status_code == 200:
                    return answer
                if answer.status_code != 429 and answer.status_code < 500:
                    return None
                wait = reset_in(answer.headers.get("X-RateLimit-Reset", ""), datetime.now(UTC))
            except requests.RequestException:
                wait = None
            self._over.wait(backoff.after(0.0, wait))
        return None


def reset_in(header: str, now: datetime) -> float | None:
    """Seconds until the limit is lifted, None if the header does not say."""
    try:
        return max(1.0, (moment({"at": header}, "at", now + timedelta(hours=1)) - now).total_seconds())
    except Malformed:
        return None


def _oldest(page: bytes) -> datetime | None:
    """The oldest time on the page, None on an empty one (or one that the quarantine will show)."""
    try:
        listed = orjson.loads(page)
    except orjson.JSONDecodeError:
        return None
    times = []
    for item in listed if isinstance(listed, list) else []:
        try:
            times.append(moment(item, "created_at", datetime.now(UTC)))
        except Malformed:
            continue
    return min(times, default=None)
