"""Notices that are owed although no channel in the settings takes them any more: said once, and counted."""

import structlog

from soundings.services import metrics

log = structlog.get_logger()


class Unheard:
    """Of one kind of notice."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._last = 0

    def say(self, notices: int) -> None:
        metrics.UNHEARD.labels(self._kind).set(notices)
        if notices and notices != self._last:
            log.error("notices wait and no channel takes them any more", kind=self._kind, notices=notices)
        self._last = notices
