"""Laws of intake: any bytes become a line, every record is counted once, and a restart changes nothing."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from soundings.services.domain.accounts import Account, AccountBook, Department, Platform
from soundings.services.domain.ledger import Fate, Tally
from soundings.services.domain.posts import Post, PostKind, Sentiment, SpeechAct, Tags, Tick
from soundings.services.intake.archive import Line, ticked
from soundings.services.intake.intake import Arrival, Intake
from soundings.services.intake.memory import Originals
from soundings.services.intake.pseudonyms import Pseudonyms
from soundings.services.intake.rows import Malformed, parse_row

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BOOK = AccountBook(
    departments=(
        Department(
            key="ministry",
            name="Ministry",
            timezone="Europe/London",
            accounts=(Account(platform=Platform.X, handle="MinistryGov"),),
        ),
    )
)
PSEUDONYMS = Pseudonyms("a key of enough characters", BOOK.named)
FIELDS = (
    *("id", "created_at", "author", "author_handle", "text", "kind", "ref_id", "conversation_id", "reply_to_author"),
    *("accounts", "own_account", "quoted_account", "lang", "text_full", "url", "media", "platform", "instance"),
    *("likes", "ref_likes", "ref_answers", "followers", "verified"),
)
LONGEST_OWN_WORD = len("conversation_id")

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
sound = {"id": "1", "created_at": "2026-05-04T10:00:00Z", "author": "someone", "text": "hello", "accounts": []}


def outcome(raw: bytes) -> Post | str:
    try:
        return parse_row(raw, BOOK, PSEUDONYMS, "replay:test", NOW)
    except Malformed as problem:
        return str(problem)


@given(st.binary(max_size=300))
def test_any_bytes_become_a_post_or_a_reason(raw: bytes) -> None:
    assert outcome(raw)


@given(st.dictionaries(st.sampled_from(FIELDS), anything, max_size=8))
def test_any_values_of_our_fields_become_a_post_or_a_reason(changes: dict[str, Any]) -> None:
    # Not by orjson: others write NaN and numbers beyond 64 bits.
    assert outcome(json.dumps({**sound, **changes}).encode())


secret = st.text(alphabet="ЖЩЯЮЭЪ", min_size=3, max_size=30)


@given(secret, st.sampled_from(FIELDS), st.sampled_from(["whole", "list", "table", "cut", "bare"]))
def test_a_reason_never_quotes_what_was_in_the_row(word: str, field: str, way: str) -> None:
    """The word is in letters that no reason of ours is written in."""
    value: object = {"list": [word], "table": {word: word}}.get(way, word)
    raw = orjson.dumps({**sound, field: value})
    raw = {"cut": raw[: raw.find(word.encode()) + 6], "bare": word.encode()}.get(way, raw)
    found = outcome(raw)
    if isinstance(found, str):
        assert not set(word) & set(found)
        assert len(max(found.split(), key=len)) <= LONGEST_OWN_WORD


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_a_text_that_names_nobody_survives_reading(text: str) -> None:
    """But for X's three entities, which are what their author wrote as a character."""
    if any(sign in text for sign in "@＠&/") or "did:" in text:
        return
    found = outcome(orjson.dumps({**sound, "text": text}))
    assert isinstance(found, Post) and found.text == text


handles = st.from_regex(r"[a-z][a-z0-9_]{4,14}", fullmatch=True)
around = st.text(alphabet=" abc.,:;!?(/@＠-_'\n🙂é", max_size=8)


@given(handles, around, st.text(alphabet=" .,:;!?)/\n🙂", max_size=5), st.sampled_from(Platform))
def test_no_handle_survives_whatever_stands_around_it(name: str, before: str, after: str, platform: Platform) -> None:
    said = PSEUDONYMS.text(platform, f"{before}@{name}{after}", NOW)
    assert name not in said.replace("user_", "").replace("address", "")


offsets = st.lists(st.integers(0, 600), max_size=20)


@given(offsets)
def test_ticks_rise_stand_on_minutes_and_never_promise_what_comes_later_in_order(seconds: list[int]) -> None:
    lines = [Line(number=n, raw=b"", post=post(n, s)) for n, s in enumerate(sorted(seconds), 1)]
    told: datetime | None = None
    for event in ticked(lines, "replay:test"):
        if isinstance(event, Tick):
            assert told is None or event.time > told
            assert event.time.second == event.time.microsecond == 0
            told = event.time
        else:
            assert event.post is not None and told is not None
            assert timedelta(0) <= event.post.created_at - told < timedelta(minutes=1)


@given(offsets)
def test_an_unsorted_archive_loses_no_line_and_ends_after_its_latest_post(seconds: list[int]) -> None:
    lines = [Line(number=n, raw=b"", post=post(n, s)) for n, s in enumerate(seconds, 1)]
    events = list(ticked(lines, "replay:test"))
    assert [event for event in events if isinstance(event, Line)] == lines
    ends = [event for event in events if isinstance(event, Tick) and event.ended]
    assert len(ends) == bool(lines)
    assert all(end is events[-1] and end.time > NOW + timedelta(seconds=max(seconds)) for end in ends)


