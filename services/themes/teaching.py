"""What people decided about themes, taught to the engine: the machine never undoes it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from soundings.services.domain.register import Teaching
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.micro import FREE
from soundings.services.themes.words import clean, words

PERSONS = 10**9
"""Numbers of themes from here on are given by people, to the parts of a split: the engine, counting up from 0 with one
for a new matter at most every few posts, never comes this far."""

KNOWN_BY = 0.1
"""Share of a micro-cluster's weight from which it speaks of a word: a post is a unit vector, in which a word that says
something weighs .2 to .5, so that about half of the posts or more hold it."""


def teach(engine: ThemeEngine, teaching: Teaching) -> int:
    """Holds micro-clusters in a theme from now on. Teaching the same again changes nothing.

    Returns:
        How many micro-clusters it concerned: 0 if the theme has been forgotten meanwhile.

    Raises:
        ValueError: an id is not one of this stream's.
    """
    theme, into = number_of_theme(engine, teaching.theme), number_of_theme(engine, teaching.belongs_to)
    micro, live = engine.micro, engine.micro.live
    meant = (micro.theme[:live] == theme) | (micro.bound[:live] == theme)
    if teaching.micro_clusters is not None:
        meant &= np.isin(micro.names[:live], np.array(teaching.micro_clusters, dtype=np.int64))
    else:
        # What an earlier split holds elsewhere stays there.
        meant &= (micro.bound[:live] == FREE) | (micro.bound[:live] == theme)
    if teaching.words:
        meant &= speaks_of(engine, teaching.words)
    slots = np.flatnonzero(meant)
    for slot in slots:
        if micro.theme[slot] != into:
            engine.lineage.moved(int(micro.names[slot]), into)
    micro.bound[slots] = into
    themes = micro.theme[:live].copy()
    themes[slots] = into
    micro.name_themes(themes)
    return len(slots)


def speaks_of(engine: ThemeEngine, known_by: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Of each micro-cluster, whether its posts hold these words."""
    micro, live = engine.micro, engine.micro.live
    held = engine.reader.vocabulary.rows
    asked = {word for words_ in known_by for word in words(clean(words_))}
    rows = sorted(held[word] for word in asked if word in held)
    weight = micro.words[rows, :live].sum(axis=0) / micro.mass[:live]
    return np.asarray(weight >= KNOWN_BY)


def number_of_theme(engine: ThemeEngine, theme: str) -> int:
    before = f"{engine.stream}:" if engine.stream else "t"
    number = theme.removeprefix(before)
    if not theme.startswith(before) or not number.isdigit() or engine.next_theme <= int(number) < PERSONS:
        raise ValueError(f"{theme!r} is no theme of {engine.stream or 'this stream'}")
    return int(number)
