"""What people decided about themes: the *You said, we did* record. What the machine proposes is a Theme (themes.py)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """A theme without an entry is a candidate."""

    ADOPTED = "adopted"
    MERGED = "merged"
    SPLIT = "split"
    DISCARDED = "discarded"


class Progress(StrEnum):
    HEARD = "heard"
    LOOKED_AT = "being looked at"
    ANSWERED = "answered"
    CHANGED = "changed"
    WILL_NOT_CHANGE = "will not change"


class ChangeKind(StrEnum):
    POLICY = "policy"
    DELIVERY = "delivery"
    LEGISLATION = "legislation"
    COMMUNICATION = "communication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed after what people said."""

    kind: ChangeKind
    what: str
    link: str
    """Address of the page that shows it."""


class Action(StrEnum):
    ADOPTED = "adopted"
    RENAMED = "renamed"
    TOOK_IN = "took in"
    MERGED = "merged"
    SPLIT = "split"
    SPLIT_OFF = "split off"
    DISCARDED = "discarded"
    ADVANCED = "advanced"
    HANDED_OVER = "handed over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision of one person. Steps are only ever added."""

    at: datetime
    who: str
    action: Action
    note: str
    """Why; never empty, for the next official will ask."""
    title: str | None = None
    area: str | None = None
    owner: str | None = None
    progress: Progress | None = None
    change: Change | None = None
    themes: tuple[str, ...] = ()
    """The other themes concerned: merged into, taken in, split into, split from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A theme that a person has decided about, with its full history, oldest step first."""

    theme: str
    """Id of the theme."""
    department: str
    title: str
    standing: Standing
    area: str = ""
    owner: str = ""
    progress: Progress | None = None
    """None unless adopted."""
    into: tuple[str, ...] = ()
    """Merged: the theme that goes on. Split: its parts."""
    words: tuple[str, ...] = ()
    """Of a part that was split off: the words that its posts are known by; none: it has the rest."""
    history: tuple[Step, ...]

    @property
    def version(self) -> int:
        """Rises with every step: a writer who read an older version must read again."""
        return len(self.history)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """What a decision teaches later assignment: these posts belong to this theme, whatever their words suggest."""

    theme: str
    """The theme whose micro-clusters are meant."""
    belongs_to: str
    """The theme that they belong to from now on; the same id holds an adopted theme together."""
    micro_clusters: tuple[int, ...] | None = None
    """Only these of the theme (a split); None: all."""
    words: tuple[str, ...] = ()
    """Only what speaks of one of these (a split); none: all that nothing else holds."""
