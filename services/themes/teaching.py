"""What people decided about themes, taught to the engine: the machine never undoes it."""

import numpy as np

from soundings.services.domain.register import Teaching
from soundings.services.themes.engine import ThemeEngine
from soundings.services.themes.micro import FREE


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
    slots = np.flatnonzero(meant)
    for slot in slots:
        if micro.theme[slot] != into:
            engine.lineage.moved(int(micro.names[slot]), into)
    micro.bound[slots] = into
    themes = micro.theme[:live].copy()
    themes[slots] = into
    micro.name_themes(themes)
    return len(slots)


def number_of_theme(engine: ThemeEngine, theme: str) -> int:
    before = f"{engine.stream}:" if engine.stream else "t"
    number = theme.removeprefix(before)
    if not theme.startswith(before) or not number.isdigit() or int(number) >= engine.next_theme:
        raise ValueError(f"{theme!r} is no theme of {engine.stream or 'this stream'}")
    return int(number)
