"""What is due, and when: pure decisions, and one run over an index in memory."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from soundings.services.domain.accounts import Platform
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.index.fields import Kind
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import IndexUnavailable
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.retention.job import Retention
from soundings.services.retention.memory import MemoryHolds, MemoryShelves
from soundings.services.retention.plan import TERMS, Limits, Term, nameless, names_somebody, next_run, plan, whole

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
LIMITS = Limits(text_days=90, counts_days=730)


def a_post(at: datetime = NOW, text: str = "When does the ferry run again?") -> Post:
    return Post(
        id="x::1",
        created_at=at,
        voice="0123456789abcdef",
        text=text,
        kind=PostKind.ORIGINAL,
        source="x",
        accounts=("x:exampleaffairs",),
        departments=("example-affairs",),
    )


def a_mention(at: datetime) -> Mention:
    tags = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.1, offensive=False, acts=(SpeechAct.QUESTION,))
    return Mention(post=a_post(at), tags=tags)


def test_every_kind_of_document_has_a_term() -> None:
    """A kind that nobody thought of would be kept for good."""
    assert {kind.value for kind in Kind} <= set(TERMS)


def test_what_people_wrote_is_due_first_and_what_the_department_decided_never() -> None:
    due = {each.kind: each for each in plan(LIMITS, NOW)}
    assert due[Kind.MENTIONS].before == due[Kind.URGENT].before == NOW - timedelta(days=90)
    assert due[Kind.VOLUMES].before == due[Kind.STATEMENTS].before == NOW - timedelta(days=730)
    assert due[Kind.MENTIONS].reason == "text is kept for 90 days"
    assert {kind for kind in Kind if TERMS[kind.value] is Term.UNTIL_REMOVED} == set(Kind) - set(due)


@pytest.mark.parametrize(
    ("part", "before", "goes"),
    [
        ("2026-02", datetime(2026, 3, 1, tzinfo=UTC), True),
        ("2026-02", datetime(2026, 2, 28, 23, 59, tzinfo=UTC), False),
        ("2025-12", datetime(2026, 1, 1, tzinfo=UTC), True),
        ("2025-12", datetime(2025, 12, 31, tzinfo=UTC), False),
    ],
)
def test_a_month_goes_whole_only_when_its_last_moment_is_due(part: str, before: datetime, goes: bool) -> None:
    assert whole(part, before) is goes


def test_it_runs_a_day_after_it_last_began_and_at_once_if_that_was_missed() -> None:
    """Also if the clock was set back: waiting for a time that lies years ahead would keep everything."""
    assert next_run(None, NOW) == NOW
    assert next_run(NOW - timedelta(hours=1), NOW) == NOW + timedelta(hours=23)
    assert next_run(NOW - timedelta(days=3), NOW) == NOW
    assert next_run(NOW + timedelta(days=900), NOW) == NOW


def test_every_pseudonym_that_is_made_in_a_text_is_taken_out_again() -> None:
    """The form that intake writes is the form that retention looks for."""
    made = Pseudonyms("a key of pseudonyms for tests only")
    said = "@someone_else and a@example.org: it runs. https://x.com/third_person/status/1"
    text = made.text(Platform.X, said, NOW)
    assert names_somebody(text)
    cleared = nameless(Statement(post=replace(a_post(text=text), reply_to_voice="0123456789abcdef"))).post
    assert not names_somebody(cleared.text)
    assert cleared.reply_to_voice is None
    assert "it runs" in cleared.text


def test_an_archive_that_is_older_than_the_limit_is_due_at_once() -> None:
    """Age is counted from when it was posted, whenever it was collected."""

    async def one_run() -> int:
        index = MemoryIndex()
        await index.put([a_mention(datetime(2021, 3, 1, tzinfo=UTC))])
        job = Retention(index=index, shelves=MemoryShelves(index), holds=MemoryHolds(), limits=LIMITS)
        return (await job.run(NOW)).removed

    assert asyncio.run(one_run()) == 1


def test_nothing_is_removed_and_nothing_recorded_while_the_index_cannot_be_read() -> None:
    async def one_run() -> None:
        index = MemoryIndex()
        shelves = MemoryShelves(index)
        await index.put([a_mention(datetime(2021, 3, 1, tzinfo=UTC))])
        index.available = False
        job = Retention(index=index, shelves=shelves, holds=MemoryHolds(), limits=LIMITS)
        with pytest.raises(IndexUnavailable):
            await job.run(NOW)
        index.available = True
        assert (await index.totals())["mentions"] == 1
        assert await shelves.last_run() is None

    asyncio.run(one_run())
