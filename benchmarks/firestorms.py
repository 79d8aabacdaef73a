"""How good the firestorm detector is, on the measuring data named by SOUNDINGS_DATA; prints JSON.

    SOUNDINGS_DATA=... python benchmarks/firestorms.py [--quick | --many]

The archive is decided once for each of several budgets; the usual one is reported for the whole, each half, and without
reposts from 1 February on. Leaving one month out: for each month the budget is chosen on the others and scored on it.
`--quick` leaves the other budgets out; `--many` only times a minute of ten thousand departments.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from soundings.services.domain.accounts import Account, Department, Platform
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.firestorms.archive import Archive, Taken
from soundings.services.firestorms.budget import USUAL_BUDGET
from soundings.services.firestorms.clock import minute_of
from soundings.services.firestorms.history import PEAK_DAYS, Hour
from soundings.services.firestorms.people import People
from soundings.services.firestorms.report import run_all
from soundings.services.firestorms.scoring import Event, Score, events, score
from soundings.services.firestorms.state import State
from soundings.services.firestorms.told import Told, told
from soundings.services.firestorms.watch import Watch
from soundings.services.intake.accounts import load_accounts
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.tagging.tagger import load_tagger

BUDGETS = (USUAL_BUDGET, 0.2, 0.3, 0.75, 1.0)
BEARABLE = 0.4
"""Needless alerts a week at which budgets are compared when one month is left out."""
FIRST, MIDDLE, LAST = (datetime(y, m, d, tzinfo=UTC) for y, m, d in ((2020, 9, 29), (2020, 12, 29), (2021, 4, 1)))
REPOSTS_END = datetime(2021, 2, 1, tzinfo=UTC)


def main() -> None:
    if "--many" in sys.argv:
        json.dump(many(), sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    data = Path(os.environ["SOUNDINGS_DATA"])
    started = time.process_time()
    book = load_accounts(data / "stream/accounts.toml")
    archive = Archive(
        data / "stream/ea-dev.jsonl.gz", book, Pseudonyms("a fixed key for measuring", book.named), load_tagger()
    )
    read = list(archive.read(datetime.now(UTC)))
    reading = time.process_time() - started
    lines = (data / "stream/events-dev.jsonl").read_text(encoding="utf-8").splitlines()
    marked = events(json.loads(line) for line in lines)
    budgets = BUDGETS[:1] if "--quick" in sys.argv else BUDGETS
    tests = run_all(read, book, budgets)
    every = {test.budget: told(test.outcome.steps, book) for test in tests}
    usual = every[USUAL_BUDGET]
    reduced = run_all(without_reposts(read), book, ())[0]
    result: dict[str, Any] = {
        "whole": shown(score(usual, marked, FIRST, LAST)),
        "first half": shown(score(usual, marked, FIRST, MIDDLE)),
        "second half": shown(score(usual, marked, MIDDLE, LAST)),
        "no reposts from 1 February": shown(score(told(reduced.outcome.steps, book), marked, FIRST, LAST)),
        "budgets": {str(budget): shown(score(lines, marked, FIRST, LAST)) for budget, lines in sorted(every.items())},
        "one month left out": left_out(every, marked),
        "10,000 departments with a history, a tenth of them with a post": many(),
        "seconds of one core": {"reading and tagging": round(reading), "all": round(time.process_time() - started)},
    }
    json.dump(result, sys.stdout, indent=1)
    sys.stdout.write("\n")


def many(number: int = 10_000) -> dict[str, object]:
    """Departments that have a history of eight weeks, a tenth of them with a post in each minute.

    Seconds of one core for each of four minutes, the first of which works out what is usual of each of these
    departments, as once an hour; and the memory that all watches take.
    """
    start = datetime(2031, 3, 3, tzinfo=UTC)
    before = resident()
    states = [remembered(start, seed) for seed in range(7)]
    watches = [Watch(department(n), states[n % 7]) for n in range(number)]
    for watch in watches:
        watch.advance(start)
    seconds = []
    for minute in range(1, 5):
        at = start + timedelta(minutes=minute)
        for n in range(0, number, 10):
            watches[n].observe(remark(f"x:h{n}", f"d{n}", f"{n}-{minute}", at))
        began = time.process_time()
        for watch in watches:
            watch.advance(at + timedelta(minutes=1))
        seconds.append(round(time.process_time() - began, 3))
    return {"seconds a minute": seconds, "MiB of all watches": round(resident() - before)}


def department(n: int) -> Department:
    account = Account(platform=Platform.X, handle=f"h{n}")
    return Department(key=f"d{n}", name=f"D{n}", timezone="Europe/London", accounts=(account,))


def remark(account: str, of: str, name: str, at: datetime) -> Mention:
    post = Post(
        id=f"x:x.com:{name}",
        created_at=at,
        voice=f"v{name}",
        text="a remark",
        kind=PostKind.REPLY,
        source="benchmark",
        accounts=(account,),
        departments=(of,),
    )
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.2, offensive=False, acts=(SpeechAct.OTHER,))
    return Mention(post=post, tags=tags)


def remembered(until: datetime, seed: int) -> bytes:
    """The state of a watch as a worker finds it after a restart: eight weeks in each hour of which somebody spoke."""
    state = State()
    last = minute_of(until) // 60
    for hour in range(last - PEAK_DAYS * 24, last):
        few = 1.0 + (hour + seed) % 7
        state.history.put(hour, Hour(People(speaking=few, reposting=few, anger=few / 5, gathered=few), few / 4, 0))
    state.decided = minute_of(until) - 1
    return state.to_bytes()


def resident() -> float:
    """MiB of this process that lie in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def without_reposts(read: Sequence[Taken | datetime]) -> Iterator[Taken | datetime]:
    """The archive as if its collection had lost the reposts overnight."""
    for event in read:
        post = None if isinstance(event, datetime) else event.record.post
        if post is None or post.kind is not PostKind.REPOST or post.created_at < REPOSTS_END:
            yield event


