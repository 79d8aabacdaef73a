"""Posts that cannot wait for a firestorm: somebody's life is at risk, or staff are threatened.

They go to a person at once, whatever the volume, so a false one costs trust. The rules ask for three things in one
sentence: who (a person, not a swan), what is happening, and that it is happening now; and they stand back where the
sentence is advice, news, an exercise, a story from the past or a figure of speech. What they miss, and how they were
checked: docs/methods/tagging.md.
"""

import re
from dataclasses import dataclass

from soundings.services.domain.urgent import UrgencyKind
from soundings.services.tagging.text import clean, normalise
from soundings.services.tagging.urgent_rules import ASIDE, RULES, Rule

__all__ = ["Urgency", "UrgencyKind", "urgency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    kind: UrgencyKind
    reason: str
    """What was seen, in plain words; never a quotation."""


_STEMS = (
    *("trapped", "stranded", "marooned", "stuck", "cut off", "rescu", "save ", "waiting to be", "evacuating", "a boat"),
    *("lifeboat", "helicopter", "coastguard", "fallen", "fell ", "gone ", "jumped", "swept", "struggling", "clinging"),
    *("in difficulty", "drowning", "unconscious", "not breathing", "heart attack", "myself", "my life", "my own life"),
    *("end it all", "ending it all", "to die", "suicid", "to be alive", "to live", "to be here", "off dead", "himself"),
    *("herself", "themselves", "own li", "their li", "his li", "her li", "threaten", "kill", "shoot", "shot", "stab"),
    *(
        "murder",
        "lynch",
        "behead",
        "bomb",
        "batter",
        "strangle",
        "torch",
        "string up",
        "strung up",
        "kneecap",
        "hanged",
    ),
    *("hung", "against a wall", "burn", "hope you", "where you", "where he", "where she", "where they", "your back"),
    *("get out", "get upstairs", "get downstairs", "to safety", "still in", "roof"),
    *("blow", "smash up", "knife", "gun", "machete", "axe", "baseball bat", "hammer", "petrol"),
)
"""Every rule needs one of these; most posts hold none and are done after a few microseconds."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\.{3}")


def urgency(text: str) -> Urgency | None:
    """Whether somebody should read this post now, and why; None for nearly all. Never raises; English only."""
    cleaned = clean(text)
    lowered = cleaned.lower()
    if not any(stem in lowered for stem in _STEMS):
        return None
    whole = normalise([cleaned])[0]
    for sentence in _SENTENCE.split(whole):
        for rule in RULES:
            if _met(rule, sentence, whole):
                return Urgency(kind=rule.kind, reason=rule.reason)
    return None


def _met(rule: Rule, sentence: str, whole: str) -> bool:
    if not rule.seen.search(sentence) or (rule.unless is not None and rule.unless.search(sentence)):
        return False
    if rule.needs is not None and not rule.needs.search(whole):
        return False
    return not (rule.stands_back and ASIDE.search(sentence))
