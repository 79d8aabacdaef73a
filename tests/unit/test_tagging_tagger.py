"""What the tagger says of sentences written for the purpose."""

import pytest

from soundings.services.domain.posts import Sentiment, SpeechAct, Tags
from soundings.services.tagging.tagger import load_tagger


def tag(text: str, lang: str | None = None) -> Tags:
    return load_tagger().tag([text], [lang])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Six months and still no answer from your office",
        "@TaxOffice rang for the fourth time this week, on hold for 50 minutes and then cut off",
        "Reported this in March. Nothing has been done.",
    ],
)
def test_a_complaint_needs_no_angry_word(text: str) -> None:
    """A complaint is seen where nobody swears."""
    assert SpeechAct.COMPLAINT in tag(text).acts


@pytest.mark.parametrize(
    "text",
    [
        "River levels are rising fast tonight, take care everyone",
        "Flood warning for the lower Ouse: act now, move valuables upstairs and stay safe",
        "Heavy rain has closed the bridge, please avoid the area",
    ],
)
def test_bad_weather_is_not_hostile(text: str) -> None:
    """Bad news about the world is no anger at the people who tell it."""
    assert tag(text).hostility < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "Shame on you. Resign.",
        "@TheDepartment this is a disgrace, you are useless and everybody knows it",
        "Utterly incompetent, the lot of you. How dare you call this a service?",
    ],
)
def test_contempt_for_the_people_addressed_is_hostile(text: str) -> None:
    """Contempt without a swear word counts as hostile."""
    assert tag(text).hostility > 0.7


def test_praise_is_seen() -> None:
    """Thanks are praise and not hostile."""
    tags = tag("Thank you so much to the crews, brilliant work all night")
    assert tags.acts == (SpeechAct.PRAISE,)
    assert tags.sentiment is Sentiment.POSITIVE
    assert tags.hostility < 0.1


def test_a_suggestion_in_a_question_is_both() -> None:
    """A post may do several things, told in the order of the enum."""
    assert tag("Could you please add a map to the warnings page?").acts == (
        SpeechAct.QUESTION,
        SpeechAct.SUGGESTION,
    )


def test_a_text_with_nothing_in_it_is_other() -> None:
    """An empty text has no language and does nothing."""
    tags = tag("")
    assert (tags.lang, tags.sentiment, tags.acts) == ("und", Sentiment.NEUTRAL, (SpeechAct.OTHER,))
    assert tags.hostility < 0.2


def test_texts_and_claims_must_be_of_one_length() -> None:
    """A missing claim would shift every later one to the wrong text."""
    with pytest.raises(ValueError, match="2 texts but 1"):
        load_tagger().tag(["a", "b"], [None])
