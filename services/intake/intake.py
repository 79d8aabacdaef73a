"""Intake: each post of a department is recognised or taken, tagged, and counted by what became of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from soundings.services.domain.ledger import Fate, Tally
from soundings.services.domain.posts import Mention, Post, Statement, Tags
from soundings.services.intake.memory import Count, Originals, SeenPosts
from soundings.services.tagging.tagger import Tagger


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A post as it arrives for one of the departments that it addresses."""

    post: Post
    position: int
    """Its number in what the source delivered; rises with every record of that source, across restarts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of an arrival. `record` is set for what goes on: mentions and statements that were not known before,
    and newer versions of known ones, which count as duplicates."""

    fate: Fate
    record: Mention | Statement | None = None


class Intake:
    """Intake of one department. Its state lives in `stored`, which the caller updates with `changes()`."""

    def __init__(
        self,
        department: str,
        stored: Mapping[str, bytes],
        tagger: Tagger,
        originals: Originals,
        is_redacted: Callable[[Post], bool] = lambda post: False,
    ) -> None:
        self._department = department
        self._count = Count.from_bytes(stored.get(department))
        self._seen = SeenPosts(department, stored, self._count.newest_hour)
        self._tagger = tagger
        self._originals = originals
        self._is_redacted = is_redacted

    def take(self, arrivals: Sequence[Arrival]) -> list[Taken]:
        """The arrivals in their order, each with its fate; texts are tagged together, which is much faster."""
        outcomes = [self._outcome(arrival) for arrival in arrivals]
        going = [a.post for a, (_, goes_on) in zip(arrivals, outcomes, strict=True) if goes_on]
        tagged = iter(self._tagged([post for post in going if not post.own_account]))
        taken = []
        for arrival, (fate, goes_on) in zip(arrivals, outcomes, strict=True):
            record: Mention | Statement | None = None
            if goes_on:
                record = Statement(post=arrival.post) if arrival.post.own_account else next(tagged)
            if record is not None and fate is Fate.DUPLICATE:
                record = replace(record, revised=True)
            taken.append(Taken(fate=fate, record=record))
        return taken

    def changes(self) -> dict[str, bytes | None]:
        """State entries to store after what was taken has been passed on; None deletes one."""
        seen = self._seen.changes()
        self._count.newest_hour = self._seen.newest
        # The counts first: if a kill lets only some entries through, what is delivered again is taken anew, which
        # harms nothing, and is not counted anew. The other way round a mention would be counted as a duplicate.
        return {self._department: self._count.to_bytes(), **seen}

    @property
    def tally(self) -> Tally:
        """Counts of the posts that this department accounts for: those whose first department it is."""
        return self._count.tally

    def refuse(self, source: str, position: int) -> None:
        """Count a record that could not be read at all."""
        self._note(source, position, Fate.QUARANTINED, primary=True)

    def _outcome(self, arrival: Arrival) -> tuple[Fate, bool]:
        """What became of it, and whether it goes on."""
        post = arrival.post
        if self._is_redacted(post):
            fate, goes_on = Fate.REDACTED, False
        elif self._seen.known(post):
            fate, goes_on = Fate.DUPLICATE, self._seen.newer(post)
        else:
            self._seen.newer(post)
            fate, goes_on = Fate.STATEMENT if post.own_account else Fate.MENTION, True
        # Before fan-out: a post for two departments is counted by the first of them.
        self._note(post.source, arrival.position, fate, primary=post.departments[:1] == (self._department,))
        return fate, goes_on

    def _note(self, source: str, position: int, fate: Fate, *, primary: bool) -> None:
        if self._count.counted(source, position):
            return
        self._count.positions[source] = position
        if primary:
            self._count.count(fate)

    def _tagged(self, posts: Sequence[Post]) -> list[Mention]:
        known = [self._originals.of(post) for post in posts]
        unread = [post for post, original in zip(posts, known, strict=True) if not _same(post, original)]
        fresh = iter(self._tagger.tag([post.text for post in unread], [post.lang for post in unread]))
        mentions = []
        for post, original in zip(posts, known, strict=True):
            if original is not None and _same(post, original):
                text, tags = original
                mentions.append(Mention(post=replace(post, text=text, text_complete=True), tags=tags))
            else:
                tags = next(fresh)
                self._originals.remember(post, tags)
                mentions.append(Mention(post=post, tags=tags))
        return mentions


def _same(post: Post, original: tuple[str, Tags] | None) -> bool:
    """Whether the original's text and tags can stand for the repost's: it is the same text, or a cut copy of it."""
    return original is not None and (post.text == original[0] or not post.text_complete)
