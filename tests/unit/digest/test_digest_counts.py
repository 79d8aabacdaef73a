"""Whom a digest counts, what it calls usual and what it says is missing."""

from datetime import timedelta
from typing import Any

from soundings.services.digests.area import belongs_to
from soundings.services.digests.page import page
from soundings.services.digests.text import text
from soundings.services.digests.wording import headline, title
from soundings.services.domain.accounts import PolicyArea


def test_a_person_counts_once_however_often_they_post(eg: Any) -> None:
    digest = eg.composed(
        [eg.mention(n, f"post number {n} on this", voice="one") for n in range(5)] + [eg.mention(9, "another")]
    )
    assert (digest.volume.people, digest.volume.posts) == (2, 6)
    assert digest.volume.days[0].people == 2
    assert sum(day.posts for day in digest.volume.days) == 6


def test_the_usual_is_the_median_of_the_weeks_before_and_is_not_said_of_too_few(eg: Any) -> None:
    enough = eg.composed([eg.mention(1, "hello there"), *eg.history(4)])
    assert enough.volume.usual_people == 10
    assert enough.volume.days[0].usual == 10
    assert enough.volume.days[1].usual == 0
    few = eg.composed([eg.mention(1, "hello there"), *eg.history(3)])
    assert few.volume.usual_people is None
    assert any("Only 3 weeks before this one are known" in gap for gap in few.coverage.gaps)
    assert any("No week before" in gap for gap in eg.composed([eg.mention(1, "hello")]).coverage.gaps)


def test_an_area_takes_its_posts_by_the_beginnings_of_words_and_by_accounts(eg: Any) -> None:
    belongs = belongs_to(eg.PERMITS)
    assert belongs(eg.mention(1, "My #Permits are late").post)
    assert belongs(eg.mention(1, "they want proof  of address again").post)
    assert not belongs(eg.mention(1, "an unpermitted word").post)
    by_account = belongs_to(PolicyArea(name="Desk", accounts=("@ExampleGov",)))
    assert by_account(eg.mention(1, "anything").post)
    assert not belongs_to(PolicyArea(name="Nothing"))(eg.mention(1, "anything").post)


def test_a_digest_of_an_area_counts_its_posts_and_covers_the_whole_department(eg: Any) -> None:
    digest = eg.composed([eg.mention(1, "my permit is late"), eg.mention(2, "the river is high")], area=eg.PERMITS)
    assert digest.volume.posts == 1
    assert digest.coverage.sources == (("x", (2, 0, 0, 0, 0, 0, 0)),)
    assert digest.owner == "permits@example.gov.uk"
    assert title(digest) == "What people told us: Permits, Department of Examples, 6 to 12 July 2026"


def test_what_was_not_collected_is_said(eg: Any) -> None:
    fed = [eg.mention(50 + n, "word", source="bluesky", at=eg.MONDAY - timedelta(weeks=1)) for n in range(3)]
    cut = eg.mention(1, "the first part of a text", text_complete=False)
    gaps = " ".join(eg.composed([cut, *fed]).coverage.gaps)
    assert "Nothing came from bluesky in the whole week" in gaps
    assert "Nothing came from x on Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday" in gaps
    assert "Reposts were not collected" in gaps
    assert "1 post (100 %) only the first part" in gaps
    assert "Follower counts" in gaps
    assert "This is not a sample of the public" in text(eg.composed([cut]))
    early = eg.composed([cut], now=eg.MONDAY + timedelta(days=1))
    assert "The week is not over" in " ".join(early.coverage.gaps)
    assert "Thursday" not in " ".join(early.coverage.gaps)


def test_an_empty_week_is_a_digest_too(eg: Any) -> None:
    digest = eg.composed([])
    assert headline(digest)[0].startswith("Nobody posted.")
    assert "Nothing was collected in this week" in page(digest)
    assert "Nothing was collected in this week" in text(digest)


def test_the_same_posts_in_another_order_give_the_same_digest(eg: Any) -> None:
    records = eg.stormy()
    assert eg.composed(records) == eg.composed(list(reversed(records)))
