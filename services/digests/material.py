"""What a digest is made of: what was read from the index, before anything is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from soundings.services.digests.area import Belongs, everything
from soundings.services.digests.counts import Past
from soundings.services.digests.week import Week
from soundings.services.domain.accounts import Department, PolicyArea
from soundings.services.domain.alerts import Alert, Notification
from soundings.services.domain.firestorms import Firestorm
from soundings.services.domain.posts import Mention, Statement
from soundings.services.domain.register import Entry
from soundings.services.domain.themes import ThemesRead, ThemeWeek
from soundings.services.domain.urgent import Urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    department: Department
    area: PolicyArea | None
    week: Week
    belongs: Belongs = everything
    mentions: tuple[Mention, ...]
    """Of the week and the area."""
    collected: Mapping[str, tuple[int, ...]]
    """Posts of the whole department by source, on each day of the week: what coverage is told from."""
    past: Past = field(default_factory=Past)
    past_sources: frozenset[str] = frozenset()
    """Sources that delivered something in the weeks before."""
    statements: tuple[Statement, ...] = ()
    """Ours, from the week's start to `answers_until`."""
    answers_until: datetime
    """Replies of ours up to here are known."""
    themes: tuple[ThemeWeek, ...] = ()
    """Of the week and the whole department, as last reported."""
    themes_before: tuple[ThemeWeek, ...] = ()
    """Of the week before."""
    themes_read: ThemesRead | None = None
    """What the report rests on; None: there is none."""
    theme_texts: Mapping[str, Mention] = field(default_factory=dict)
    """Posts that stand for the themes, by id."""
    entries: tuple[Entry, ...] = ()
    """Of the department's register of themes."""
    storms: tuple[Firestorm, ...] = ()
    storm_texts: Mapping[str, Mention | Statement] = field(default_factory=dict)
    """Triggers, statements and samples of the storms, by post id."""
    alerts: tuple[Alert, ...] = ()
    notifications: tuple[Notification, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    """Of the week and the whole department."""
    urgent_notes: tuple[Notification, ...] = ()
    """What became of them."""
    named: frozenset[str] = frozenset()
    """Handles that may stand in a quotation."""
    desk_url: str = ""

    @property
    def withheld(self) -> frozenset[str]:
        """Posts that are counted but quoted nowhere: a digest repeats no threat and nobody's cry for help."""
        return frozenset(each.post for each in self.urgent)
