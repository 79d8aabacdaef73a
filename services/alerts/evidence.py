"""The texts behind an alert, as far as they can be had without making anybody wait."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from soundings.services.alerts.phrases import Phrase, phrases
from soundings.services.domain.accounts import AccountBook
from soundings.services.domain.alerts import Alert
from soundings.services.domain.firestorms import Firestorm, Whose
from soundings.services.domain.posts import Mention, Post, Statement
from soundings.services.index.port import IndexMismatch, IndexUnavailable

Sleep = Callable[[float], Awaitable[None]]

WAIT = 3.0
"""Seconds. What was indexed can be read after one (the index refreshes once a second); more only delays the call."""
_PAUSE = 0.5
"""Seconds between two looks."""
_ENOUGH = 5
"""Posts: the fewest of which a phrase can be called repeated."""
_ANSWER = 2.0
"""Seconds for an answer; a healthy index needs some hundredths."""
DOWN = "Texts are missing from this message because the index did not answer; the numbers are not affected."


class Texts(Protocol):
    """What is needed of the index."""

    async def mentions(self, ids: Collection[str]) -> Mapping[str, Mention]: ...

    async def statements(self, ids: Collection[str]) -> Mapping[str, Statement]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    trigger: Post | None = None
    """The post that the storm gathers around, if its text could be fetched."""
    trigger_name: str = ""
    """Who wrote it, where that may be said: one of our accounts or a configured public account."""
    statement: Post | None = None
    """Our own statement that it turns on; the same as the trigger where the trigger is ours."""
    sample: tuple[Mention, ...] = ()
    """Telling posts, in the firestorm's order."""
    phrases: tuple[Phrase, ...] = ()
    missing: tuple[str, ...] = ()
    """What could not be fetched, as sentences for the reader."""
    named: frozenset[str] = frozenset()
    """Handles (case-folded) that may stand in a quotation: our accounts' and configured public ones."""


async def gather(
    index: Texts, alert: Alert, book: AccountBook, *, wait: float = WAIT, sleep: Sleep = asyncio.sleep
) -> Evidence:
    """The texts of the trigger, the statement and the sample.

    Waits for posts that the index has not taken in yet, `wait` seconds at most; does not wait for an index that is
    down: an alert without texts now is worth more than a complete one later.
    """
    storm = alert.firestorm
    wanted = {
        *storm.sample,
        *([storm.trigger.post] if storm.trigger else []),
        *([storm.statement] if storm.statement else []),
    }
    found = await fetch(index, wanted, wait=wait, sleep=sleep)
    if found is None:
        return Evidence(missing=(DOWN,), named=named_handles(book))
    return _evidence(alert, book, *found)


async def fetch(
    index: Texts, wanted: Collection[str], *, wait: float = WAIT, sleep: Sleep = asyncio.sleep
) -> tuple[Mapping[str, Mention], Mapping[str, Statement]] | None:
    """What the index has of these posts, waiting for those that it has not taken in yet; None if it is down."""
    mentions: Mapping[str, Mention] = {}
    statements: Mapping[str, Statement] = {}
    for attempt in range(1 + round(wait / _PAUSE)):
        if attempt:
            await sleep(_PAUSE)
        try:
            async with asyncio.timeout(_ANSWER):
                mentions, statements = await index.mentions(wanted), await index.statements(wanted)
        except (IndexUnavailable, IndexMismatch, TimeoutError):
            return None
        if set(wanted) <= mentions.keys() | statements.keys():
            break
    return mentions, statements


def _evidence(
    alert: Alert, book: AccountBook, mentions: Mapping[str, Mention], statements: Mapping[str, Statement]
) -> Evidence:
    storm = alert.firestorm
    posts: dict[str, Post] = {key: found.post for key, found in mentions.items()}
    posts |= {key: found.post for key, found in statements.items()}
    trigger = posts.get(storm.trigger.post) if storm.trigger else None
    statement = posts.get(storm.statement) if storm.statement else None
    if statement is None and storm.trigger and storm.trigger.whose is Whose.OURS:
        statement = trigger
    sample = tuple(mentions[key] for key in storm.sample if key in mentions)
    missing = []
    if storm.trigger and trigger is None:
        missing.append(
            "The text of the post that set it off is not at hand: it was not collected, or has been deleted."
        )
    if storm.statement and statement is None:
        missing.append("The text of our own post is not at hand.")
    if lost := sum(key not in posts for key in storm.sample):
        missing.append(f"{lost} of {len(storm.sample)} sample posts could not be fetched.")
    department = book.department(alert.department)
    return Evidence(
        trigger=trigger,
        trigger_name=_name(trigger, book),
        statement=statement,
        sample=sample,
        phrases=phrases(
            _one_each(_gathered(storm, sample)), leave_out=name_words(department.name if department else "")
        ),
        missing=tuple(missing),
        named=named_handles(book),
    )


def name_words(name: str) -> frozenset[str]:
    """The words of a department's name, which its mentions repeat and which say nothing about the subject."""
    return frozenset(name.casefold().split())


def _gathered(storm: Firestorm, sample: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Those that hang on the post that set it off, where they are enough to tell what it is about; else all."""
    causes = {storm.statement, storm.trigger.post if storm.trigger else None} - {None}
    close = tuple(mention for mention in sample if causes & {mention.post.reference, mention.post.thread})
    return close if len(close) >= _ENOUGH else sample


def _one_each(sample: tuple[Mention, ...]) -> list[str]:
    """One text for each person, so that nobody makes a phrase by repeating it."""
    return list({mention.post.voice: mention.post.text for mention in reversed(sample)}.values())


def _name(post: Post | None, book: AccountBook) -> str:
    if post is None or post.public_author is None:
        return ""
    return book.public_accounts.get(post.public_author, "")


def named_handles(book: AccountBook) -> frozenset[str]:
    """Handles (case-folded) that may stand in a quotation: our own and those of configured public accounts."""
    ours = {account.handle.casefold() for department in book.departments for account in department.accounts}
    return frozenset(ours | {key.partition(":")[2] for key in book.public_accounts})