class Counting:
    """Tags by the length of a text, and how many texts were tagged."""

    def __init__(self) -> None:
        self.tagged = 0

    def tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        self.tagged += len(texts)
        return [tags(len(text) % 10 / 10) for text in texts]


def tags(hostility: float) -> Tags:
    return Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=hostility, offensive=False, acts=(SpeechAct.OTHER,))


def post(number: int, seconds: int = 0, *, own: bool = False, departments: tuple[str, ...] = ("ministry",)) -> Post:
    return Post(
        id=f"x:x.com:{number}",
        created_at=NOW + timedelta(seconds=seconds),
        voice="v",
        text=f"remark {number}",
        kind=PostKind.ORIGINAL,
        source="replay:test",
        departments=departments,
        own_account="x:ministrygov" if own else None,
    )


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Arrival], list[tuple[int, int]]]:
    """Arrivals at positions from 1, some of a post that came before, and the stretches that are delivered.

    Each stretch begins at or before the end of the one before it, as after a restart, and the last one reaches the end.
    """
    numbers = draw(st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=1, max_size=14))
    arrivals = [
        Arrival(post=post(number, number * 3000, own=own), position=position)
        for position, (number, own) in enumerate(numbers, 1)
    ]
    stretches = []
    reached = 0
    for _ in range(draw(st.integers(0, 4))):
        begin = draw(st.integers(0, reached))
        end = draw(st.integers(begin, len(arrivals)))
        stretches.append((begin, end))
        reached = max(reached, end)
    return arrivals, [*stretches, (draw(st.integers(0, reached)), len(arrivals))]


def intake(stored: dict[str, bytes]) -> Intake:
    return Intake("ministry", stored, Counting(), Originals())


def store(stored: dict[str, bytes], changes: dict[str, bytes | None]) -> None:
    for key, value in changes.items():
        if value is None:
            stored.pop(key, None)
        else:
            stored[key] = value


def once(arrivals: Sequence[Arrival]) -> Tally:
    """The count of the same arrivals, each delivered once and together."""
    alone = intake({})
    alone.take(arrivals)
    return alone.tally


@given(deliveries())
def test_every_position_is_counted_once_however_often_it_is_delivered(
    case: tuple[list[Arrival], list[tuple[int, int]]],
) -> None:
    arrivals, stretches = case
    taking = intake({})
    for begin, end in stretches:
        taking.take(arrivals[begin:end])
    assert taking.tally.total == len(arrivals)
    assert taking.tally == once(arrivals)


@given(deliveries(), st.lists(st.booleans(), min_size=6, max_size=6))
def test_a_restart_between_any_two_batches_changes_no_count_and_no_record(
    case: tuple[list[Arrival], list[tuple[int, int]]], restarts: list[bool]
) -> None:
    arrivals, stretches = case
    stored: dict[str, bytes] = {}
    taking, unbroken = intake(stored), intake({})
    for (begin, end), restart in zip(stretches, restarts, strict=False):
        assert taking.take(arrivals[begin:end]) == unbroken.take(arrivals[begin:end])
        store(stored, taking.changes())
        unbroken.changes()
        if restart:
            taking = intake(stored)
    assert taking.tally == unbroken.tally


@given(deliveries(), st.data())
def test_a_kill_while_state_is_written_loses_no_record_and_miscounts_none(
    case: tuple[list[Arrival], list[tuple[int, int]]], data: st.DataObject
) -> None:
    """Some entries of the changelog get through, in their order; then the batch is delivered again."""
    arrivals, _ = case
    half = data.draw(st.integers(0, len(arrivals)))
    stored: dict[str, bytes] = {}
    first = intake(stored)
    passed_on = [taken.record for taken in first.take(arrivals[:half]) if taken.record]
    changes = first.changes()
    through = data.draw(st.integers(0, len(changes)))
    store(stored, dict(list(changes.items())[:through]))
    successor = intake(stored)
    for batch in (arrivals[:half], arrivals[half:]):
        passed_on += [taken.record for taken in successor.take(batch) if taken.record]
        store(stored, successor.changes())
    assert {record.post.id for record in passed_on} == {arrival.post.id for arrival in arrivals}
    assert intake(stored).tally == once(arrivals)


tallies = st.builds(lambda counts: Tally(counts=counts), st.dictionaries(st.sampled_from(Fate), st.integers(0, 50)))


@given(tallies, tallies, tallies)
def test_tallies_add_up_in_any_order(first: Tally, second: Tally, third: Tally) -> None:
    def numbers(tally: Tally) -> Iterator[int]:
        return (tally.of(fate) for fate in Fate)

    assert list(numbers(first.plus(second))) == list(numbers(second.plus(first)))
    assert first.plus(second).plus(third) == first.plus(second.plus(third))
    assert first.plus(second).total == first.total + second.total
