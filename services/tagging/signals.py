"""A few dense features beside the n-grams: word valences with negation, cue phrases, and the look of a text."""

from collections.abc import Mapping, Sequence
from functools import cache
from math import log1p, sqrt

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from soundings.services.tagging.cues import FAMILIES, cues
from soundings.services.tagging.text import HANDLE, LINK

NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor cannot without hardly barely don't doesn't didn't isn't wasn't "
    "aren't weren't can't couldn't won't wouldn't shouldn't ain't haven't hasn't hadn't dont doesnt didnt isnt wasnt "
    "cant couldnt wont wouldnt".split()
)
_REACH = 3
"""Words after a negation that it turns; VADER looks back as far."""
_TURNED = -0.74
"""What a negation makes of a valence: VADER's own factor, fitted by its authors on rated examples."""

EMOJI: Mapping[str, float] = (
    dict.fromkeys("😀😃😄😁😊🙂😍🥰😘❤💚💙💜👍👏🙏🎉💪🤗😎🥳✨", 2.0)
    | dict.fromkeys("😂🤣😅😉", 0.4)
    | dict.fromkeys("😢😭😞😔🙁☹😟😩😫💔😱😨", -1.5)
    | dict.fromkeys("😡😠🤬👎🤮🤢💩🖕🙄🤡😤", -2.5)
)
"""Valence of the emoji most used with a feeling, on VADER's scale (-4 to 4), by our own judgement."""

SIGNALS = (
    *(
        "balance",
        "pleasant",
        "unpleasant",
        "most_pleasant",
        "most_unpleasant",
        "last",
        "any_pleasant",
        "any_unpleasant",
    ),
    *("any_negation", "negations", "questions", "any_question", "exclamations", "ellipsis", "capitals", "shouted"),
    *("link", "handle", "handle_first", "length", "tag", "quotation", "number", "second_person", "first_person"),
    *(f"cue_{family.value}" for family in FAMILIES),
)
_SECOND = frozenset("you your yours yourselves yourself u ur".split())
_FIRST = frozenset("i my me we our us i'm i've we're we've".split())


@cache
def valences() -> Mapping[str, float]:
    """Word to valence, -4 to 4: VADER's lexicon (MIT), and `EMOJI`."""
    return {**SentimentIntensityAnalyzer().lexicon, **EMOJI}


def signals(cleaned: str, normalised: str, tokens: Sequence[str], lexicon: Mapping[str, float]) -> list[float]:
    """The features named by `SIGNALS`, of one text; every one is finite."""
    words = max(len(tokens), 1)
    pleasant = unpleasant = most = least = last = 0.0
    turned_until = -1
    negations = second = first = 0
    for position, token in enumerate(tokens):
        if token in NEGATIONS:
            negations += 1
            turned_until = position + _REACH
        elif (valence := lexicon.get(token)) is not None:
            last = valence * _TURNED if position <= turned_until else valence
            if last > 0:
                pleasant += last
                most = max(most, last)
            else:
                unpleasant -= last
                least = min(least, last)
        if token in _SECOND:
            second += 1
        elif token in _FIRST:
            first += 1
    balance = pleasant - unpleasant
    questions = min(cleaned.count("?"), 4)
    capitals, shouted = _capitals(cleaned)
    return [
        # VADER's own squashing: 15 is its authors' guess at the largest sum that occurs.
        balance / sqrt(balance * balance + 15),
        pleasant / sqrt(words),
        unpleasant / sqrt(words),
        most,
        least,
        last,
        float(pleasant > 0),
        float(unpleasant > 0),
        float(negations > 0),
        min(negations, 3),
        questions,
        float(questions > 0),
        min(cleaned.count("!"), 4),
        float("..." in normalised),
        capitals,
        shouted,
        float(LINK in normalised),
        float(HANDLE in normalised),
        float(normalised.startswith(HANDLE)),
        log1p(words),
        float("#" in normalised),
        float('"' in normalised),
        float("0" in normalised),
        float(second > 0),
        float(first > 0),
        *(min(found, 2) for found in cues(tokens)),
    ]


def emoji_balance(tokens: Sequence[str]) -> float:
    """Of pleasant over unpleasant emoji, -1 to 1, for texts whose words are not in the lexicon's language.

    Words would mislead: "die" is among the worst of the English lexicon and the commonest in German.
    """
    balance = sum(EMOJI.get(token, 0.0) for token in tokens)
    return balance / sqrt(balance * balance + 15)


def _capitals(cleaned: str) -> tuple[float, int]:
    """Share of words all in capitals, and how many have three letters or more (at most 4)."""
    words = cleaned.split()
    loud = [word for word in words if word.isupper()]
    return len(loud) / max(len(words), 1), min(sum(len(word) > 2 and word[0] != "@" for word in loud), 4)
