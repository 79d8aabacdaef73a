"""What was missed while X was out of reach: recent search, from the id that a post of that moment would have."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import requests
import tweepy

from soundings.streams.sources.backoff import Backoff
from soundings.streams.sources.source import Gap
from soundings.streams.sources.wire import Frame, Put
from soundings.streams.sources.x_http import asked_to_wait, prepare
from soundings.streams.sources.x_post import since_id
from soundings.streams.sources.x_stream import FIELDS

REACHES = timedelta(days=7) - timedelta(minutes=5)
"""Recent search has the last seven days; a margin, since it refuses an id that falls out of them while we ask."""

PAGE_SIZE = 100
"""Posts a page, the most that recent search gives."""


class Fill:
    """One filling, ended by `over`."""

    def __init__(self, bearer: str, url: str, queries: list[str], put: Put, over: threading.Event) -> None:
        self._client = tweepy.Client(bearer, return_type=requests.Response)
        prepare(self._client.session, url)
        self._queries = queries
        self._put = put
        self._over = over

    def run(self, since: datetime, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Hand over all posts since then, or the gap where X will not give them."""
        with self._client.session:
            self._fill(since, now)

    def _fill(self, since: datetime, now: Callable[[], datetime]) -> None:
        oldest = now() - REACHES
        if since < oldest:
            self._put(Gap(begin=since, end=oldest, why="recent search reaches back seven days"))
            since = oldest
        for query in self._queries:
            status = self._search(query, since_id(since))
            if status is not None:
                self._put(Gap(begin=since, end=now(), why=f"recent search is refused ({status})"))
                return

    def _search(self, query: str, after: int) -> int | None:
        """All pages; the status if X refuses for good."""
        backoff = Backoff()
        token: str | None = None
        while not self._over.is_set():
            try:
                answer = self._client.search_recent_tweets(
                    query, since_id=after, max_results=PAGE_SIZE, next_token=token, **FIELDS
                )
            except tweepy.HTTPException as error:
                status, headers = error.response.status_code, error.response.headers
                if 400 <= status < 500 and status not in (408, 420, 429):
                    return int(status)
                lowered = {name.lower(): value for name, value in headers.items()}
                self._over.wait(backoff.after(0.0, asked_to_wait(status, lowered)))
                continue
            except requests.RequestException:
                self._over.wait(backoff.after(0.0))
                continue
            self._put(Frame(raw=answer.content))
            token = _next(answer)
            if token is None:
                return None
        return None


def _next(answer: requests.Response) -> str | None:
    try:
        meta = answer.json().get("meta", {})
    except (ValueError, AttributeError):
        return None  # the page goes to the quarantine, where its form can be looked at
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) else None
