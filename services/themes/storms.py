"""Under a storm a sample is read, chosen by the post's id and the volume of its minute of event time."""

from datetime import datetime


class StormSampler:
    """At most `limit` new texts of a minute are read whole; of the next `limit` every second, then every fourth, …

    Which ones depends on the id's hash and on how many of the same minute came before, hence not on speed or clock:
    a replay reads the same posts.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.minute = ""
        self.volume = 0
        self.sampled_out = 0

    def reads(self, created_at: datetime | None, number: int) -> bool:
        """Whether to read a post; `number` is the hash of its id. Posts without a time are all read."""
        if created_at is None:
            return True
        minute = created_at.isoformat(timespec="minutes")
        if minute != self.minute:
            self.minute, self.volume = minute, 0
        self.volume += 1
        halvings = min((self.volume - 1) // self.limit, 16)
        if number & ((1 << halvings) - 1):
            self.sampled_out += 1
            return False
        return True
