"""From probabilities and cues to tags: every rule that stands between the models and what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

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
    """The models were fitted on English; of any other language only emoji and valences are believed."""
    balance: float
    """Of pleasant over unpleasant words and emoji, -1 to 1."""


_CLEAR_BALANCE = 0.45
"""Balance of about two clear emoji or rated words (2 / sqrt(4 + 15)): below, another language stays neutral."""
_QUIET = 0.05
"""Hostility of what we cannot read: not zero, because it is not known to be friendly."""
_FOREIGN_HOSTILE = 0.35
"""Angry emoji under words we cannot read: noticed, but below any threshold that counts a voice as hostile."""

_ASKING = frozenset(
    ("anyone know", "anybody know", "does anyone", "does anybody", "can anyone", "can somebody", "can someone")
)


def sentiment(evidence: Evidence) -> Sentiment:
    if not evidence.english:
        if abs(evidence.balance) < _CLEAR_BALANCE:
            return Sentiment.NEUTRAL
        return Sentiment.POSITIVE if evidence.balance > 0 else Sentiment.NEGATIVE
    return max(Sentiment, key=lambda one: evidence.probability[one.value])


def hostility(evidence: Evidence) -> float:
    """0 to 1, three decimals: would a press officer call it hostile towards the people it addresses?

    A logistic sum; what carries it is that the text is negative *and* does something to somebody (insults, blames,
    complains), so that bad news about the weather stays low. The weights are discussed in docs/methods/tagging.md.
    """
    if not evidence.english:
        return _FOREIGN_HOSTILE if evidence.balance <= -_CLEAR_BALANCE else _QUIET
    probability, cue = evidence.probability, evidence.cue
    score = (
        -3.4
        + 2.6 * probability["negative"]
        - 1.5 * probability["positive"]
        + 2.4 * probability["offensive"]
        + 1.2 * probability["complaint"]
        + 1.5 * min(cue[Cue.BLAME], 2)
        + 0.6 * min(cue[Cue.SARCASM], 1)
        - 1.0 * min(cue[Cue.CARE], 1)
        - 0.8 * min(cue[Cue.PRAISE], 1) * (cue[Cue.BLAME] == 0)
    )
    return round(1 / (1 + exp(-score)), 3)


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
    pairs = (f"{one} {two}" for one, two in zip(evidence.tokens, evidence.tokens[1:], strict=False))
    return evidence.english and any(pair in _ASKING for pair in pairs)


def complains(evidence: Evidence, felt: Sentiment) -> bool:
    if not evidence.english:
        return False
    waits = evidence.cue[Cue.WAITING] > 0 and felt is not Sentiment.POSITIVE
    return evidence.probability["complaint"] >= 0.5 or waits


def praises(evidence: Evidence, felt: Sentiment) -> bool:
    """Thanks or approval in so many words, not turned round by blame or sarcasm."""
    cue = evidence.cue
    meant = cue[Cue.BLAME] == 0 and cue[Cue.SARCASM] == 0 and cue[Cue.WAITING] == 0
    return evidence.english and felt is Sentiment.POSITIVE and cue[Cue.PRAISE] > 0 and meant
