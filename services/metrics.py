"""Every metric, named once: dashboards, the runbook and the parts take the names from here."""

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter(
    "soundings_records",
    "Records by what became of them: fate of the ledger, counted by the part that decided it",
    ["part", "fate"],
)
BATCHES = Histogram(
    "soundings_batch_seconds",
    "Time from a batch's first record to its acknowledgement",
    ["part"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
WAITING = Gauge("soundings_waiting", "1 while a part waits for a server that is down", ["part", "server"])
CLOCK = Gauge("soundings_clock_seconds", "Event time of a partition, seconds since 1970", ["part", "partition"])
SOURCE_UP = Gauge("soundings_source_up", "1 while a live source is connected to its platform", ["source"])
SOURCE_BEHIND = Gauge(
    "soundings_source_behind_seconds", "How far what a live source has told lies behind the wall clock", ["source"]
)
SOURCE_WAITING = Gauge("soundings_source_waiting", "Frames of a platform received and not yet read", ["source"])
STALE = Gauge("soundings_stale_sources", "Sources that are silent, as the clock of a partition sees it", ["partition"])
FIRESTORMS = Counter("soundings_firestorms", "Notices owed to the press office by step", ["step"])
NOTIFICATIONS = Counter("soundings_notifications", "Notices by channel and outcome", ["channel", "outcome"])
UNHEARD = Gauge("soundings_unheard", "Notices that wait although no channel takes them any more", ["kind"])
ALERT_DELAY = Histogram(
    "soundings_alert_delay_seconds",
    "Wall-clock time from the end of the deciding minute to the sending, live alerts only",
    buckets=(1, 2, 5, 10, 20, 30, 60, 120, 300, 900),
)
"""The promise is seconds after the minute that decides; beyond 15 minutes nothing is sent."""
RETENTION_REMOVED = Counter("soundings_retention_removed", "Documents removed because their time was over", ["kind"])
RETENTION_HELD = Gauge("soundings_retention_held", "Documents due for removal and kept for a legal hold", ["kind"])
RETENTION_RAN = Gauge("soundings_retention_ran_seconds", "When retention last ran, seconds since 1970")
