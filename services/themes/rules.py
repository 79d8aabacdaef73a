"""Rules over a whole set of themes, each with its rationale. What they keep back is told, with the reason."""

from collections.abc import Sequence

from soundings.services.domain.themes import LeftOut, Theme

LEAST_SUPPORT = 5
"""Posts and reposts: fewer are remarks, not something that people keep saying."""
LEAST_VOICES = 2
"""One person, however insistent, is correspondence."""
SAME_TITLE = 0.7
"""Share of title words in common (Jaccard) above which a reader takes two themes for one."""


def kept(themes: Sequence[Theme]) -> tuple[tuple[Theme, ...], tuple[LeftOut, ...]]:
    """The themes that a report shows, strongest first, and those it leaves out. Order of input does not matter."""
    ranked = sorted(themes, key=lambda theme: (-theme.evidence.voices, -theme.evidence.support, theme.id))
    shown: list[Theme] = []
    left: list[LeftOut] = []
    for theme in ranked:
        reason = _too_small(theme) or _told_already(theme, shown)
        if reason is None:
            shown.append(theme)
        else:
            left.append(LeftOut(id=theme.id, rule=reason[0], reason=reason[1], support=theme.evidence.support))
    return tuple(shown), tuple(left)


def _too_small(theme: Theme) -> tuple[str, str] | None:
    evidence = theme.evidence
    if evidence.support < LEAST_SUPPORT:
        return "none tiny", f"{evidence.support} posts, at least {LEAST_SUPPORT} are needed"
    # No voices at all means that the source does not tell who wrote.
    if 0 < evidence.voices < LEAST_VOICES:
        return "none of one voice", "one person wrote all of it"
    if not theme.title:
        return "none without words", "no phrase stands for it"
    return None


def _told_already(theme: Theme, shown: Sequence[Theme]) -> tuple[str, str] | None:
    mine = title_words(theme.title)
    for other in shown:
        theirs = title_words(other.title)
        if mine and len(mine & theirs) / len(mine | theirs) >= SAME_TITLE:
            return "no two titles alike", f"reads like {other.id}, which has more voices"
    return None


def title_words(title: str) -> frozenset[str]:
    return frozenset(title.casefold().replace("#", "").replace(",", "").split())
