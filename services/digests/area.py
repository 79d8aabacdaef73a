"""Which mentions belong to a policy area: by its words, or by the account that they address."""

import re
from collections.abc import Callable

from soundings.services.alerts.words import clean
from soundings.services.domain.accounts import Department, PolicyArea
from soundings.services.domain.posts import Post

Belongs = Callable[[Post], bool]


def everything(post: Post) -> bool:
    """A whole department: whatever addresses it belongs."""
    return True


def belongs_to(area: PolicyArea) -> Belongs:
    """A test for posts of the area.

    A keyword is found at the start of a word, whatever its case: `flood` finds `flooding` and `#FloodWarning`, `river`
    does not find `driver`. An account is its key (`x:envagency`) or its bare handle.
    """
    words = [r"\s+".join(map(re.escape, keyword.split())) for keyword in area.keywords if keyword.strip()]
    pattern = re.compile(r"(?<![^\W_])(?:" + "|".join(words) + ")", re.IGNORECASE) if words else None
    accounts = {account.lstrip("@").casefold() for account in area.accounts}

    def belongs(post: Post) -> bool:
        if any(key in accounts or key.partition(":")[2] in accounts for key in post.accounts):
            return True
        return pattern is not None and pattern.search(clean(post.text)) is not None

    return belongs


def find_area(department: Department, name: str) -> PolicyArea:
    """The department's policy area of that name, whatever its case.

    Raises:
        LookupError: there is none; the message lists those that there are.
    """
    for area in department.policy_areas:
        if area.name.casefold() == name.strip().casefold():
            return area
    known = ", ".join(repr(area.name) for area in department.policy_areas) or "none"
    raise LookupError(f"{department.name} has no policy area {name!r}; configured: {known}")
