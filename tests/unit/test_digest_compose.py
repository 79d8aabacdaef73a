"""A digest read from an index in memory and composed."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from soundings.services.alerts.example import example_alert
from soundings.services.digests.area import belongs_to, find_area
from soundings.services.digests.compose import compose
from soundings.services.digests.digest import Digest
from soundings.services.digests.files import as_csv, write
from soundings.services.digests.making import stem, wanted
from soundings.services.digests.page import page
from soundings.services.digests.reading import read
from soundings.services.digests.text import text
from soundings.services.digests.week import Week
from soundings.services.digests.wording import headline, title
from soundings.services.domain.accounts import Account, AccountBook, Department, Platform, PolicyArea
from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.firestorms import Firestorm, Severity, Trigger, Whose
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.index.memory import MemoryIndex
from soundings.services.index.port import Record

PERMITS = PolicyArea(name="Permits", keywords=("permit", "proof of address"), owner="permits@example.gov.uk")
DEPARTMENT = Department(
    key="department-of-examples",
    name="Department of Examples",
    timezone="Europe/London",
    accounts=(Account(platform=Platform.X, handle="ExampleGov"),),
    policy_areas=(PERMITS,),
)
BOOK = AccountBook(departments=(DEPARTMENT,))
WEEK = Week.parse("2026-W28")
MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)
NOW = datetime(2026, 7, 13, 7, tzinfo=UTC)


def mention(
    number: int,
    words: str,
    *,
    voice: str = "",
    at: datetime = MONDAY,
    kind: PostKind = PostKind.ORIGINAL,
    acts: Sequence[SpeechAct] = (SpeechAct.OTHER,),
    offensive: bool = False,
    mood: Sentiment = Sentiment.NEUTRAL,
    **fields: object,
) -> Mention:
    post = Post(
        id=f"x::{number}",
        created_at=at + timedelta(minutes=number % 600),
        voice=voice or f"voice{number}",
        text=words,
        kind=kind,
        source="x",
        accounts=("x:examplegov",),
        departments=(DEPARTMENT.key,),
        url=f"https://social.example/{number}",
    )
    tags = Tags(lang="en", sentiment=mood, hostility=0.1, offensive=offensive, acts=tuple(acts))
    return Mention(post=replace(post, **fields), tags=tags)  # type: ignore[arg-type]


def composed(records: Sequence[Record], *, area: PolicyArea | None = None, now: datetime = NOW) -> Digest:
    async def made() -> Digest:
        index = MemoryIndex()
        assert await index.put(records) == ()
        return compose(await read(index, BOOK, DEPARTMENT, area, WEEK, now), now)

    return asyncio.run(made())


def history(weeks: int, people: int = 10) -> list[Mention]:
    """The same number of people on each Monday of the weeks before."""
    return [
        mention(10_000 + 100 * back + n, "a quiet word about something", at=MONDAY - timedelta(weeks=back))
        for back in range(1, weeks + 1)
        for n in range(people)
    ]


def test_a_person_counts_once_however_often_they_post() -> None:
    digest = composed([mention(n, f"post number {n} on this", voice="one") for n in range(5)] + [mention(9, "another")])
    assert (digest.volume.people, digest.volume.posts) == (2, 6)
    assert digest.volume.days[0].people == 2
    assert sum(day.posts for day in digest.volume.days) == 6


def test_the_usual_is_the_median_of_the_weeks_before_and_is_not_said_of_too_few() -> None:
    enough = composed([mention(1, "hello there"), *history(4)])
    assert enough.volume.usual_people == 10
    assert enough.volume.days[0].usual == 10
    assert enough.volume.days[1].usual == 0
    few = composed([mention(1, "hello there"), *history(3)])
    assert few.volume.usual_people is None
    assert any("Only 3 weeks before this one are known" in gap for gap in few.coverage.gaps)
    assert any("No week before" in gap for gap in composed([mention(1, "hello")]).coverage.gaps)


def test_phrases_count_people_and_copies_are_kept_apart() -> None:
    said = [mention(n, f"the hold music again, for {n} hours") for n in range(6)]
    same = "Sign the charter for free sampling before it is too late"
    pasted = [mention(100 + n, f"@user_{n:012x} {same} https://t.example/{n}", voice=f"few{n % 2}") for n in range(12)]
    digest = composed([*said, *pasted])
    assert [(s.words, s.people) for s in digest.sayings][0] == ("hold music", 6)
    assert not any("charter" in saying.words for saying in digest.sayings)
    assert [(c.people, c.posts, c.quote.text) for c in digest.copies] == [(2, 12, same)]


def test_a_phrase_says_whether_it_is_new_or_usual() -> None:
    usual = [
        mention(20_000 + 100 * back + n, "the hold music again", at=MONDAY - timedelta(weeks=back))
        for back in range(1, 5)
        for n in range(3)
    ]
    now = [mention(n, f"hold music for {n} hours today") for n in range(4)]
    new = [mention(50 + n, f"a purple form came with letter {n} now") for n in range(4)]
    found = {saying.words: saying.usual_people for saying in composed([*usual, *now, *new]).sayings}
    assert found["hold music"] == 3
    assert found["purple form"] == 0


def test_much_the_same_question_is_shown_once_with_the_number_of_people() -> None:
    places = ["Sampleton", "Mockup", "Loremford", "Sampleton"]
    questions = [
        mention(n, f"@ExampleGov is there a rest centre in {place}?", acts=[SpeechAct.QUESTION])
        for n, place in enumerate(places)
    ]
    other = mention(90, "Why does the letter come with a purple form?", acts=[SpeechAct.QUESTION])
    digest = composed([*questions, other])
    assert [(q.people, q.posts) for q in digest.questions.groups] == [(4, 4), (1, 1)]
    assert (digest.questions.people, digest.questions.posts) == (5, 5)
    assert digest.questions.groups[0].quote.text.startswith("is there a rest centre in ")


def test_a_question_is_answered_if_one_of_our_posts_replies_to_it() -> None:
    questions = [
        mention(1, "What counts as proof of address for this?", acts=[SpeechAct.QUESTION]),
        mention(2, "When does the office in Mockup open again?", acts=[SpeechAct.QUESTION]),
    ]
    unknown = composed(questions)
    assert unknown.questions.answered is None
    assert "cannot be said which were answered" in " ".join(text(unknown).split())
    answer = replace(
        mention(3, "A bank letter will do.").post, own_account="x:examplegov", reference="x::1", created_at=NOW
    )
    known = composed([*questions, Statement(post=answer)], now=NOW + timedelta(hours=1))
    assert known.questions.answered == 1
    assert [question.answered for question in known.questions.groups] == [0, 1]


def test_abusive_posts_are_counted_but_not_quoted_and_nobody_is_named() -> None:
    angry = [
        mention(n, f"@ExampleGov @user_{n:012x} the form lost my answers, page {n}", acts=[SpeechAct.COMPLAINT])
        for n in range(4)
    ]
    rude = mention(9, "unprintable words about the form and its answers", acts=[SpeechAct.COMPLAINT], offensive=True)
    digest = composed([*angry, rude])
    (complaints,) = [act for act in digest.acts if act.name == "complaint"]
    assert (complaints.people, complaints.posts) == (5, 5)
    assert complaints.quotes
    everywhere = page(digest) + text(digest)
    assert "unprintable" not in everywhere
    assert "user_0" not in everywhere


def test_a_post_that_many_pass_on_is_shown_without_the_address_of_those_who_did() -> None:
    reposts = [
        mention(n, "They have stopped counting the broken gauges", kind=PostKind.REPOST, reference="x::77")
        for n in range(7)
    ]
    digest = composed(reposts)
    assert [(s.people, s.quote.text, s.quote.url) for s in digest.spread] == [
        (7, "They have stopped counting the broken gauges", "")
    ]
    assert digest.sayings == ()
    assert digest.volume.reposts == 7


def test_an_area_takes_its_posts_by_the_beginnings_of_words_and_by_accounts() -> None:
    belongs = belongs_to(PERMITS)
    assert belongs(mention(1, "My #Permits are late").post)
    assert belongs(mention(1, "they want proof  of address again").post)
    assert not belongs(mention(1, "an unpermitted word").post)
    by_account = belongs_to(PolicyArea(name="Desk", accounts=("@ExampleGov",)))
    assert by_account(mention(1, "anything").post)
    assert not belongs_to(PolicyArea(name="Nothing"))(mention(1, "anything").post)


def test_a_digest_of_an_area_counts_its_posts_and_covers_the_whole_department() -> None:
    digest = composed([mention(1, "my permit is late"), mention(2, "the river is high")], area=PERMITS)
    assert digest.volume.posts == 1
    assert digest.coverage.sources == (("x", (2, 0, 0, 0, 0, 0, 0)),)
    assert digest.owner == "permits@example.gov.uk"
    assert title(digest) == "What people told us: Permits, Department of Examples, 6 to 12 July 2026"


def test_what_was_not_collected_is_said() -> None:
    fed = [mention(50 + n, "word", source="bluesky", at=MONDAY - timedelta(weeks=1)) for n in range(3)]
    cut = mention(1, "the first part of a text", text_complete=False)
    gaps = " ".join(composed([cut, *fed]).coverage.gaps)
    assert "Nothing came from bluesky in the whole week" in gaps
    assert "Nothing came from x on Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday" in gaps
    assert "Reposts were not collected" in gaps
    assert "1 post (100 %) only the first part" in gaps
    assert "Follower counts" in gaps
    assert "This is not a sample of the public" in text(composed([cut]))
    early = composed([cut], now=MONDAY + timedelta(days=1))
    assert "The week is not over" in " ".join(early.coverage.gaps)
    assert "Thursday" not in " ".join(early.coverage.gaps)


def stormy() -> list[Record]:
    """A storm on Wednesday evening about our post, with ordinary posts around it."""
    at = datetime(2026, 7, 8, 20, 5, tzinfo=UTC)
    own = replace(mention(500, "A firm post about a new rule.", at=at).post, own_account="x:examplegov", created_at=at)
    storm = replace(
        example_alert(at).firestorm,
        department=DEPARTMENT.key,
        began_at=at + timedelta(minutes=2),
        opened_at=at + timedelta(minutes=20),
        closed_at=at + timedelta(hours=3),
        trigger=Trigger(post=own.id, whose=Whose.OURS, voices=9),
        statement=own.id,
        sample=("x::600",),
    )
    alert = replace(example_alert(at), id=f"{storm.id}/opened", department=DEPARTMENT.key, firestorm=storm)
    told = Notification(alert=alert.id, channel="duty phone", outcome=Outcome.SENT, at=at + timedelta(minutes=21))
    replay = Notification(alert=alert.id, channel="mail", outcome=Outcome.NOT_SENT_SEVERITY, at=at)
    angry = [
        mention(600 + n, f"shame on whoever signed off number {n}", at=at + timedelta(minutes=5)) for n in range(9)
    ]
    angry = [replace(m, post=replace(m.post, created_at=at + timedelta(minutes=10))) for m in angry]
    calm = [mention(n, f"the hold music lasted {n} hours") for n in range(5)]
    return [Statement(post=own), storm, alert, told, replay, *angry, *calm]


def test_a_storm_is_told_with_who_was_told_and_does_not_hide_the_rest_of_the_week() -> None:
    digest = composed(stormy())
    (storm,) = digest.storms
    assert storm.told == (("duty phone", datetime(2026, 7, 8, 20, 26, tzinfo=UTC)),)
    assert storm.minutes == 178
    assert storm.statement is not None
    assert storm.statement.text == "A firm post about a new rule."
    assert "shame" in " ".join(saying.words for saying in storm.sayings)
    assert [saying.words for saying in digest.sayings] == ["hold music lasted"]
    shown = text(digest)
    assert "It lasted 2 h 58 min" in shown or "It lasted 3 h" in shown
    assert "Told: duty phone on Wednesday 8 July, 21:26" in " ".join(shown.split())
    assert "OUTSIDE OF STORMS" in shown


def test_a_storm_that_nobody_was_told_of_says_why() -> None:
    records = [record for record in stormy() if getattr(record, "channel", "") != "duty phone"]
    assert "Nobody was told (not sent: below the channel's severity)" in " ".join(text(composed(records)).split())
    unrecorded = [record for record in records if not isinstance(record, Notification)]
    assert "no notice is recorded" in text(composed(unrecorded))


def test_a_storm_about_something_else_does_not_stand_in_an_areas_digest_as_its_own() -> None:
    (elsewhere,) = composed(stormy(), area=PERMITS).storms
    assert not elsewhere.here
    assert "Elsewhere in the department" in page(composed(stormy(), area=PERMITS))


def test_what_is_only_watched_is_no_storm_of_the_digest() -> None:
    records = [replace(r, severity=Severity.WATCH) if isinstance(r, Firestorm) else r for r in stormy()]
    assert composed(records).storms == ()


def test_an_empty_week_is_a_digest_too() -> None:
    digest = composed([])
    assert headline(digest)[0].startswith("Nobody posted.")
    assert "Nothing was collected in this week" in page(digest)
    assert "Nothing was collected in this week" in text(digest)


def test_the_same_posts_in_another_order_give_the_same_digest() -> None:
    records = stormy()
    assert composed(records) == composed(list(reversed(records)))


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = composed(stormy())
    files = write(digest, tmp_path, stem(digest))
    assert [file.name for file in files] == [
        f"department-of-examples-2026-W28.{suffix}" for suffix in ("html", "txt", "json", "csv")
    ]
    assert json.loads(files[2].read_text())["digest"]["week"] == "2026-W28"
    before = {file: file.read_bytes() for file in files}

    def broken(descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="disk is full"):
        write(composed([]), tmp_path, stem(digest))
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_post_cannot_run_as_a_formula_or_as_markup() -> None:
    nasty = [
        mention(
            n, f'=HYPERLINK("x") <script>alert({n})</script> & so it goes with the form', acts=[SpeechAct.COMPLAINT]
        )
        for n in range(2)
    ]
    digest = composed(nasty)
    assert "<script>" not in page(digest)
    assert "&lt;script&gt;" in page(digest)

    assert "'=HYPERLINK" in as_csv(digest)


def test_what_is_asked_for_is_found_by_name_or_the_error_lists_what_there_is() -> None:
    asked = wanted(BOOK, department="", area="permits", week="", now=NOW)
    assert (asked.department, asked.area, str(asked.week)) == (DEPARTMENT, PERMITS, "2026-W28")
    with pytest.raises(LookupError, match="'Permits'"):
        find_area(DEPARTMENT, "Weather")
    with pytest.raises(LookupError, match="department-of-examples"):
        wanted(BOOK, department="nobody", area="", week="", now=NOW)
    with pytest.raises(ValueError, match="has not begun"):
        wanted(BOOK, department="", area="", week="2026-W30", now=NOW)
    second = replace(DEPARTMENT, key="second", name="Second", accounts=(), policy_areas=(PolicyArea(name="Rivers"),))
    both = AccountBook(departments=(DEPARTMENT, second))
    assert wanted(both, department="", area="rivers", week="", now=NOW).department.key == "second"
    with pytest.raises(LookupError, match="--department"):
        wanted(both, department="", area="", week="", now=NOW)
