"""One online pass over a file of posts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO

import orjson

from soundings.services.domain.posts import Tags
from soundings.services.domain.themes import Assignment, ThemePost
from soundings.services.themes.encoder import Encoder
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.files import BadLine, FilePost
from soundings.services.themes.lineage import MemoryLineage
from soundings.services.themes.tallies import week_of
from soundings.services.themes.tuning import Tuning, least_support

BATCH = 256
"""Posts handed to the engine at once; it changes no assignment."""


@dataclass(slots=True)
class TextShelf:
    """Texts of the posts that the engine keeps as samples, for titles: bounded, where an index would serve them."""

    engine: ThemeEngine
    held: dict[str, str] = field(default_factory=dict)
    limit: int = 20_000

    def put(self, posts: Iterable[ThemePost]) -> None:
        self.held.update((post.id, post.text) for post in posts)
        if len(self.held) > self.limit:
            kept = sampled_ids(self.engine)
            self.held = {post: text for post, text in self.held.items() if post in kept}
            self.limit = max(20_000, 2 * len(self.held))

    def get(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {post: self.held[post] for post in ids if post in self.held}


def sampled_ids(engine: ThemeEngine) -> set[str]:
    """Ids of all posts that the engine may name in a report."""
    return {
        post
        for weeks in engine.weeks.values()
        for tally in weeks.values()
        for sample in (tally.sample, tally.asked, tally.suggested)
        for _, post in sample
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    engine: ThemeEngine
    shelf: TextShelf
    lineage: MemoryLineage
    bad: tuple[BadLine, ...]
    ours: int
    """Statements of the department: they have a line in the assignments, without a theme."""


def one_pass(
    posts: Iterable[FilePost | BadLine], encoder: Encoder, spool: IO[bytes], tuning: Tuning | None = None
) -> Pass:
    """Reads each post once, in order, and writes what was decided about it to `spool` at once (see `resolve`). Forms
    themes anew when a week is over, as the stream does."""
    lineage = MemoryLineage()
    engine = ThemeEngine(encoder, lineage=lineage, tuning=tuning)
    shelf = TextShelf(engine)
    bad: list[BadLine] = []
    ours, week = 0, ""
    batch: list[ThemePost] = []

    def flush() -> None:
        for made in engine.assign(batch):
            spool.write(_row(made))
        shelf.put(batch)
        batch.clear()

    for item in posts:
        if isinstance(item, BadLine):
            bad.append(item)
        elif item.ours:
            flush()
            ours += 1
            spool.write(orjson.dumps([item.post.id, None, None]) + b"\n")
        else:
            if (now := week_of(item.post.created_at)) > week:
                if week:
                    flush()
                    engine.regroup()
                week = now
            batch.append(item.post)
            if len(batch) == BATCH:
                flush()
    flush()
    engine.regroup()
    return Pass(engine=engine, shelf=shelf, lineage=lineage, bad=tuple(bad), ours=ours)


def _row(made: Assignment) -> bytes:
    return orjson.dumps([made.post, made.micro, made.theme]) + b"\n"


def resolve(spool: IO[bytes], done: Pass, out: IO[bytes]) -> None:
    """The assignments: `theme` is the theme that the post's micro-cluster belongs to at the end of the pass, or
    belonged to when it was forgotten, null where that is too small to be a theme; `at_once` is what was said of it
    when it was read. No text is read again, and no post changes its micro-cluster."""
    support: Counter[int] = Counter()
    spool.seek(0)
    for line in spool:
        micro = orjson.loads(line)[1]
        if micro is not None:
            support[done.lineage.theme(micro)] += 1
    least = least_support(support.total(), done.engine.tuning, timed=done.engine.newest is not None)
    spool.seek(0)
    for line in spool:
        post, micro, at_once = orjson.loads(line)
        theme = None if micro is None else done.lineage.theme(micro)
        name = None if theme is None or support[theme] < least else done.engine.name(theme)
        out.write(orjson.dumps({"id": post, "theme": name, "at_once": at_once}) + b"\n")


def tagged(item: FilePost, tags: Tags) -> FilePost:
    return replace(item, post=replace(item.post, acts=tags.acts, hostility=tags.hostility, lang=tags.lang))
