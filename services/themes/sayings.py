"""What a theme's texts say in the same words where they name nothing: `And who is to pay?`"""

from collections import Counter
from collections.abc import Iterator, Sequence

from soundings.services.themes.phrases import edge, plain
from soundings.services.themes.telling import CHANCE
from soundings.services.themes.titles import TITLE_WORDS
from soundings.services.themes.words import clean


def saying(texts: Sequence[Sequence[str]]) -> tuple[str, int]:
    """Around the word that most texts hold, the run of up to TITLE_WORDS words that most hold, the longer the better,
    as most write it, and how many hold it; empty if no text says anything.

    Args:
        texts: as `pieces` reads them.
    """
    held = Counter(word for found in texts for word in {plain(piece) for piece in found if edge(piece)})
    if not held:
        return "", 0
    core = min(held, key=lambda word: (-held[word], word))
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for found in texts:
        for form in set(_runs(found, core)):
            counts[plain(form)] += 1
            forms.setdefault(plain(form), Counter())[form] += 1
    best = min(counts, key=lambda name: (counts[name] < 2 or " " not in name, -_worth(name, counts[name]), name))
    return min(forms[best], key=lambda form: (-forms[best][form], form)), counts[best]


def _runs(found: Sequence[str], core: str) -> Iterator[str]:
    for at, piece in enumerate(found):
        if plain(piece) != core:
            continue
        for start in range(at, max(at - TITLE_WORDS, -1), -1):
            if not found[start]:
                break
            for end in range(at + 1, min(start + TITLE_WORDS, len(found)) + 1):
                if not found[end - 1]:
                    break
                form = " ".join(found[start:end])
                if "#" not in form or end == start + 1 or len(clean(form).split()) <= TITLE_WORDS:
                    yield form


def _worth(name: str, texts: int) -> float:
    return (texts - CHANCE) * len(name.split())
