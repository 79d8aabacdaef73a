"""The scenario as a whole: every episode with its own seed, so that a change to one leaves the others as they are."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile

from soundings.deploy.scenario import calls, decoys, flood, storm, storm_crowd
from soundings.deploy.scenario.drafts import Draft
from soundings.deploy.scenario.everyday import everyday
from soundings.deploy.scenario.people import AFFAIRS, RIVERS, Crowd
from soundings.deploy.scenario.press import Row, printed
from soundings.deploy.scenario.recurring import recurring
from soundings.deploy.scenario.statements import answers, statements
from soundings.deploy.scenario.times import QUIET_UNTIL
from soundings.deploy.scenario.words_affairs import AFFAIRS_WORDS, WAITING_WORDS
from soundings.deploy.scenario.words_common import COMMON
from soundings.deploy.scenario.words_rivers import RIVERS_WORDS

ACCOUNTS_TOML = Path(__file__).with_name("accounts.toml")
AFFAIRS_ALL = {**COMMON, **AFFAIRS_WORDS}
WAITING_ALL = {**COMMON, **WAITING_WORDS}
RIVERS_ALL = {**COMMON, **RIVERS_WORDS}
# Posts in the busiest hour: the usual 10 to 15 an hour of a middling department, few enough for a replay in seconds.
BUSIEST = {AFFAIRS.name: 15.0, RIVERS.name: 11.0}


def seeded(episode: str) -> Random:
    """A text seeds by its SHA-512, not by `hash()`: the same in every process."""
    return Random(f"soundings scenario 1: {episode}")  # noqa: S311 - a story, not a secret


def posts() -> Iterator[Row]:
    """The rows of the archive form (docs/scenario.md) in time order; the same in every run."""
    yield from printed([*_affairs(), *_rivers()], seeded("likes"))


def _affairs() -> list[Draft]:
    crowd = Crowd("affairs", 2600, seeded("affairs crowd"))
    # After the unwise post nothing but the apology: what was planned for the morning is held back.
    ours = list(statements(AFFAIRS, AFFAIRS_ALL, seeded("affairs statements"), QUIET_UNTIL))
    public = list(everyday(AFFAIRS, AFFAIRS_ALL, ours, crowd, BUSIEST[AFFAIRS.name], seeded("affairs everyday")))
    waiting = Crowd("waiting", 420, seeded("waiting crowd"))
    public += recurring(AFFAIRS, WAITING_ALL, "waiting", waiting, 95, 0.06, seeded("waiting"), evenings=False)
    public += answers(public, AFFAIRS_ALL, seeded("affairs answers"))
    abroad = Crowd("abroad", 240, seeded("abroad crowd"))
    return [
        *ours,
        *public,
        *decoys.campaign(seeded("campaign")),
        *decoys.namesake(abroad, seeded("namesake")),
        *calls.affairs(seeded("affairs calls")),
        *_storm(),
    ]


def _storm() -> list[Draft]:
    # People who have not spoken to the department before: a storm is made of strangers.
    crowd = Crowd("storm", 2400, seeded("storm crowd"))
    unwise, apology = storm.unwise(), storm.sorry()
    carriers = sorted(storm.loud(unwise, seeded("storm carriers")), key=lambda draft: draft.at)
    public = storm_crowd.storm(unwise, carriers, crowd, seeded("storm"))
    return [*unwise, *carriers, *public, apology, *storm_crowd.late(apology, crowd, seeded("storm late"))]


def _rivers() -> list[Draft]:
    crowd = Crowd("rivers", 2000, seeded("rivers crowd"))
    ours = list(statements(RIVERS, RIVERS_ALL, seeded("rivers statements")))
    public = list(everyday(RIVERS, RIVERS_ALL, ours, crowd, BUSIEST[RIVERS.name], seeded("rivers everyday")))
    neighbours = Crowd("neighbours", 160, seeded("neighbours crowd"))
    public += recurring(RIVERS, RIVERS_ALL, "smell", neighbours, 55, 0.02, seeded("smell"), evenings=True)
    public += answers(public, RIVERS_ALL, seeded("rivers answers"))
    valley = Crowd("valley", 1100, seeded("valley crowd"))
    warned = flood.warnings(seeded("warnings"))
    wet = list(flood.flood(warned, valley, seeded("flood")))
    told = answers(wet, flood.WORDS, seeded("flood answers"), slot="flood_answer")
    return [
        *ours,
        *public,
        *warned,
        *wet,
        *told,
        *calls.rivers(seeded("rivers calls")),
        *flood.thanks(valley, seeded("thanks")),
    ]


def write(path: Path, *, since: datetime | None = None, until: datetime | None = None) -> int:
    """Writes the scenario, or what lies from `since` to before `until`, as JSON Lines; whole or not at all.

    It is compressed if the name ends in .gz.

    Returns:
        The number of rows.

    Raises:
        OSError: the folder is missing, not writable or full.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as part:
        try:
            count = 0
            # No file name and no time in the compressed header: the same bytes in every run.
            packed = gzip.GzipFile("", "wb", mtime=0, fileobj=part) if path.suffix == ".gz" else None
            for row in posts():
                at = datetime.fromisoformat(str(row["created_at"]))
                if (since and at < since) or (until and at >= until):
                    continue
                (packed or part).write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                count += 1
            if packed is not None:
                packed.close()
            part.close()
            os.replace(part.name, path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return count
