"""Which document a record becomes."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from soundings.services.domain.alerts import Notification, Outcome
from soundings.services.domain.firestorms import Volume
from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Statement, Tags
from soundings.services.index.documents import document, documents, identifier, millis
from soundings.services.index.encoding import UnfitRecord
from soundings.services.index.port import Rejected

TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0.0, offensive=False, acts=(SpeechAct.OTHER,))


def a_mention(name: str = "x::1", at: datetime = datetime(2021, 3, 1, tzinfo=UTC), text: str = "Hello") -> Mention:
    post = Post(id=name, created_at=at, voice="v", text=text, kind=PostKind.ORIGINAL, source="x")
    return Mention(post=post, tags=TAGS)


@pytest.mark.parametrize(
    ("at", "index"),
    [
        (datetime(2021, 2, 28, 23, 59, 59, 999999, tzinfo=UTC), "soundings-mentions-2021-02"),
        (datetime(2021, 3, 1, tzinfo=UTC), "soundings-mentions-2021-03"),
        (datetime(2021, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "soundings-mentions-2021-02"),
        (datetime(999, 3, 1, tzinfo=UTC), "soundings-mentions-0999-03"),
    ],
)
def test_the_month_is_that_of_the_post_in_utc(at: datetime, index: str) -> None:
    """Wherever and whenever it is delivered, the same post goes to the same index."""
    assert document(a_mention(at=at)).index("soundings") == index


def test_a_volume_is_known_by_account_and_minute_however_its_zone_is_written() -> None:
    """The same minute in another zone is the same document."""
    counts: dict[str, Any] = dict.fromkeys(
        ("posts", "originals", "replies", "quotes", "reposts", "voices", "hostile_voices"), 0
    )
    summer = timezone(timedelta(hours=1))
    there = Volume(department="d", account="x:a", minute=datetime(2021, 7, 1, 9, 5, tzinfo=summer), **counts)
    here = Volume(department="d", account="x:a", minute=datetime(2021, 7, 1, 8, 5, tzinfo=UTC), **counts)
    assert identifier(there) == identifier(here) == "x:a|2021-07-01T08:05+00:00"


def test_a_notification_stays_one_document_when_it_is_sent_again_in_another_month() -> None:
    """Its own time changes with each sending, so it decides nothing."""
    first = Notification(alert="d:1/over", channel="mail", outcome=Outcome.SENT, at=datetime(2021, 3, 31, tzinfo=UTC))
    again = Notification(alert="d:1/over", channel="mail", outcome=Outcome.SENT, at=datetime(2021, 4, 1, tzinfo=UTC))
    places = {(document(each).index("soundings"), document(each).id) for each in (first, again)}
    assert places == {("soundings-notifications-first", "d:1/over|mail")}


def test_of_two_records_with_one_id_the_later_is_sent() -> None:
    """A batch holds each document once, so that a retry of one cannot overtake another; kinds do not mix."""
    first, second = a_mention(text="one"), a_mention(text="two")
    kept, rejected = documents([first, second, Statement(post=first.post)])
    assert rejected == ()
    assert [(each.kind.value, each.body == document(second).body) for each in kept] == [
        ("mentions", True),
        ("statements", False),
    ]


@pytest.mark.parametrize("text", ["half \ud83d", "\udc00"])
def test_text_that_is_no_unicode_is_unfit(text: str) -> None:
    """Half an emoji is rejected with its id, and the reason does not quote it."""
    with pytest.raises(UnfitRecord, match="JSON cannot"):
        document(a_mention(text=text))
    assert documents([a_mention(text=text)]) == (
        (),
        (Rejected(id="x::1", reason="it holds something that JSON cannot"),),
    )


@pytest.mark.parametrize("name", ["", "x" * 513, "é" * 257])
def test_an_id_that_elasticsearch_does_not_take_is_unfit(name: str) -> None:
    """No id, or one of more than 512 bytes in UTF-8."""
    with pytest.raises(UnfitRecord, match="an id of"):
        document(a_mention(name))


def test_times_are_rounded_down_to_the_millisecond() -> None:
    """Before 1970 too, as in the index."""
    assert millis(datetime(1970, 1, 1, 0, 0, 1, 1_999, tzinfo=UTC)) == 1_001
    assert millis(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
