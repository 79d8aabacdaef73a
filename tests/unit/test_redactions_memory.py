"""What is remembered of redactions, and what is still to be removed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soundings.services.domain.posts import Post, PostKind
from soundings.services.domain.redactions import Redaction, RedactionReason
from soundings.services.redactions import memory
from soundings.services.redactions.erasure import check_post, check_voice
from soundings.services.redactions.memory import TakenBack
from soundings.services.redactions.owed import Owed

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


def post(number: int = 1, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "id": f"x:x.com:{number}", "created_at": AT, "voice": "v", "text": "t", "kind": PostKind.ORIGINAL, "source": "s"
    }  # fmt: skip
    return Post(**fields | changes)


def deleted(number: int = 1) -> Redaction:
    return Redaction(post=f"x:x.com:{number}", reason=RedactionReason.DELETED, at=AT, source="s")


def edited(at: datetime = LATER, **changes: Any) -> Redaction:
    return Redaction(post="x:x.com:1", reason=RedactionReason.EDITED, at=at, source="s", **changes)


def remembering(*redactions: Redaction) -> TakenBack:
    taken_back = TakenBack()
    for each in redactions:
        taken_back.add(each)
    return taken_back


def test_what_is_deleted_is_gone_in_every_version_and_nothing_else_is() -> None:
    taken_back = remembering(deleted())
    assert taken_back.covers(post()) and taken_back.covers(post(edited_at=LATER)) and taken_back.gone("x:x.com:1")
    assert not taken_back.covers(post(2)) and not taken_back.gone("x:x.com:2")


def test_an_edit_takes_back_what_was_said_before_it_and_not_what_replaces_it() -> None:
    taken_back = remembering(edited())
    assert taken_back.covers(post())
    assert not taken_back.covers(post(edited_at=LATER))
    assert not taken_back.gone("x:x.com:1")


def test_an_edit_under_another_id_is_final() -> None:
    taken_back = remembering(edited(replaced_by="x:x.com:9"))
    assert taken_back.covers(post(edited_at=LATER + timedelta(days=1)))
    assert not taken_back.covers(post(9, version_of="x:x.com:1", edited_at=LATER))


@pytest.mark.parametrize("final_first", [True, False])
def test_no_edit_weakens_a_deletion(final_first: bool) -> None:
    redactions = [deleted(), edited(LATER + timedelta(days=1))]
    assert remembering(*redactions[:: 1 if final_first else -1]).gone("x:x.com:1")


def test_a_repost_goes_with_what_it_repeats_and_an_answer_does_not() -> None:
    taken_back = remembering(deleted())
    assert taken_back.covers(post(2, kind=PostKind.REPOST, reference="x:x.com:1"))
    assert not taken_back.covers(post(2, kind=PostKind.REPLY, reference="x:x.com:1"))
    assert not taken_back.covers(post(2, kind=PostKind.REPOST, reference="x:x.com:3"))


def test_a_repost_of_an_edited_post_goes_if_it_repeats_the_old_words() -> None:
    taken_back = remembering(edited())
    assert taken_back.covers(post(2, kind=PostKind.REPOST, reference="x:x.com:1"))
    assert not taken_back.covers(post(2, kind=PostKind.REPOST, reference="x:x.com:1", created_at=LATER))


def test_only_what_takes_back_more_is_news() -> None:
    taken_back = TakenBack()
    assert [taken_back.add(each) for each in (edited(), edited(), edited(AT), deleted(), deleted(), edited())] == [
        True, False, False, True, False, False,
    ]  # fmt: skip
    assert len(taken_back) == 1


def test_what_is_packed_is_known_as_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "FRESH", 3)
    taken_back = remembering(edited(), *(deleted(number) for number in range(2, 500)), deleted())
    assert len(taken_back) == 499 and taken_back.gone("x:x.com:1")
    assert all(taken_back.gone(f"x:x.com:{number}") for number in range(1, 500))
    assert not any(taken_back.gone(f"x:x.com:{number}") for number in range(500, 1000))
    assert taken_back._marks.nbytes + taken_back._times.nbytes <= 16 * 499


def test_the_key_of_an_edit_never_takes_the_place_of_what_is_final() -> None:
    """Of a key the compacted topic keeps the last record only."""
    assert deleted().key == edited(replaced_by="x:x.com:9").key == "x:x.com:1"
    assert edited().key != deleted().key


def test_what_is_owed_last_goes_first_and_comes_back_in_its_place() -> None:
    owed = Owed()
    owed.add([deleted(number) for number in range(5)])
    first = owed.take(2)
    assert list(first) == ["x:x.com:4", "x:x.com:3"]
    owed.put_back(first)
    assert list(owed.take(9)) == [f"x:x.com:{number}" for number in (4, 3, 2, 1, 0)]
    assert len(owed) == 0


def test_of_two_that_are_owed_for_one_post_the_stronger_stands() -> None:
    for redactions in ([edited(AT), edited(LATER)], [edited(LATER), edited(AT)]):
        owed = Owed()
        owed.add(redactions)
        assert owed.take(1) == {"x:x.com:1": LATER}
    for redactions in ([edited(), deleted()], [deleted(), edited()]):
        owed = Owed()
        owed.add(redactions)
        assert owed.take(1) == {"x:x.com:1": None}


@pytest.mark.parametrize("wrong", ["1234", "x:x.com", "x:x.com: 1", "myspace:a:1", "@somebody"])
def test_what_is_no_post_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="--post"):
        check_post(wrong)
    assert check_post("mastodon:social.example:1") and check_post("x::1")


def test_what_is_no_pseudonym_is_refused_and_not_repeated() -> None:
    """It may be somebody's name."""
    with pytest.raises(ValueError, match="--voice") as error:
        check_voice("somebody")
    assert "somebody" not in str(error.value)
    assert check_voice("0123456789abcdef")
