"""X's batch compliance: once in a while all ids that we hold are asked about, and what is gone is told.

For plans without the compliance streams the only way to learn of deletions
(https://docs.x.com/x-api/compliance/batch-compliance/introduction). Ids go up, a job runs, its result comes down.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import requests
import structlog
import tweepy

from soundings.streams.sources.wire import Frame, Put, WireStopped
from soundings.streams.sources.x_events import BATCH
from soundings.streams.sources.x_http import TIMEOUT, prepare

LOOK_EVERY = 30.0
"""Seconds between looks whether the job is done: it takes minutes."""

FIRST_AFTER = 300.0
"""Seconds until the first job: a process that is restarted over and over must not ask each time."""

LOOKS = 240
"""Looks before a job is given up: two hours."""

log = structlog.get_logger()


class BatchCompliance:
    """One thread, ended by `over`."""

    def __init__(
        self, bearer: str, url: str, ids: Callable[[], Sequence[str]], put: Put, over: threading.Event, every: float
    ) -> None:
        """`ids`: X's ids of what we hold. `every`: seconds between jobs."""
        self._client = tweepy.Client(bearer, return_type=dict)
        prepare(self._client.session, url)
        self._ids = ids
        self._put = put
        self._over = over
        self._every = every

    def start(self) -> None:
        threading.Thread(target=self._keep, name="x batch compliance", daemon=True).start()

    def _keep(self) -> None:
        self._over.wait(FIRST_AFTER)
        with self._client.session:
            while not self._over.is_set():
                try:
                    self.ask()
                except (tweepy.TweepyException, requests.RequestException, KeyError, TypeError) as error:
                    log.warning("batch compliance failed, tried again next time", source="x", why=type(error).__name__)
                except WireStopped:
                    return
                self._over.wait(self._every)

    def ask(self) -> None:
        """One job from beginning to end; nothing to ask about, nothing done."""
        ids = self._ids()
        if not ids:
            return
        job = self._client.create_compliance_job("tweets")["data"]
        # The files lie with a storage service: our token is not for it, the addresses are signed.
        with requests.Session() as storage:
            content = "\n".join(ids).encode()
            upload = storage.put(
                job["upload_url"], data=content, headers={"Content-Type": "text/plain"}, timeout=TIMEOUT
            )
            upload.raise_for_status()
            if not self._done(job["id"]):
                return
            with storage.get(job["download_url"], stream=True, timeout=TIMEOUT) as result:
                result.raise_for_status()
                for line in result.iter_lines():
                    if line:
                        self._put(Frame(raw=line, kind=BATCH))

    def _done(self, job: str) -> bool:
        for _ in range(LOOKS):
            if self._over.wait(LOOK_EVERY):
                return False
            found: dict[str, Any] = self._client.get_compliance_job(job)["data"]
            if found["status"] == "complete":
                return True
            if found["status"] in ("failed", "expired"):
                break
        log.warning("batch compliance job did not end well", source="x")
        return False
