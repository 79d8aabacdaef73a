"""What the tagger says of sentences written for the purpose."""

from pathlib import Path

import numpy as np
import pytest

from soundings.services.domain.posts import Sentiment, SpeechAct, Tags
from soundings.services.tagging.model import WeightsError, load
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


def test_glad_words_in_a_bitter_phrase_are_not_glad() -> None:
    """Thanks for nothing are no thanks."""
    tags = tag("Great, another form to fill in. Thanks for nothing.")
    assert tags.sentiment is Sentiment.NEGATIVE
    assert SpeechAct.PRAISE not in tags.acts


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("The office is closed this week and nobody told us about it", None, "en"),
        ("Die Behörde antwortet seit Wochen nicht auf meine Briefe", None, "de"),
        ("Mae'r swyddfa ar gau heddiw oherwydd y llifogydd", "cy", "cy"),
        ("@someone @other https://a.example/b", "en", "und"),
        ("👍👍👍", None, "und"),
        ("Diolch", "cy", "cy"),
        ("The office is closed", "qme", "en"),
    ],
)
def test_the_language_is_told_or_left_open(text: str, lang: str | None, expected: str) -> None:
    """Long texts speak for themselves, short ones are as the source says, those without words have none."""
    assert tag(text, lang).lang == expected


def test_another_language_is_judged_by_emoji_only() -> None:
    """What the models cannot read is neutral and not hostile, unless signs that need no language say otherwise."""
    quiet = tag("Die Behörde antwortet seit Wochen nicht auf meine Briefe")
    angry = tag("Die Behörde antwortet seit Wochen nicht auf meine Briefe 😡😡😡")
    assert (quiet.sentiment, quiet.offensive) == (Sentiment.NEUTRAL, False)
    assert quiet.hostility < 0.1
    assert angry.sentiment is Sentiment.NEGATIVE
    assert 0.1 < angry.hostility < 0.5


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    """A weights file that belongs to another version stops the start instead of tagging nonsense."""
    np.savez(tmp_path / "old.npz", words=np.zeros((2, 6), np.int8), signals=np.zeros((1, 6), np.float32))
    with pytest.raises(WeightsError, match="another version"):
        load(tmp_path / "old.npz")
    with pytest.raises(WeightsError, match="cannot read"):
        load(tmp_path / "none.npz")


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
