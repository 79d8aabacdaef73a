"""Intake of a department: what is known is recognised, what is counted elsewhere is not counted here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from soundings.services.domain.ledger import Fate
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.intake.intake import Arrival, Intake, Taken
from soundings.services.intake.memory import REMEMBERED, Count, Originals, SeenPosts

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Counting:
    """Tags that tell which text they are of, and the texts that were tagged."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def tag(self, texts: Sequence[str], langs: Sequence[str | None]) -> list[Tags]:
        self.texts += texts
        return [
            Tags(lang=text[:12], sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
            for text in texts
        ]


def post(number: int, text: str = "", **changes: object) -> Post:
    sound = Post(
        id=f"x:x.com:{number}",
        created_at=AT,
        voice="v",
        text=text or f"remark {number}",
        kind=PostKind.ORIGINAL,
        source="replay:test",
        departments=("ministry",),
    )
    return replace(sound, **changes)  # type: ignore[arg-type]


def intake(
    stored: dict[str, bytes] | None = None,
    tagger: Counting | None = None,
    redacted: Callable[[Post], bool] = lambda post: False,
    department: str = "ministry",
) -> Intake:
    return Intake(department, stored or {}, tagger or Counting(), Originals(), redacted)


def take(taking: Intake, *posts: Post, first: int = 1) -> list[Taken]:
    return taking.take([Arrival(post=each, position=first + number) for number, each in enumerate(posts)])


def fates(taken: list[Taken]) -> list[Fate]:
    return [each.fate for each in taken]


def test_records_keep_the_order_of_arrival_and_their_own_tags() -> None:
    taken = take(intake(), post(1, "first"), post(2, "ours", own_account="x:min"), post(1, "first"), post(3, "last"))
    assert fates(taken) == [Fate.MENTION, Fate.STATEMENT, Fate.DUPLICATE, Fate.MENTION]
    first, ours, nothing, last = (each.record for each in taken)
    assert isinstance(first, Mention) and (first.post.text, first.tags.lang) == ("first", "first")
    assert isinstance(ours, Statement) and nothing is None
    assert isinstance(last, Mention) and (last.post.text, last.tags.lang) == ("last", "last")


def test_a_duplicate_at_a_new_position_is_counted_as_one() -> None:
    taking = intake()
    take(taking, post(1), post(1))
    assert taking.tally.counts == {Fate.MENTION: 1, Fate.DUPLICATE: 1}


def test_a_redelivery_is_not_counted_again() -> None:
    taking = intake()
    take(taking, post(1), post(2))
    take(taking, post(1), post(2), post(3))
    assert taking.tally.counts == {Fate.MENTION: 3}


def test_positions_of_different_sources_are_apart() -> None:
    taking = intake()
    take(taking, post(1), post(2, source="other"), post(3, source="other"))
    take(taking, post(4), first=2)
    assert taking.tally.total == 4


def test_a_post_for_two_departments_is_taken_by_both_and_counted_by_the_first() -> None:
    both = post(1, departments=("agency", "ministry"))
    first, second = intake(department="agency"), intake(department="ministry")
    assert fates(take(first, both)) == fates(take(second, both)) == [Fate.MENTION]
    assert (first.tally.total, second.tally.total) == (1, 0)


def test_a_redacted_post_is_not_passed_on_and_is_counted() -> None:
    taking = intake(redacted=lambda post: post.id == "x:x.com:1")
    gone, kept = take(taking, post(1), post(2))
    assert gone == Taken(fate=Fate.REDACTED)
    assert kept.record is not None
    assert taking.tally.counts == {Fate.REDACTED: 1, Fate.MENTION: 1}


def test_a_newer_version_of_a_known_post_goes_on_and_counts_as_a_duplicate() -> None:
    """For the index only: `revised` says that it was counted before. Each version goes on once."""
    taking = intake()
    version = post(1, "better", edited_at=AT + timedelta(minutes=5))
    newest = post(1, "best", edited_at=AT + timedelta(minutes=9))
    first, second, again, third = take(taking, post(1), version, version, newest)
    assert isinstance(first.record, Mention) and not first.record.revised
    assert isinstance(second.record, Mention) and isinstance(third.record, Mention)
    assert (second.record.post.text, second.record.tags.lang, second.record.revised) == ("better", "better", True)
    assert (third.record.post.text, third.record.revised) == ("best", True)
    assert again == Taken(fate=Fate.DUPLICATE)
    assert taking.tally.counts == {Fate.MENTION: 1, Fate.DUPLICATE: 3}


def test_a_post_that_is_first_heard_of_in_a_later_version_is_a_new_one() -> None:
    taking = intake()
    first, older = take(taking, post(1, "better", edited_at=AT + timedelta(minutes=5)), post(1))
    assert first.fate is Fate.MENTION and first.record is not None and not first.record.revised
    assert older == Taken(fate=Fate.DUPLICATE)


def test_a_newer_version_of_our_own_post_goes_on_as_a_statement() -> None:
    ours = post(1, own_account="x:min")
    _, again = take(intake(), ours, replace(ours, text="mended", edited_at=AT + timedelta(minutes=1)))
    assert again.fate is Fate.DUPLICATE
    assert isinstance(again.record, Statement) and again.record.revised and again.record.post.text == "mended"


def test_a_version_with_an_id_of_its_own_is_known_by_its_first_and_counts_once() -> None:
    """As on X, across the hour, after a restart; unless the first version was never taken in."""
    stored: dict[str, bytes] = {}
    taking = intake(stored)
    take(taking, post(1))
    stored |= {key: value for key, value in taking.changes().items() if value is not None}
    when = AT + timedelta(minutes=59)
    second = post(2, "better", created_at=when, edited_at=when, version_of="x:x.com:1")
    third = replace(second, id="x:x.com:3", created_at=when + timedelta(minutes=5), edited_at=when)
    taken = take(intake(stored), second, third, second, first=2)
    assert fates(taken) == [Fate.DUPLICATE] * 3
    assert [each.record.revised if each.record else None for each in taken] == [True, True, None]
    fresh = take(intake(), second, third)
    assert fates(fresh) == [Fate.MENTION, Fate.DUPLICATE]
    assert [each.record.revised for each in fresh if each.record] == [False, True]


def test_reposts_after_an_edit_are_tagged_by_the_new_words_and_forgotten_words_are_not_repeated() -> None:
    originals = Originals()
    taking = Intake("ministry", {}, Counting(), originals)
    take(taking, post(1, "before the edit"), post(1, "after the edit", edited_at=AT + timedelta(minutes=5)))
    cut = post(2, "the…", kind=PostKind.REPOST, reference="x:x.com:1", text_complete=False)
    (taken,) = take(taking, cut, first=3)
    assert isinstance(taken.record, Mention) and taken.record.post.text == "after the edit"
    originals.forget("x:x.com:1")
    originals.forget("x:x.com:none")
    (taken,) = take(taking, replace(cut, id="x:x.com:3"), first=4)
    assert isinstance(taken.record, Mention) and taken.record.post.text == "the…"


def test_what_could_not_be_read_is_counted_once_a_position() -> None:
    taking = intake()
    for position in (1, 2, 2, 1):
        taking.refuse("mentions.raw", position)
    assert taking.tally.counts == {Fate.QUARANTINED: 2}


def test_a_hundred_reposts_are_tagged_once() -> None:
    tagger = Counting()
    taking = intake(tagger=tagger)
    take(taking, post(1, "the original"))
    for number in range(2, 102):
        repost = post(number, "the original", kind=PostKind.REPOST, reference="x:x.com:1")
        (taken,) = take(taking, repost, first=number)
        assert isinstance(taken.record, Mention) and taken.record.tags.lang == "the original"
    assert tagger.texts == ["the original"]


def test_a_repost_that_was_cut_has_the_whole_text_of_its_known_original() -> None:
    taking = intake()
    take(taking, post(1, "the whole original"))
    cut = post(2, "the who…", kind=PostKind.REPOST, reference="x:x.com:1", text_complete=False)
    (taken,) = take(taking, cut, first=2)
    assert isinstance(taken.record, Mention)
    assert (taken.record.post.text, taken.record.post.text_complete) == ("the whole original", True)


def test_a_repost_that_was_cut_stays_cut_where_the_original_is_unknown_and_teaches_nothing() -> None:
    taking = intake()
    cut = post(2, "the who…", kind=PostKind.REPOST, reference="x:x.com:1", text_complete=False)
    whole = post(3, "the whole original", kind=PostKind.REPOST, reference="x:x.com:1")
    later = post(4, "the wh…", kind=PostKind.REPOST, reference="x:x.com:1", text_complete=False)
    records = [take(taking, each, first=number)[0].record for number, each in enumerate((cut, whole, later), 1)]
    texts = [record.post.text for record in records if isinstance(record, Mention)]
    assert texts == ["the who…", "the whole original", "the whole original"]


def test_an_edited_original_does_not_change_what_a_complete_repost_says() -> None:
    taking = intake()
    take(taking, post(1, "before the edit"))
    (taken,) = take(taking, post(2, "after", kind=PostKind.REPOST, reference="x:x.com:1"), first=2)
    assert isinstance(taken.record, Mention) and taken.record.post.text == "after"


def test_a_quote_is_not_taken_for_what_it_quotes() -> None:
    taking = intake()
    take(taking, post(1, "the original"))
    (taken,) = take(taking, post(2, "look", kind=PostKind.QUOTE, reference="x:x.com:1", text_complete=False), first=2)
    assert isinstance(taken.record, Mention) and taken.record.post.text == "look"


def test_known_originals_are_bounded() -> None:
    originals = Originals()
    tags = Counting().tag(["t"], [None])[0]
    for number in range(Originals.KEPT + 1):
        originals.remember(post(number, "t"), tags)
    repost = post(-1, kind=PostKind.REPOST)
    assert originals.of(replace(repost, reference="x:x.com:0")) is None
    assert originals.of(replace(repost, reference="x:x.com:1")) is not None


def seen(stored: dict[str, bytes], newest: int | None = None) -> SeenPosts:
    return SeenPosts("ministry", stored, newest)


def keep(stored: dict[str, bytes], memory: SeenPosts) -> None:
    for key, value in memory.changes().items():
        if value is None:
            del stored[key]
        else:
            stored[key] = value


def test_a_post_is_remembered_for_a_year_and_a_month_and_then_forgotten() -> None:
    stored: dict[str, bytes] = {}
    memory = seen(stored)
    assert memory.add("a", AT)
    keep(stored, memory)
    memory.add("b", AT + REMEMBERED)
    keep(stored, memory)
    assert not seen(stored, memory.newest).add("a", AT)
    memory.add("c", AT + REMEMBERED + timedelta(hours=1))
    keep(stored, memory)
    assert seen(stored, memory.newest).add("a", AT)
    assert len(stored) == 2


def test_a_jump_of_years_leaves_nothing_behind() -> None:
    stored: dict[str, bytes] = {}
    memory = seen(stored)
    for hours in (0, 5, 24 * 100, 24 * 2000):
        memory.add(f"at {hours}", AT + timedelta(hours=hours))
        keep(stored, memory)
    assert len(stored) == 1


def test_only_hours_that_were_touched_are_stored_anew() -> None:
    stored: dict[str, bytes] = {}
    memory = seen(stored)
    memory.add("a", AT)
    memory.add("b", AT + timedelta(hours=1))
    keep(stored, memory)
    memory.add("b", AT + timedelta(hours=1))
    assert memory.changes() == {}
    memory.add("c", AT + timedelta(hours=1))
    assert len(memory.changes()) == 1


def test_a_late_post_of_last_year_is_recognised_after_a_restart() -> None:
    stored: dict[str, bytes] = {}
    memory = seen(stored)
    memory.add("old", AT - timedelta(days=300))
    memory.add("new", AT)
    keep(stored, memory)
    assert not seen(stored, memory.newest).add("old", AT - timedelta(days=300))


def test_counts_come_back_as_they_were_stored() -> None:
    count = Count({"replay:a": 7}, {Fate.MENTION: 3, Fate.OFF_TOPIC: 1}, 494_000)
    assert Count.from_bytes(count.to_bytes()) == count
    assert Count.from_bytes(None) == Count({}, {}, None)
