"""An archive through the same intake as the live stream, in one process: posts taken, and the time that passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.ledger import Tally
from soundings.services.domain.posts import Mention, Post, Statement, Tick
from soundings.services.intake.archive import read_archive
from soundings.services.intake.intake import Arrival, Intake
from soundings.services.intake.memory import Originals
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.tagging.tagger import Tagger

AT_ONCE = 500
"""Posts that are tagged together; the tagger gains nothing from more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A post taken for a department."""

    department: str
    record: Mention | Statement


class Archive:
    """Reads one file; afterwards tells what became of its lines."""

    def __init__(self, path: Path, book: AccountBook, pseudonyms: Pseudonyms, tagger: Tagger) -> None:
        self._path = path
        self._book = book
        self._pseudonyms = pseudonyms
        self._tagger = tagger
        self.problems = 0
        """Lines that are no post."""
        self.off_topic = 0
        """Posts that address none of the accounts."""
        self._intakes: dict[str, Intake] = {}

    @property
    def tally(self) -> Tally:
        """What became of the posts that address an account."""
        total = Tally()
        for intake in self._intakes.values():
            total = total.plus(intake.tally)
        return total

    def read(self, now: datetime) -> Iterator[Taken | datetime]:
        """Posts in the file's order, and times up to which everything was delivered.

        Raises:
            ArchiveError: the file cannot be read.
        """
        originals = Originals()
        stored: dict[str, bytes] = {}
        for department in self._book.departments:
            self._intakes[department.key] = Intake(department.key, stored, self._tagger, originals)
        waiting: list[tuple[int, Post] | datetime] = []
        posts = 0
        for number, line in enumerate(read_archive(self._path, self._book, self._pseudonyms, "backtest", now=now)):
            if isinstance(line, Tick):
                waiting.append(line.time)
            elif line.post is None:
                self.problems += 1
            elif not line.post.departments:
                self.off_topic += 1
            else:
                # A statement of ours addresses us too.
                waiting.append((number + 1, line.post))
                posts += 1
            if posts >= AT_ONCE:
                yield from self._take(waiting, stored)
                waiting, posts = [], 0
        yield from self._take(waiting, stored)

    def _take(self, waiting: list[tuple[int, Post] | datetime], stored: dict[str, bytes]) -> Iterator[Taken | datetime]:
        arrivals: dict[str, list[Arrival]] = {}
        for item in waiting:
            if not isinstance(item, datetime):
                for department in item[1].departments:
                    arrivals.setdefault(department, []).append(Arrival(post=item[1], position=item[0]))
        taken = {department: iter(self._intakes[department].take(each)) for department, each in arrivals.items()}
        for department in arrivals:
            for key, value in self._intakes[department].changes().items():
                if value is None:
                    stored.pop(key, None)
                else:
                    stored[key] = value
        for item in waiting:
            if isinstance(item, datetime):
                yield item
                continue
            for department in item[1].departments:
                record = next(taken[department]).record
                if record is not None and not record.revised:
                    yield Taken(department=department, record=record)
