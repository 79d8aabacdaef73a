"""Which mentions cannot wait, and what is passed on of them."""

from datetime import UTC, datetime

import pytest

from soundings.services.domain.posts import Mention, Post, PostKind, Sentiment, SpeechAct, Tags
from soundings.services.domain.urgent import UrgencyKind
from soundings.services.intake.urgent import appeal, urgent_of

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TAGS = Tags(lang="en", sentiment=Sentiment.NEUTRAL, hostility=0, offensive=False, acts=(SpeechAct.OTHER,))
CALL = "Somebody is drowning at the weir"


def mention(text: str) -> Mention:
    post = Post(
        id="x:x.com:7",
        created_at=AT,
        voice="v",
        text=text,
        kind=PostKind.ORIGINAL,
        source="x",
        url="https://e.example/7",
    )
    return Mention(post=post, tags=TAGS)


def test_a_call_is_passed_on_without_its_text() -> None:
    """Ids, what was recognised, the time and the address; a hash instead of the text."""
    found = urgent_of(mention(CALL), "rivers", live=True)
    assert found is not None
    assert (found.id, found.kind, found.at) == ("rivers:urgent/x:x.com:7", UrgencyKind.RISK_TO_LIFE, AT)
    assert found.live and found.url == "https://e.example/7"
    assert "weir" not in str(found)


def test_an_ordinary_post_is_none() -> None:
    assert urgent_of(mention("When does the weir open?"), "rivers", live=True) is None


def test_a_replayed_call_is_passed_on_as_replayed() -> None:
    found = urgent_of(mention(CALL), "rivers", live=False)
    assert found is not None and not found.live


@pytest.mark.parametrize(
    "copy",
    [
        "@RiversAgency Somebody is drowning at the weir!",
        "somebody is DROWNING at the weir https://t.example/abc",
        "  Somebody is\ndrowning at the weir… @one @two",
    ],
)
def test_copies_of_an_appeal_are_recognised(copy: str) -> None:
    """Other handles, addresses, marks and capitals are the same appeal."""
    assert appeal(copy) == appeal(CALL)


def test_another_place_or_number_is_another_appeal() -> None:
    """Two families in two houses of a street must both be told of."""
    assert appeal("We are trapped at 12 Mill Lane") != appeal("We are trapped at 14 Mill Lane")
