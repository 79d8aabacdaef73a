"""What a theme's texts say in the same words where they name nothing: `And who is to pay?`"""

from collections import Counter
from collections.abc import Sequence

from soundings.services.themes.phrases import edge, plain
from soundings.services.themes.telling import CHANCE
from soundings.services.themes.titles import TITLE_WORDS
from soundings.services.themes.words import clean


def saying(texts: Sequence[Sequence[str]]) -> tuple[str, int]:
    """The run of up to TITLE_WORDS words that most texts hold, the longer the better, as most write it, and how many
    hold it; empty if no text says anything.

    Args:
        texts: as `pieces` reads them.
    """
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for found in texts:
        runs = [found[a:b] for a in range(len(found)) for b in range(a + 1, min(a + TITLE_WORDS, len(found)) + 1)]
        for form in {" ".join(run) for run in runs if all(run) and any(map(edge, run))}:
            if len(clean(form).split()) <= TITLE_WORDS:
                counts[plain(form)] += 1
                forms.setdefault(plain(form), Counter())[form] += 1
    if not counts:
        return "", 0
    best = min(counts, key=lambda name: (counts[name] < 2 or " " not in name, -_worth(name, counts[name]), name))
    return min(forms[best], key=lambda form: (-forms[best][form], form)), counts[best]


def _worth(name: str, texts: int) -> float:
    return (texts - CHANCE) * len(name.split())
