"""From probabilities and cues to tags: every rule that stands between the models and what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from soundings.services.domain.posts import Sentiment, SpeechAct
from soundings.services.tagging.cues import Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one text before it is judged."""

    probability: Mapping[str, float]
    """By head of the model."""
    cue: Mapping[Cue, float]
    """How often each family of phrases was met, at most 2."""
    question_marks: int
    tokens: Sequence[str]
    english: bool
    """The models were fitted on English; of any other language only emoji are believed."""
    addressed: bool
    """Says "you"."""
    emoji: float
    """Balance of pleasant over unpleasant emoji, -1 to 1; 0 for English, where the models have seen them."""


_CLEAR = 0.45
"""A single clear emoji has 2 / sqrt(4 + 15): below, another language stays neutral."""
_QUIET = 0.05
"""Hostility of what we cannot read: not zero, because it is not known to be friendly."""
_FOREIGN_HOSTILE = 0.35
"""Angry emoji under words we cannot read: noticed, but below any threshold that counts a voice as hostile."""

_NOTHING_SEEN = -0.6
"""Log-odds of hostility where models and phrases say nothing: about one in seven once the undecided signs are in."""

_COMPLAINT = 0.4
"""The cut that serves F1 best lies at half the F1 that is reached, .77 (Lipton and others, 2014); at .5 it was .75."""

_ASKED = frozenset(("anyone", "anybody", "someone", "somebody"))
_ASKING = frozenset(
    [*((who, "know") for who in _ASKED), *((how, who) for who in _ASKED for how in ("does", "can", "could", "has"))]
)


def sentiment(evidence: Evidence) -> Sentiment:
    if not evidence.english:
        if abs(evidence.emoji) < _CLEAR:
            return Sentiment.NEUTRAL
        return Sentiment.POSITIVE if evidence.emoji > 0 else Sentiment.NEGATIVE
    felt = max(Sentiment, key=lambda one: evidence.probability[one.value])
    # "Thanks for nothing": the words are glad, the phrase is not.
    return Sentiment.NEGATIVE if felt is Sentiment.POSITIVE and evidence.cue[Cue.SARCASM] > 0 else felt


def hostility(evidence: Evidence) -> float:
    """0 to 1, three decimals: would a press officer call it hostile towards the people it addresses?

    A logistic sum, so that several weak signs add up and no sign alone decides: bad news about the weather is negative
    but neither insults, blames nor complains. The weights are rounded from a fit on 492 posts to a public body that we
    read and judged (docs/methods/tagging.md); the sum gives about the share of posts that we called hostile.
    """
    if not evidence.english:
        return _FOREIGN_HOSTILE if evidence.emoji <= -_CLEAR else _QUIET
    probability, cue = evidence.probability, evidence.cue
    blamed = min(cue[Cue.BLAME], 2)
    mocking = cue[Cue.SARCASM] > 0 or (cue[Cue.PRAISE] > 0 and (blamed > 0 or cue[Cue.WAITING] > 0))
    score = (
        _NOTHING_SEEN
        + 0.12 * _logit(probability["negative"])
        + 0.40 * _logit(probability["offensive"])
        + 0.25 * _logit(probability["complaint"])
        + 1.5 * blamed
        + 0.4 * min(cue[Cue.INSULT], 2)
        + 0.3 * evidence.addressed
        + 0.5 * mocking
        - 0.5 * (cue[Cue.CARE] > 0)
        - 0.6 * (cue[Cue.PRAISE] > 0 and not mocking)
    )
    return round(1 / (1 + exp(-score)), 3)


def _logit(probability: float) -> float:
    # A model is never surer than one in a thousand here: beyond that it only knows its own training posts better.
    bounded = min(max(probability, 0.001), 0.999)
    return log(bounded / (1 - bounded))


def offensive(evidence: Evidence) -> bool:
    return evidence.english and evidence.probability["offensive"] >= 0.5


def acts(evidence: Evidence, felt: Sentiment) -> tuple[SpeechAct, ...]:
    """What somebody does by posting, in the order of the enum; OTHER alone where nothing is seen."""
    done = {
        SpeechAct.QUESTION: asks(evidence),
        SpeechAct.COMPLAINT: complains(evidence, felt),
        SpeechAct.SUGGESTION: evidence.english and evidence.probability["suggestion"] >= 0.5,
        SpeechAct.PRAISE: praises(evidence, felt),
        SpeechAct.REPORT: evidence.english and evidence.cue[Cue.REPORT] > 0,
    }
    return tuple(act for act in SpeechAct if done.get(act)) or (SpeechAct.OTHER,)


def asks(evidence: Evidence) -> bool:
    """A question mark, in any script, or the ways people ask without one."""
    if evidence.question_marks:
        return True
    tokens = evidence.tokens
    if not evidence.english or _ASKED.isdisjoint(tokens):
        return False
    return any(pair in _ASKING for pair in zip(tokens, tokens[1:], strict=False))


def complains(evidence: Evidence, felt: Sentiment) -> bool:
    """The model says so, or something owed has not come and nobody is glad of it; advice to others is no complaint."""
    if not evidence.english:
        return False
    waits = evidence.cue[Cue.WAITING] > 0 and felt is not Sentiment.POSITIVE
    return waits or (evidence.probability["complaint"] >= _COMPLAINT and evidence.cue[Cue.CARE] == 0)


def praises(evidence: Evidence, felt: Sentiment) -> bool:
    """Thanks or approval in so many words, not turned round by blame or sarcasm."""
    cue = evidence.cue
    meant = cue[Cue.BLAME] == 0 and cue[Cue.SARCASM] == 0 and cue[Cue.WAITING] == 0
    return evidence.english and felt is Sentiment.POSITIVE and cue[Cue.PRAISE] > 0 and meant
