"""Logs: JSON lines on standard error, ids and counts only. No text and no author of a post is ever logged."""

import logging
import sys

import structlog


def set_up_logs(**always: object) -> None:
    """Configure structlog and the libraries' loggers; `always` is bound to every line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(**always)
    # The libraries' own lines can quote payloads at lower levels (kafka, aiokafka: DEBUG; elastic: INFO).
    line = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format=line)
    # kafka-python's own reactor calls a busy machine "likely a tight sync loop": 150 ms without a turn, nothing to do.
    logging.getLogger("kafka.net.selector").setLevel(logging.ERROR)