def left_out(every: dict[float, list[Told]], marked: Sequence[Event]) -> dict[str, Any]:
    """Each month by the budget that is best on the others, added up."""
    months = [datetime(2020 + (month > 12), (month - 1) % 12 + 1, 1, tzinfo=UTC) for month in range(10, 17)]
    found = wanted = needless = 0
    chosen = {}
    for begin, end in zip(months, months[1:], strict=False):

        def rest(lines: list[Told], begin: datetime = begin, end: datetime = end) -> Score:
            others = [each for each in lines if not begin <= each.opened_at < end]
            return score(others, [event for event in marked if not begin <= event.start < end], FIRST, LAST)

        scored = {budget: rest(lines) for budget, lines in every.items()}
        fitting = [budget for budget, each in scored.items() if each.needless_a_week <= BEARABLE] or list(scored)
        best = max(fitting, key=lambda budget: (scored[budget].recall or 0.0, -scored[budget].needless))
        here = score(every[best], marked, begin, end)
        found, wanted, needless = found + here.found, wanted + here.wanted, needless + here.needless
        chosen[f"{begin:%Y-%m}"] = best
    weeks = (months[-1] - months[0]).days / 7
    return {"recall": round(found / wanted, 3), "needless a week": round(needless / weeks, 2), "budget of each": chosen}


def shown(scored: Score) -> dict[str, Any]:
    return {
        "wanted": scored.wanted,
        "recall": round(scored.recall or 0.0, 3),
        "needless a week": round(scored.needless_a_week, 2),
        "precision": round(scored.precision or 0.0, 3),
        "delay": [scored.delay_median, scored.delay_p90],
        "repeated per event": round(scored.repeated / scored.found, 2) if scored.found else 0.0,
        "kinds": "{}/{}".format(*scored.kinds),
        "triggers": "{}/{}".format(*scored.triggers),
    }


if __name__ == "__main__":
    main()
